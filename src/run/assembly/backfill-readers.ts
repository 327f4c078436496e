import { setImmediate as turn } from 'node:timers/promises'
import type { Config } from '../../config/schema.ts'
import { trustAheadMs } from '../../ingest/ingest-record.ts'
import type { ReadCounts } from '../../ingest/tally.ts'
import type { FileSource } from '../../source/file.ts'
import { createRangeSource } from '../../source/kafka/range.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { ClosedWindow } from '../../window/types.ts'
import { createBackfill } from '../backfill.ts'
import type { BackfillWriter } from '../backfill-writer.ts'
import { createReplay } from '../replay.ts'
import type { Stages } from './stages.ts'

/** Windows before the range that are read too: they decide what is late at its beginning. */
const leadWindows = 10

export interface BackfillRead extends ReadCounts {
  /** From here on the live pipeline stores the windows, in milliseconds since the epoch. */
  readonly liveFrom: number | undefined
}

/** Reads the past from a file or from topics. */
export interface BackfillReader {
  read(writer: BackfillWriter): Promise<BackfillRead>
  /** From 0 to 1; undefined where it is not known. */
  progress(): number | undefined
  close(): Promise<void>
}

export function fileReader(file: FileSource, { windows, decode, evaluate }: Stages): BackfillReader {
  return {
    async read(writer) {
      const onWindow = (window: ClosedWindow) => writer.push(evaluate(window))
      const replay = createReplay({ windows, decode, onWindow })
      await file.read(
        (line, lineNumber) => replay.take(line, lineNumber),
        () => settle(writer)
      )
      replay.end()
      const { events, late, dead } = replay.counts()
      return { events, late, dead, liveFrom: undefined }
    },
    progress() {
      const { bytesRead, bytesTotal } = file.progress()
      return bytesTotal === undefined ? undefined : bytesRead / Math.max(1, bytesTotal)
    },
    close: async () => {}
  }
}

export interface TopicsReaderParts {
  readonly kafka: Config['kafka']
  readonly stages: Stages
  readonly fromMs: number
  readonly toMs: number
  readonly clock: Clock
  readonly log: Logger
}

export function topicsReader({ kafka, stages, fromMs, toMs, clock, log }: TopicsReaderParts): BackfillReader {
  const { windows, decodeOf, evaluate } = stages
  const source = createRangeSource({ ...kafka, clock, log })
  let progress: () => number | undefined = () => undefined

  return {
    async read(writer) {
      const leadMs = trustAheadMs + windows.graceMs + leadWindows * windows.sizeMs
      const sinceMs = Number.isFinite(fromMs) ? fromMs - leadMs : undefined
      const askedAt = clock.now()
      const { starts, doneUntil } = await source.starts({ sinceMs, trustAheadMs })
      const untilMs = Math.min(toMs, doneUntil ?? Number.POSITIVE_INFINITY)
      const backfill = createBackfill({
        windows,
        decodeOf,
        starts,
        askedAt,
        untilMs,
        onWindow: window => writer.push(evaluate(window)),
        settle: () => settle(writer)
      })
      progress = () => {
        const at = backfill.closedUntil()
        if (at === undefined || !Number.isFinite(fromMs)) return undefined
        return Math.max(0, (at - fromMs) / (Math.min(untilMs, askedAt) - fromMs))
      }
      await source.read(backfill)
      return { ...backfill.counts(), liveFrom: doneUntil }
    },
    progress: () => progress(),
    close: source.stop
  }
}

async function settle(writer: BackfillWriter): Promise<void> {
  if (writer.isFull()) await writer.flush()
  else await turn()
}
