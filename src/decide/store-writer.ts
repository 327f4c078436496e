import { setImmediate as turn } from 'node:timers/promises'
import { isOfPipeline } from '../../detectors/kind-of.ts'
import { createLeases } from '../source/lease.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { createWaker } from '../telemetry/waker.ts'
import { type Compressible, compressible } from './compressed.ts'
import { type Decision, type DecisionStore, insertDecisions } from './decision.ts'
import { createWriteHealth, type WriteHealth } from './write-health.ts'

/** Decisions written together: some thousands of rows, so that one insert stays short. */
const batchDecisions = 250
const firstRetryMs = 500
const lastRetryMs = 15_000
/** Decisions compressed in one go, a millisecond each. */
const compressedAtOnce = 10

export interface StoreWriterOptions {
  readonly store: DecisionStore & Pick<Store, 'migrate'>
  readonly pipeline: string
  readonly clock: Clock
  readonly log: Logger
  /** Windows that end at or before it are done: rows, anomalies and notifications are stored. */
  readonly onDone: (until: number) => void
  readonly onInsert?: (durationMs: number) => void
}

export interface StoreWriter extends Pick<WriteHealth, 'failure' | 'backlog' | 'writeMs'> {
  /** Queues a decision; resolves once it is stored, never if it is discarded before. */
  push(decision: Decision): Promise<void>
  size(): number
  /** The windows among what is queued. */
  windows(): number
  /** Another instance takes over: forgets what is queued, except what is about this pipeline, which only we know. */
  discard(): void
  /** Resolves true once the queue is empty, false after `timeoutMs`. */
  drain(timeoutMs: number): Promise<boolean>
}

interface Queued {
  readonly decision: Compressible<Decision>
  readonly windowEnd: number | undefined
  readonly isSelfCheck: boolean
  readonly onStored: () => void
}

/** Stores decisions in their order, and tries again until the store accepts them. */
// oxlint-disable-next-line max-lines-per-function -- one queue, and all that may happen to its head
export function createStoreWriter(options: StoreWriterOptions): StoreWriter {
  const { store, pipeline, clock, log, onDone, onInsert } = options
  const leases = createLeases()
  const health = createWriteHealth(clock, log)
  const retry = createWaker(clock)
  let queue: Queued[] = []
  let running = false
  let idle: (() => void)[] = []

  async function run(): Promise<void> {
    if (running) return
    running = true
    let retryMs = firstRetryMs
    while (queue.length > 0) {
      const lease = leases.current()
      const batch = queue.slice(0, batchDecisions)
      const failure = await write(batch)
      if (failure === undefined || !lease.isValid()) retryMs = firstRetryMs
      if (!lease.isValid()) continue
      if (failure === undefined) {
        leaveQueue(batch)
        continue
      }
      health.failed(failure.error, queue.length)
      await compressAll(queue)
      if (health.failure()?.reason === 'tables_missing') await makeTables(options)
      if (lease.isValid()) await retry.wait(retryMs)
      retryMs = lease.isValid() ? Math.min(retryMs * 2, lastRetryMs) : firstRetryMs
    }
    running = false
    for (const done of idle) done()
    idle = []
  }

  async function write(batch: readonly Queued[]): Promise<{ readonly error: unknown } | undefined> {
    health.begin()
    try {
      await insertDecisions(
        store,
        pipeline,
        batch.map(({ decision }) => decision.get())
      )
    } catch (error) {
      health.end()
      return { error }
    }
    onInsert?.(health.end())
    health.succeeded(queue.length)
    return undefined
  }

  function leaveQueue(batch: readonly Queued[]): void {
    queue = queue.slice(batch.length)
    health.written(batch.length, windowsOf(batch))
    for (const { onStored } of batch) onStored()
    const until = batch.findLast(({ windowEnd }) => windowEnd !== undefined)?.windowEnd
    if (until !== undefined) onDone(until)
  }

  return {
    push: decision =>
      new Promise(onStored => {
        const queued = compressible(decision)
        if (health.failure() !== undefined) queued.compress()
        queue.push({
          decision: queued,
          windowEnd: decision.window?.end,
          isSelfCheck: isSelfCheck(decision),
          onStored
        })
        void run()
      }),
    size: () => queue.length,
    windows: () => windowsOf(queue),
    failure: health.failure,
    backlog: health.backlog,
    writeMs: health.writeMs,
    discard() {
      leases.renew()
      queue = queue.filter(queued => queued.isSelfCheck)
      health.forget()
      retry.wake()
    },
    drain: async timeoutMs => {
      if (!running) return true
      const empty = new Promise<boolean>(resolve => idle.push(() => resolve(true)))
      return Promise.race([empty, clock.sleep(timeoutMs).then(() => false)])
    }
  }
}

/** In turns with other work: a day of windows takes a second and a half. */
async function compressAll(queue: readonly Queued[]): Promise<void> {
  const plain = queue.filter(({ decision }) => !decision.isCompressed())
  for (const [index, { decision }] of plain.entries()) {
    decision.compress()
    if ((index + 1) % compressedAtOnce === 0) await turn()
  }
}

/** Somebody dropped tables: their rows are lost, what waits here is not. */
async function makeTables({ store, log }: Pick<StoreWriterOptions, 'store' | 'log'>): Promise<void> {
  try {
    const migrations = await store.migrate()
    log.warn({ migrations }, 'tables were missing in the store and have been created again')
  } catch (error) {
    log.error({ error: messageOf(error) }, 'tables are missing in the store and cannot be created')
  }
}

const windowsOf = (queue: readonly Queued[]) =>
  queue.filter(({ windowEnd }) => windowEnd !== undefined).length

/** Whether a decision is about the pipeline itself, and nothing else. */
function isSelfCheck({ window, anomalies, incidents }: Decision): boolean {
  const kinds = [...anomalies, ...incidents].map(({ kind }) => kind)
  return window === undefined && kinds.length > 0 && kinds.every(kind => isOfPipeline(kind))
}
