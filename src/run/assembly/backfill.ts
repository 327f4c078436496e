import type { Loaded } from '../../config/load.ts'
import type { FileSource } from '../../source/file.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { type BackfillWriterCounts, createBackfillWriter } from '../backfill-writer.ts'
import { type BackfillRead, type BackfillReader, fileReader, topicsReader } from './backfill-readers.ts'
import { buildStages } from './stages.ts'

export interface BackfillParts {
  readonly loaded: Loaded
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  /** Undefined reads the topics of the configuration. */
  readonly file: FileSource | undefined
  /** Windows within [fromMs, toMs) are filled in; undefined is without a bound. */
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
}

export interface BackfillRun {
  /** Reads and stores; what was stored stays where it rejects. */
  run(): Promise<BackfillSummary>
  progress: BackfillReader['progress']
  close(): Promise<void>
}

export interface BackfillSummary extends BackfillRead, BackfillWriterCounts {}

/** Puts a backfill together: the stages of the configuration up to the metrics, and the store. Nothing is judged. */
export function buildBackfill(parts: BackfillParts): BackfillRun {
  const { loaded, store, file, clock, log } = parts
  const { pipeline, windows, kafka } = loaded.config
  const stages = buildStages(loaded.config, log)
  const { sizeMs } = windows
  const fromMs = Math.ceil((parts.fromMs ?? Number.NEGATIVE_INFINITY) / sizeMs) * sizeMs
  const toMs = Math.floor((parts.toMs ?? Number.POSITIVE_INFINITY) / sizeMs) * sizeMs
  const reader =
    file === undefined ? topicsReader({ kafka, stages, fromMs, toMs, clock, log }) : fileReader(file, stages)
  const writer = createBackfillWriter({ store, pipeline, fromMs, toMs })

  return {
    async run() {
      await store.migrate()
      const read = await reader.read(writer)
      await writer.flush()
      return { ...read, ...writer.counts() }
    },
    progress: reader.progress,
    async close() {
      await reader.close()
      await store.close()
    }
  }
}
