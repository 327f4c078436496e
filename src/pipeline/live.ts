import type { Alerting } from '../alert/alerting.ts'
import type { Delivery } from '../alert/delivery.ts'
import type { Decode } from '../decode/types.ts'
import type { Detection } from '../detect/types.ts'
import type { ClosedWindow } from '../merge/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import {
  type DeadLetters,
  type PartitionKey,
  parsePartitionKey,
  type RawRecord,
  type Source,
  type SourceHandlers
} from '../source/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger, Metrics } from '../telemetry/types.ts'
import type { Checkpoint } from '../window/types.ts'
import { createCounts } from './counts.ts'
import { createDeadQueue } from './dead-queue.ts'
import { learnHistory } from './history.ts'
import { takeRecord, takeUndecodable } from './intake.ts'
import { createJudge, type Judge, type Judgement } from './judge.ts'
import { createPersist } from './persist.ts'
import type { LineState, Stall } from './stall.ts'
import { type StallVerdicts, stallKind } from './stalls.ts'
import { createWork, type Work, type WorkOptions } from './work.ts'

/** Closed windows that wait for the store before reading stops: a day of them at one minute. */
const maxWaitingWindows = 1_440
/** How far back incidents and notifications are read at a start. */
const memoryMs = 2 * 86_400_000
const tickMs = 1_000
const drainMs = 4_000
const deliverMs = 3_000

/** What an edit of the configuration can change while the line runs. */
export interface Judging {
  readonly configHash: string
  readonly newDetection: () => Detection
  readonly alerting: Alerting
  readonly stallVerdicts: StallVerdicts
}

export interface LiveOptions {
  readonly pipeline: string
  readonly judging: Judging
  readonly windows: WorkOptions
  /** How much of the past is learnt at a start. */
  readonly historyMs: number
  readonly source: Source
  readonly store: Store
  readonly deadLetters: DeadLetters
  readonly decode: Decode
  readonly evaluate: (window: ClosedWindow) => WindowMetrics
  readonly delivery: Delivery
  /** Judges the state of the line itself, a look at a time. */
  readonly watchStall: (state: LineState) => Stall | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

export interface Live {
  /** Runs until `stop`; rejects where the source can't go on. */
  run(): Promise<void>
  /** Judges by these from the next window on, after they have learnt what is stored. */
  reconfigure(judging: Judging): void
  /** Stops reading, stores what is closed, commits, and leaves the group. */
  stop(): Promise<void>
  state(): LiveState
  /** Brings the metrics up to now. */
  measure(): void
}

export interface LiveState {
  readonly source: ReturnType<Source['state']>
  readonly work: ReturnType<Work['state']> | undefined
  /** Judgements that wait for the store, and why. */
  readonly waiting: number
  readonly storeFailure: string | undefined
  readonly detection: Detection | undefined
  readonly stall: Stall | undefined
}

export function createLive(options: LiveOptions): Live {
  const { pipeline, source, store, decode, evaluate, delivery, clock, log, metrics } = options
  const startedAt = clock.now()
  const counts = createCounts(metrics)
  const dead = createDeadQueue(options.deadLetters)
  const persist = createPersist({
    store,
    pipeline,
    clock,
    log,
    onDone: until => {
      work?.done(until)
      commitSoon()
    },
    onInsert: durationMs => metrics.observeInsert('all', durationMs)
  })
  // All of one hand-over: a later one makes new ones, and whatever was awaiting with the old sees that it is void.
  let work: Work | undefined
  let judging = options.judging
  let nextJudging: Judging | undefined
  let detectedBefore: ReadonlyMap<string, number> = new Map()
  let judge = newJudge()
  let detection: Detection | undefined
  let migrated = false
  let restoringSince: number | undefined
  let stall: Stall | undefined
  let stopping = false
  let toldCaughtUp = false

  function newJudge(): Judge {
    const { configHash, alerting } = judging
    return createJudge({ pipeline, configHash, alerting, detectedBefore })
  }

  function forget(): void {
    work = undefined
    detection = undefined
    closedWindows = []
    persist.discard()
    dead.discard()
    delivery.forget()
  }

  async function begin(from: ReadonlyMap<PartitionKey, Checkpoint>): Promise<void> {
    forget()
    restoringSince ??= clock.now()
    if (!migrated) await store.migrate()
    migrated = true
    const now = clock.now()
    const pending = await judging.alerting.restore(now - memoryMs, now)
    detectedBefore = await store.detections(pipeline, now - memoryMs)
    restoringSince = undefined
    judge = newJudge()
    toldCaughtUp = false
    work = createWork(options.windows, from, now)
    delivery.enqueue(pending, Promise.resolve())
  }

  function take(
    key: PartitionKey,
    offset: number,
    recordTime: number,
    value: Buffer | null,
    raw: RawRecord
  ): void {
    const windows = work?.partitions.get(key)
    if (windows === undefined) return
    const taken = raw.isUndecodable
      ? takeUndecodable(windows, offset)
      : takeRecord(decode, windows, offset, recordTime, value)
    switch (taken.kind) {
      case 'dead':
        counts.dead(taken.reason)
        dead.push({ partition: key, offset, reason: taken.reason, key: copy(raw.key), value: copy(value) })
        return
      case 'late':
        counts.late(key)
        return
      case 'counted':
        counts.event(key)
        return
      case 'replayed':
        return
      default:
        taken satisfies never
    }
  }

  // Closing, learning and judging go one after another: windows are judged in their order, each once.
  let closedWindows: ClosedWindow[] = []
  let advancing = false

  function advance(): void {
    const own = work
    if (own === undefined) return
    closedWindows.push(...own.close(clock.now()))
    hold(own)
    if (!advancing && closedWindows.length > 0) void judgeClosed()
  }

  async function judgeClosed(): Promise<void> {
    advancing = true
    try {
      while (closedWindows.length > 0 && !stopping) {
        const own = work
        if (nextJudging !== undefined) await takeOver(nextJudging)
        const learnt = detection ?? (await learn((closedWindows[0] as ClosedWindow).start))
        if (work !== own) continue
        detection = learnt
        const window = closedWindows.shift()
        if (window !== undefined) judgeWindow(learnt, window)
      }
    } finally {
      advancing = false
    }
  }

  /** What was decided before must be stored before others decide on: they go on from there. */
  async function takeOver(next: Judging): Promise<void> {
    if (!(await persist.drain(drainMs))) return
    try {
      const now = clock.now()
      await next.alerting.restore(now - memoryMs, now)
    } catch (error) {
      log.error({ error: messageOf(error) }, 'the edited configuration waits for the store')
      return
    }
    judging = next
    if (nextJudging === next) nextJudging = undefined
    judge = newJudge()
    detection = undefined
  }

  /** Reads the past until it succeeds: without it there is nothing to judge by. */
  async function learn(untilMs: number): Promise<Detection> {
    const own = work
    while (true) {
      try {
        const fresh = judging.newDetection()
        const windows = await learnHistory(store, pipeline, fresh, untilMs - options.historyMs, untilMs)
        log.info({ windows }, 'learnt from stored windows')
        restoringSince = undefined
        return fresh
      } catch (error) {
        restoringSince ??= clock.now()
        log.error(
          { error: messageOf(error) },
          'the past cannot be read from the store: nothing is judged yet'
        )
        await clock.sleep(tickMs)
        if (work !== own) return judging.newDetection()
      }
    }
  }

  function judgeWindow(by: Detection, window: ClosedWindow): void {
    metrics.addWindowClosed(window.complete)
    put(judge.window(by, evaluate(window), clock.now()))
  }

  function put(judgement: Judgement): void {
    const recorded = persist.push(judgement)
    for (const anomaly of judgement.anomalies) {
      metrics.addAnomaly(anomaly.kind, anomaly.severity)
      log.warn(
        {
          kind: anomaly.kind,
          severity: anomaly.severity,
          window_end: new Date(anomaly.windowEnd).toISOString()
        },
        anomaly.details
      )
    }
    delivery.enqueue(judgement.notifications, recorded)
  }

  function hold(own: Work): void {
    const all = stopping || persist.size() + closedWindows.length > maxWaitingWindows || dead.isFull()
    source.hold(all ? new Set(own.partitions.keys()) : own.ahead())
  }

  let committing = false
  let commitAgain = false

  function commitSoon(): void {
    if (committing) commitAgain = true
    else void commitNow()
  }

  async function commitNow(): Promise<void> {
    committing = true
    do {
      commitAgain = false
      const own = work
      if (own === undefined) break
      // Taken before the flush: every dead letter below these offsets is then among those that it waits for.
      const checkpoints = own.checkpoints()
      try {
        await dead.flush()
        if (work === own) await source.commit(checkpoints)
      } catch (error) {
        log.error(
          { error: messageOf(error), waiting: dead.size() },
          'dead letters could not be kept: nothing is committed'
        )
      }
    } while (commitAgain)
    committing = false
  }

  function tick(): void {
    const now = clock.now()
    advance()
    if (dead.size() > 0) commitSoon()
    const state = source.state()
    measure()
    if (state.role === 'standby') return
    if (!toldCaughtUp && closedWindows.length === 0 && work !== undefined && isReadToEnd(work)) {
      toldCaughtUp = true
      put(judge.caughtUp(now))
    }
    const known = work?.state()
    stall = options.watchStall({
      now,
      answeredAt: state.answeredAt ?? startedAt,
      lag: [...state.lag.values()].reduce((sum, lag) => sum + lag, 0),
      waiting: known?.waiting ?? 0,
      holder: known?.holder,
      closedAt: known?.closedAt ?? now,
      restoringSince
    })
    const isOpen = judging.alerting.openIncidents().some(({ kind }) => kind === stallKind)
    const verdict = judging.stallVerdicts(stall, now, isOpen)
    if (verdict !== undefined) put(judge.verdict(verdict, now))
  }

  function measure(): void {
    const { lag } = source.state()
    counts.flush()
    metrics.clearLag()
    for (const [key, records] of lag) {
      const { topic, partition } = parsePartitionKey(key)
      metrics.setLag(topic, partition, records)
    }
    const known = work?.state()
    metrics.setOpenWindows(known?.openWindows ?? 0)
    metrics.setStoreQueue(persist.size() + closedWindows.length)
    if (known?.sealedUntil !== undefined) metrics.setWatermarkDelay(clock.now() - known.sealedUntil)
  }

  async function ticking(): Promise<void> {
    while (!stopping) {
      tick()
      await clock.sleep(tickMs)
    }
  }

  async function stop(): Promise<void> {
    stopping = true
    if (work !== undefined) hold(work)
    const drained = await persist.drain(drainMs)
    if (!drained)
      log.warn({ waiting: persist.size() }, 'stopped before the store took everything: it is derived again')
    await commitNow()
    await delivery.stop(deliverMs)
    await source.stop()
  }

  const handlers: SourceHandlers = {
    begin,
    standBy: forget,
    position: key => work?.partitions.get(key)?.position(),
    take,
    moveTo(key, offset) {
      work?.partitions.get(key)?.moveTo(offset)
      advance()
    },
    lost(key, offset) {
      work?.partitions.get(key)?.jumpTo(offset)
    },
    endSeen(key, end, askedAt) {
      work?.partitions.get(key)?.endSeen(end, askedAt)
    }
  }

  return {
    async run() {
      void ticking()
      await source.run(handlers)
    },
    reconfigure: next => {
      nextJudging = next
    },
    stop,
    measure,
    state: () => ({
      source: source.state(),
      work: work?.state(),
      waiting: persist.size() + closedWindows.length,
      storeFailure: persist.failure(),
      detection,
      stall
    })
  }
}

const isReadToEnd = (work: Work) => [...work.partitions.values()].every(one => one.readToEnd())

/** Out of the fetch's buffer, which is used again. */
const copy = (bytes: Buffer | null) => (bytes === null ? null : Buffer.from(bytes))

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
