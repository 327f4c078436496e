import { wallKinds } from '../alert/wall-kinds.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import type { Judgement } from './judge.ts'

/** Judgements written together: some thousands of rows, so that one insert stays short. */
const batchJudgements = 250
const firstRetryMs = 500
const lastRetryMs = 15_000

export interface PersistOptions {
  readonly store: Pick<Store, 'insertWindows' | 'insertAnomalies' | 'insertNotifications' | 'insertIncidents'>
  readonly pipeline: string
  readonly clock: Clock
  readonly log: Logger
  /** Windows that end at or before it are done: rows, anomalies and notifications are stored. */
  readonly onDone: (until: number) => void
  readonly onInsert?: (durationMs: number) => void
}

export interface Persist {
  /** Queues a judgement; resolves once it is stored, never if it is discarded before. */
  push(judgement: Judgement): Promise<void>
  size(): number
  /** Why nothing is stored at the moment; undefined while all is well. */
  failure(): string | undefined
  /** Forgets what is queued, for it is not ours any more, but for what is of this line itself: nobody else knows it. */
  discard(): void
  /** Resolves true once the queue is empty, false after `timeoutMs`. */
  drain(timeoutMs: number): Promise<boolean>
}

interface Queued {
  readonly judgement: Judgement
  readonly stored: () => void
}

/** Stores judgements in their order, and for each its rows, its anomalies, then its notifications; retries for ever. */
export function createPersist({ store, pipeline, clock, log, onDone, onInsert }: PersistOptions): Persist {
  let queue: Queued[] = []
  let working = false
  let failure: string | undefined
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
      try {
        const begun = clock.now()
        await write(batch.map(({ judgement }) => judgement))
        onInsert?.(clock.now() - begun)
        if (failure !== undefined) log.info({ waiting: queue.length }, 'the store takes rows again')
        failure = undefined
        retryMs = firstRetryMs
      } catch (error) {
        if (own !== generation) continue
        const reason = messageOf(error)
        if (failure !== reason)
          log.error(
            { error: reason, waiting: queue.length },
            'the store takes no rows: windows wait in memory'
          )
        failure = reason
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
      for (const { stored } of batch) stored()
      const until = batch.findLast(({ judgement }) => judgement.window)?.judgement.window?.end
      if (until !== undefined) onDone(until)
    }
    working = false
    for (const done of idle) done()
    idle = []
  }

  async function write(judgements: readonly Judgement[]): Promise<void> {
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
        queue.push({ judgement, stored })
        void work()
      }),
    size: () => queue.length,
    failure: () => failure,
    discard() {
      generation++
      queue = queue.filter(({ judgement }) => isOfTheLine(judgement))
      failure = undefined
      endWait()
    },
    drain: async timeoutMs => {
      if (!working) return true
      const empty = new Promise<boolean>(resolve => idle.push(() => resolve(true)))
      return Promise.race([empty, clock.sleep(timeoutMs).then(() => false)])
    }
  }
}

function isOfTheLine({ window, anomalies, incidents }: Judgement): boolean {
  const kinds = [...anomalies, ...incidents].map(({ kind }) => kind)
  return window === undefined && kinds.length > 0 && kinds.every(kind => wallKinds.has(kind))
}
