import type { Detection } from '../../detectors/types.ts'
import { createDecider, type ReloadableSettings } from '../decide/decider.ts'
import type { Decision } from '../decide/decision.ts'
import { createNews } from '../decide/log-once.ts'
import { createOperatorActions } from '../decide/operator-actions.ts'
import { createStoreWriter } from '../decide/store-writer.ts'
import type { Decode } from '../decode/types.ts'
import type { Delivery } from '../delivery/types.ts'
import type { Incidents } from '../incident/incidents.ts'
import type { OperatorAction } from '../incident/types.ts'
import { type AssignmentState, createAssignmentState } from '../ingest/assignment-state.ts'
import { createBrokerUptime } from '../ingest/broker-uptime.ts'
import { createCheckpointing } from '../ingest/checkpointing.ts'
import { createCommitGate } from '../ingest/commit-gate.ts'
import { createCounts } from '../ingest/counts.ts'
import { createDeadLetterLog, createDeadLetterQueue } from '../ingest/dead-letters.ts'
import { createIngester } from '../ingest/ingest-record.ts'
import type { IngestOptions } from '../ingest/options.ts'
import { type IngestProgress, progressOf } from '../ingest/progress.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { PipelineState, Stall } from '../selfcheck/stall.ts'
import { stallKind } from '../selfcheck/stall-findings.ts'
import { outageKind } from '../selfcheck/store-outage.ts'
import type { DeadLetters } from '../source/dead-letters.ts'
import { type PartitionKey, parsePartitionKey } from '../source/partition.ts'
import type { Source, SourceHandlers } from '../source/types.ts'
import { reasonOf, type StoreFault } from '../store/reasons.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger, Metrics } from '../telemetry/types.ts'
import type { Checkpoint, ClosedWindow } from '../window/types.ts'
import { setGauges } from './gauges.ts'

/** Closed windows that wait for the store before reading stops: a day of them at one minute. */
const maxWaitingWindows = 1_440
const tickMs = 1_000
/** A broker that has not answered for this long is gone, or this process stood still. */
export const answerMs = 30_000
/** A broker that is silent for less was not away, nor one that is for less than half of what makes a partition idle. */
const minBreakMs = 3_000
const drainMs = 4_000
const drainPollMs = 20
const deliverMs = 3_000

export interface LiveOptions {
  readonly pipeline: string
  readonly settings: ReloadableSettings
  readonly alerting: Incidents
  readonly windows: IngestOptions
  /** How much of the past is learnt before the first window is judged. */
  readonly historyMs: number
  readonly source: Source
  readonly store: Store
  readonly deadLetters: DeadLetters
  /** The decoder of a topic, the same one each time. */
  readonly decodeOf: (topic: string) => Decode
  readonly evaluate: (window: ClosedWindow) => WindowMetrics
  readonly delivery: Delivery
  /** Windows have closed. */
  readonly onClosed: () => void
  /** Judges the state of the line itself, a look at a time. */
  readonly watchStall: (state: PipelineState) => Stall | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

export interface Live {
  /** Runs until `stop`; rejects where the source can't go on. */
  run(): Promise<void>
  reconfigure(rules: ReloadableSettings): void
  /** Takes over what a person did; false where another instance works, which finds it in the store. */
  act(action: OperatorAction): boolean
  /** Stops reading, stores what is closed, commits, and leaves the group. */
  stop(): Promise<void>
  state(): LiveState
  /** Where the work stands; undefined where this instance has none. */
  progress(): IngestProgress | undefined
  /** Brings the metrics up to now. */
  measure(): void
}

export interface LiveState {
  readonly source: ReturnType<Source['state']>
  readonly work: ReturnType<AssignmentState['status']> | undefined
  /** Closed windows that wait to be judged or stored, and why. */
  readonly waiting: number
  readonly storeFailure: StoreFault | undefined
  /** How long the store has taken so far for the write under way, or else took for the last one. */
  readonly storeWriteMs: number
  readonly detection: Detection | undefined
  readonly stall: Stall | undefined
}

/** The line: a source's records through windows, detection, store and alerts, with commits behind what is stored. */
export function createLive(options: LiveOptions): Live {
  const { pipeline, source, store, decodeOf, evaluate, delivery, clock, log, metrics } = options
  const startedAt = clock.now()
  // All of one hand-over: the next one makes a new one.
  let work: AssignmentState | undefined
  let migrated = false
  let beginningSince: number | undefined
  let beginFailure: StoreFault | undefined
  // A hand-over: what awaits with an older number sees that it is void.
  let handOver = 0
  // Rejects where no waiting helps.
  const cannotGoOn = Promise.withResolvers<never>()
  let stall: Stall | undefined
  let fullSince: number | undefined
  let stopping = false
  let toldCaughtUp = false

  const brokerUptime = createBrokerUptime(Math.max(options.windows.idleMs / 2, minBreakMs))
  const counts = createCounts(metrics)
  const dead = createDeadLetterQueue(options.deadLetters)
  const isNews = createNews()
  const ingester = createIngester({ decodeOf, counts, dead, note: createDeadLetterLog({ clock, log }) })
  const checkpointing = createCheckpointing({ work: () => work, dead, source, log })
  const persist = createStoreWriter({
    store,
    pipeline,
    clock,
    log,
    onDone(until) {
      work?.done(until)
      void checkpointing.commit()
    },
    onInsert: durationMs => metrics.observeInsert('all', durationMs)
  })
  const judging = createDecider({ ...options, allStored: () => persist.drain(drainMs), onDecision: put })

  const commitGate = createCommitGate({ commit: checkpointing.commit, push: judging.push, clock })

  const acting = createOperatorActions({
    pipeline,
    store,
    isWorking: () => work !== undefined,
    onActions: judging.act,
    clock,
    log
  })

  const storeFailure = () => persist.failure() ?? judging.failure() ?? beginFailure
  const waiting = () => persist.size() + judging.waiting() + commitGate.waiting()

  const waitingWindows = () => persist.windows() + judging.waiting() + commitGate.waiting()

  function put(judgement: Decision): void {
    const recorded = persist.push(judgement)
    for (const anomaly of judgement.anomalies) {
      const { kind, severity, windowEnd, details } = anomaly
      metrics.addAnomaly(kind, severity)
      log[isNews(anomaly) ? 'warn' : 'debug'](
        { kind, severity, window_end: new Date(windowEnd).toISOString() },
        details
      )
    }
    delivery.enqueue(judgement.notifications, recorded)
    for (const { id, status, silencedBy } of judgement.incidents)
      if (status === 'resolved' || silencedBy !== null) delivery.resolveRerouted(id)
  }

  function forget(): void {
    work = undefined
    commitGate.forget()
    judging.forget()
    persist.discard()
    dead.discard()
    delivery.forget()
  }

  function onRevoked(): void {
    handOver++
    beginningSince = undefined
    beginFailure = undefined
    forget()
  }

  /**
   * What is said of the line itself goes on from what earlier runs said of it, even where the source is away: a stall
   * that lasts is no second one.
   */
  async function recall(): Promise<void> {
    try {
      await store.migrate()
      migrated = true
      await judging.restore()
    } catch (error) {
      if (isForANewer(error)) throw error
      const reason = messageOf(error)
      log.warn({ error: reason }, 'what earlier runs decided cannot be read yet')
    }
  }

  async function onAssigned(from: ReadonlyMap<PartitionKey, Checkpoint>): Promise<void> {
    handOver++
    const own = handOver
    if (work !== undefined) forget()
    beginningSince ??= clock.now()
    try {
      if (!migrated) await store.migrate()
      migrated = true
      const { pending, records, actions } = await judging.restore()
      if (own !== handOver) return
      delivery.restore(records)
      delivery.enqueue(pending, Promise.resolve())
      judging.act(actions)
    } catch (error) {
      if (own === handOver)
        beginFailure = { reason: reasonOf(error), error: messageOf(error), since: beginningSince }
      if (isForANewer(error)) cannotGoOn.reject(error)
      throw error
    }
    beginningSince = undefined
    beginFailure = undefined
    toldCaughtUp = false
    work = createAssignmentState(options.windows, from, clock.now())
  }

  /** Closes what can be closed; the partials shrink to their metrics at once, whoever has to wait for them. */
  function advance(): void {
    if (work === undefined) return
    const { windows, mustCommit } = work.close(clock.now())
    for (const { end, complete } of windows) {
      metrics.addWindowClosed(complete)
      log.debug({ window_end: new Date(end).toISOString(), complete }, 'window closed')
    }
    if (windows.length > 0) commitGate.push(windows.map(evaluate), mustCommit)
    if (windows.length > 0) options.onClosed()
    hold(work)
  }

  const holdsAll = () => stopping || waiting() > maxWaitingWindows || dead.isFull()

  function hold(of: AssignmentState): void {
    source.setPaused(holdsAll() ? new Set(of.partitions.keys()) : of.paused())
  }

  function tick(): void {
    advance()
    measure()
    const state = source.state()
    // The next window may be long in coming.
    if (dead.size() > 0 || checkpointing.isBehind()) void checkpointing.commit()
    work?.skipStalled(clock.now(), isReading(state))
    if (state.role === 'standby') return
    if (work !== undefined) judging.tick()
    acting.poll()
    if (
      !toldCaughtUp &&
      work !== undefined &&
      judging.waiting() + commitGate.waiting() === 0 &&
      isReadToEnd(work)
    ) {
      toldCaughtUp = true
      judging.caughtUp()
    }
    watch(state)
  }

  function isReading({ role, answeredAt }: ReturnType<Source['state']>): boolean {
    return role === 'working' && clock.now() - (answeredAt ?? startedAt) <= answerMs && !holdsAll()
  }

  /** Looks at the line itself: what stands still says nothing of the shop, and that must be said. */
  function watch({ answeredAt, lag, faults }: ReturnType<Source['state']>): void {
    const now = clock.now()
    const known = work?.status()
    const isFull = waiting() > maxWaitingWindows && storeFailure() !== undefined
    fullSince = isFull ? (fullSince ?? now) : undefined
    const blindSince = beginningSince ?? judging.failure()?.since
    stall = options.watchStall({
      now,
      answeredAt: answeredAt ?? startedAt,
      lag: [...lag.values()].reduce((sum, records) => sum + records, 0),
      waiting: known?.waiting ?? 0,
      slowestPartition: known?.slowestPartition,
      // The next one is due a window later: where a partition goes slowly, but goes, nothing stands still.
      closedAt: known === undefined ? now : known.closedAt + options.windows.sizeMs,
      restoringSince: blindSince,
      fullSince,
      faults
    })
    const open = (wanted: string) => options.alerting.openIncidents().find(({ kind }) => kind === wanted)
    const { stallVerdicts, outageVerdicts } = judging.settings()
    const stalled = stallVerdicts(stall, now, open(stallKind) !== undefined)
    if (stalled !== undefined) judging.verdict(stalled)
    const store = { now, fault: persist.failure(), waiting: waitingWindows(), backlog: persist.backlog() }
    const isBlind = blindSince !== undefined
    const outage = outageVerdicts({ ...store, isBlind }, open(outageKind))
    if (outage !== undefined) judging.verdict(outage)
  }

  function measure(): void {
    counts.flush()
    setGauges(metrics, source.state(), work?.status(), waitingWindows(), clock.now())
    metrics.setStoreUp(storeFailure() === undefined)
  }

  async function ticking(): Promise<void> {
    while (!stopping) {
      tick()
      await clock.sleep(tickMs)
    }
  }

  /** Waits until every closed window is judged and stored; false where that takes longer than `drainMs`. */
  async function drained(): Promise<boolean> {
    const deadline = clock.now() + drainMs
    while (waiting() > 0) {
      if (clock.now() >= deadline) return false
      await clock.sleep(drainPollMs)
    }
    return true
  }

  async function stop(): Promise<void> {
    stopping = true
    if (work !== undefined) hold(work)
    if (!(await drained()))
      log.warn({ waiting: waiting() }, 'stopped before the store took everything: it is derived again')
    // Without the broker a commit could take longer than there is time.
    const committed = Promise.race([checkpointing.commit(), clock.sleep(deliverMs)])
    await Promise.all([committed, delivery.stop(deliverMs)])
    await source.stop()
  }

  const handlers: SourceHandlers = {
    onAssigned,
    onRevoked,
    position: key => work?.partitions.get(key)?.position(),
    ingester: key => ingester(key, work?.partitions.get(key)),
    moveTo(key, offset) {
      work?.partitions.get(key)?.moveTo(offset)
      advance()
    },
    skipDeleted(key, offset) {
      work?.partitions.get(key)?.jumpTo(offset)
      // KafkaJS has met the gap too, and committed its end without our metadata.
      void checkpointing.commit()
    },
    countLost(key, records) {
      const { topic, partition } = parsePartitionKey(key)
      metrics.addRecordsLost(topic, partition, records)
    },
    endSeen(key, end, askedAt) {
      work?.partitions.get(key)?.endSeen(end, askedAt, brokerUptime.since(askedAt))
    }
  }

  return {
    async run() {
      void ticking()
      await recall()
      if (!stopping) await Promise.race([source.run(handlers), cannotGoOn.promise])
    },
    reconfigure: judging.reconfigure,
    act: action => acting.apply([action]),
    stop,
    measure,
    progress: () => {
      const [toCommit, toDecide, toStore] = [commitGate.waiting(), judging.waiting(), persist.size()]
      if (work === undefined) return undefined
      const { sizeMs } = options.windows
      const { lag } = source.state()
      return progressOf(work, {
        sizeMs,
        lag,
        waiting: { toCommit, toDecide, toStore },
        isPaused: holdsAll()
      })
    },
    state: () => ({
      source: source.state(),
      work: work?.status(),
      waiting: waitingWindows(),
      storeFailure: storeFailure(),
      storeWriteMs: persist.writeMs(),
      detection: judging.detection(),
      stall
    })
  }
}

/** A person has to put the newer program in place: this one must not write into what it does not know. */
const isForANewer = (error: unknown) => reasonOf(error) === 'newer_schema'

const isReadToEnd = (work: AssignmentState) => [...work.partitions.values()].every(one => one.readToEnd())
