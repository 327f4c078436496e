import { setImmediate as turn } from 'node:timers/promises'
import type { Loaded } from '../../config/load.ts'
import { createBallot } from '../../decode/currency/ballot.ts'
import { trustAheadMs } from '../../ingest/ingest-record.ts'
import type { ReadCounts } from '../../ingest/tally.ts'
import type { FileSource } from '../../source/file.ts'
import { readNewest } from '../../source/kafka/newest.ts'
import { createRangeSource } from '../../source/kafka/range.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { ClosedWindow } from '../../window/types.ts'
import { createBackfill } from '../backfill.ts'
import { type BackfillWriter, type BackfillWriterCounts, createBackfillWriter } from '../backfill-writer.ts'
import { createHeldLines, learnedOf, recallCurrency } from '../held-lines.ts'
import { createReplay } from '../replay.ts'
import { buildStages, type Stages } from './stages.ts'

/** Windows before the range that are read too: they decide what is late at its beginning. */
const leadWindows = 10
/** Of each topic, to learn the currency from. */
const newestRecords = 5_000

interface BackfillRead extends ReadCounts {
  /** From here on the live pipeline stores the windows, in milliseconds since the epoch. */
  readonly liveFrom: number | undefined
}

/** Reads the past from a file or from topics. */
interface BackfillReader {
  read(writer: BackfillWriter): Promise<BackfillRead>
  /** From 0 to 1; undefined where it is not known. */
  progress(): number | undefined
  close(): Promise<void>
}

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
  const { loaded, store, file, log } = parts
  const { pipeline, windows } = loaded.config
  const stages = buildStages(loaded.config, log)
  const { sizeMs } = windows
  const fromMs = Math.ceil((parts.fromMs ?? Number.NEGATIVE_INFINITY) / sizeMs) * sizeMs
  const toMs = Math.floor((parts.toMs ?? Number.POSITIVE_INFINITY) / sizeMs) * sizeMs
  const reader =
    file === undefined ? topicsReader(parts, stages, fromMs, toMs) : fileReader(parts, file, stages)
  const writer = createBackfillWriter({ store, pipeline, fromMs, toMs })

  return {
    async run() {
      await store.migrate()
      await recallCurrency(stages.shop, store, pipeline)
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

function fileReader(
  { loaded, store, clock }: BackfillParts,
  file: FileSource,
  { shop, windows, decode, undecided, evaluate }: Stages
): BackfillReader {
  return {
    async read(writer) {
      const onWindow = (window: ClosedWindow) => writer.push(evaluate(window))
      const replay = createReplay({ windows, decode, onWindow })
      const held = createHeldLines({ shop, undecided: undecided(undefined), take: replay.take })
      await file.read(held.take, () => settle(writer))
      held.end()
      replay.end()
      const choice = held.choice()
      if (choice !== undefined)
        await store.insertLearnedCurrency(loaded.config.pipeline, learnedOf(choice, clock.now()))
      const { events, late, dead, skipped } = replay.counts()
      return { events, late, dead, skipped, liveFrom: undefined }
    },
    progress() {
      const { bytesRead, bytesTotal } = file.progress()
      return bytesTotal === undefined ? undefined : bytesRead / Math.max(1, bytesTotal)
    },
    close: async () => {}
  }
}

function topicsReader(
  { loaded, store, clock, log }: BackfillParts,
  { shop, windows, decodeOf, undecided, evaluate }: Stages,
  fromMs: number,
  toMs: number
): BackfillReader {
  const source = createRangeSource({ ...loaded.config.kafka, clock, log })
  let progress: () => number | undefined = () => undefined

  /** By the newest purchases: the past is to be in the currency of the present. */
  async function learnFromTopics(): Promise<void> {
    const { kafka, pipeline } = loaded.config
    const ballot = createBallot()
    for (const topic of kafka.topics) {
      const decode = undecided(topic)
      for (const { value, headers } of await readNewest({ ...kafka, clock, log }, topic, newestRecords))
        ballot.add(decode(value, headers))
    }
    const choice = ballot.finalChoice()
    await store.insertLearnedCurrency(pipeline, learnedOf(choice, clock.now()))
    shop.settle(choice.code)
    log.info({ currency: choice.code }, choice.sentence)
  }

  return {
    async read(writer) {
      if (!shop.isKnown()) await learnFromTopics()
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
