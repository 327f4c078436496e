import { setImmediate as turn } from 'node:timers/promises'
import { isOfPipeline } from '../../detectors/kind-of.ts'
import type { Backlog } from '../selfcheck/types.ts'
import { reasonOf, type StoreFault } from '../store/reasons.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { compress } from './compressed.ts'
import type { Decision } from './decision.ts'

/** Judgements written together: some thousands of rows, so that one insert stays short. */
const batchJudgements = 250
const firstRetryMs = 500
const lastRetryMs = 15_000
/** Judgements packed in one go, a millisecond each. */
const packedAtOnce = 10

export interface StoreWriterOptions {
  readonly store: Pick<
    Store,
    'migrate' | 'insertWindows' | 'insertAnomalies' | 'insertNotifications' | 'insertIncidents'
  >
  readonly pipeline: string
  readonly clock: Clock
  readonly log: Logger
  /** Windows that end at or before it are done: rows, anomalies and notifications are stored. */
  readonly onDone: (until: number) => void
  readonly onInsert?: (durationMs: number) => void
}

export interface StoreWriter {
  /** Queues a judgement; resolves once it is stored, never if it is discarded before. */
  push(judgement: Decision): Promise<void>
  size(): number
  /** The windows among what is queued. */
  windows(): number
  /** Why nothing is stored at the moment; undefined while all is well. */
  failure(): StoreFault | undefined
  /** Behind a failure: whether what waited is still being written, and how many windows of it are. */
  backlog(): Backlog
  /** How long the write under way has taken so far, or else the last one. */
  writeMs(): number
  /** Forgets what is queued, for it is not ours any more, but for what is of this line itself: nobody else knows it. */
  discard(): void
  /** Resolves true once the queue is empty, false after `timeoutMs`. */
  drain(timeoutMs: number): Promise<boolean>
}

interface Queued {
  /** Packed where the store fails. */
  judgement: () => Decision
  isPacked: boolean
  readonly windowEnd: number | undefined
  readonly isOfTheLine: boolean
  readonly stored: () => void
}

/** Stores judgements in their order, and for each its rows, its anomalies, then its notifications; retries for ever. */
export function createStoreWriter({
  store,
  pipeline,
  clock,
  log,
  onDone,
  onInsert
}: StoreWriterOptions): StoreWriter {
  let queue: Queued[] = []
  let working = false
  let failure: StoreFault | undefined
  let failingSince = 0
  // Of the last failure: what of the queue waited when it was over, and windows written of that.
  let lateLeft = 0
  let lateWindows = 0
  let writingSince: number | undefined
  let lastWriteMs = 0
  let generation = 0
  let idle: (() => void)[] = []
  let endWait: () => void = () => {}

  async function work(): Promise<void> {
    if (working) return
    working = true
    let retryMs = firstRetryMs
    while (queue.length > 0) {
      const own = generation
      const batch = queue.slice(0, batchJudgements)
      const begun = clock.now()
      writingSince = begun
      try {
        await write(batch.map(({ judgement }) => judgement()))
        measure(begun)
        onInsert?.(lastWriteMs)
        if (failure !== undefined) {
          lateLeft = queue.length
          log.info({ waiting: queue.length }, 'the store takes rows again')
        }
        failure = undefined
        retryMs = firstRetryMs
      } catch (error) {
        measure(begun)
        if (own !== generation) continue
        fail(error, begun)
        await packQueue()
        if (failure?.reason === 'tables_missing') await makeTables()
        if (own === generation)
          await Promise.race([
            clock.sleep(retryMs),
            new Promise<void>(resolve => {
              endWait = resolve
            })
          ])
        retryMs = own === generation ? Math.min(retryMs * 2, lastRetryMs) : firstRetryMs
        continue
      }
      if (own !== generation) continue
      queue = queue.slice(batch.length)
      if (lateLeft > 0) lateWindows += windowsOf(batch)
      lateLeft = Math.max(0, lateLeft - batch.length)
      for (const { stored } of batch) stored()
      const until = batch.findLast(({ windowEnd }) => windowEnd !== undefined)?.windowEnd
      if (until !== undefined) onDone(until)
    }
    working = false
    for (const done of idle) done()
    idle = []
  }

  function measure(begun: number): void {
    writingSince = undefined
    lastWriteMs = clock.now() - begun
  }

  function fail(cause: unknown, begun: number): void {
    const error = messageOf(cause)
    const reason = reasonOf(cause)
    if (failure?.error !== error)
      log.error({ reason, error, waiting: queue.length }, 'the store takes no rows: windows wait in memory')
    // One that fails again before all that waited is written has not been well.
    if (failure === undefined && lateLeft === 0) {
      failingSince = begun
      lateWindows = 0
    }
    failure = { reason, error, since: failingSince }
  }

  async function packQueue(): Promise<void> {
    for (const [index, queued] of queue.entries()) {
      if (queued.isPacked) continue
      queued.judgement = compress(queued.judgement())
      queued.isPacked = true
      if ((index + 1) % packedAtOnce === 0) await turn()
    }
  }

  /** Somebody dropped them: what was in them is gone, what waits is not. */
  async function makeTables(): Promise<void> {
    try {
      const migrations = await store.migrate()
      log.warn({ migrations }, 'tables of the store were missing and are made anew')
    } catch (error) {
      log.error({ error: messageOf(error) }, 'tables of the store are missing and cannot be made')
    }
  }

  async function write(judgements: readonly Decision[]): Promise<void> {
    const windows = judgements.flatMap(({ window }) => window ?? [])
    const anomalies = judgements.flatMap(one => one.anomalies)
    const notifications = judgements.flatMap(one => one.notifications)
    const incidents = judgements.flatMap(one => one.incidents)
    if (windows.length > 0) await store.insertWindows(pipeline, windows)
    if (anomalies.length > 0) await store.insertAnomalies(anomalies)
    if (notifications.length > 0) await store.insertNotifications(notifications)
    if (incidents.length > 0) await store.insertIncidents(incidents)
  }

  return {
    push: judgement =>
      new Promise(stored => {
        const isPacked = failure !== undefined
        queue.push({
          judgement: isPacked ? compress(judgement) : () => judgement,
          isPacked,
          windowEnd: judgement.window?.end,
          isOfTheLine: isOfTheLine(judgement),
          stored
        })
        void work()
      }),
    size: () => queue.length,
    windows: () => windowsOf(queue),
    failure: () => failure,
    backlog: () => ({ isDraining: lateLeft > 0, writtenWindows: lateWindows }),
    writeMs: () => (writingSince === undefined ? lastWriteMs : clock.now() - writingSince),
    discard() {
      generation++
      queue = queue.filter(queued => queued.isOfTheLine)
      failure = undefined
      lateLeft = 0
      endWait()
    },
    drain: async timeoutMs => {
      if (!working) return true
      const empty = new Promise<boolean>(resolve => idle.push(() => resolve(true)))
      return Promise.race([empty, clock.sleep(timeoutMs).then(() => false)])
    }
  }
}

const windowsOf = (queue: readonly Queued[]) =>
  queue.filter(({ windowEnd }) => windowEnd !== undefined).length

function isOfTheLine({ window, anomalies, incidents }: Decision): boolean {
  const kinds = [...anomalies, ...incidents].map(({ kind }) => kind)
  return window === undefined && kinds.length > 0 && kinds.every(kind => isOfPipeline(kind))
}
