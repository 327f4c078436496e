import type { Anomaly } from '../../../detectors/types.ts'
import { createDecider } from '../../decide/decider.ts'
import type { Decision } from '../../decide/decision.ts'
import { createLogOnce } from '../../decide/log-once.ts'
import { createStoreWriter, type StoreWriter } from '../../decide/store-writer.ts'
import type { TopicWatch } from '../../decode/stream/stream-watch.ts'
import { createBrokerAbsences } from '../../ingest/broker-absences.ts'
import { createCheckpointing } from '../../ingest/checkpointing.ts'
import { type CommitGate, createCommitGate } from '../../ingest/commit-gate.ts'
import { createCounts } from '../../ingest/counts.ts'
import { createDeadLetterQueue } from '../../ingest/dead-letters.ts'
import { topicOf } from '../../source/partition.ts'
import type { InstanceMetrics } from '../../telemetry/metrics.ts'
import type { ClosedOrders } from '../../window/types.ts'
import { type Backpressure, createBackpressure, drainMs } from './backpressure.ts'
import { createIngestStage } from './ingest.ts'
import { createOwnedWork, type OwnedWork } from './owned-work.ts'
import { bandFigures } from './show-bands.ts'
import type { LiveOptions } from './types.ts'

/** A broker that has not answered for this long is gone, or this process stood still. */
export const answerMs = 30_000

export type LiveStages = ReturnType<typeof connectStages>

/**
 * ingest → close → decide → store → commit: each stage hands on to the next, and only behind what is stored are the
 * offsets committed. They are made from the last to the first.
 */
export function connectStages(
  options: LiveOptions,
  stopping: AbortSignal,
  recallCurrency: () => Promise<void>
) {
  const { source, delivery, clock, log, metrics } = options
  const dead = createDeadLetterQueue(options.deadLetters, clock)
  const counts = createCounts(metrics)
  const ownedWork = createOwnedWork(options, {
    async restore() {
      await recallCurrency()
      return await decider.restore()
    },
    onRestored({ records, pending, actions }) {
      delivery.restore(records)
      delivery.enqueue(pending, Promise.resolve())
      decider.act(actions)
    },
    forget() {
      gate.forget()
      decider.forget()
      writer.discard()
      dead.discard()
      delivery.forget()
      metrics.setBands([])
    }
  })
  const checkpointing = createCheckpointing({ work: ownedWork.current, dead, source, clock, log })
  const writer = createStoreWriter({
    ...options,
    onDone(until) {
      ownedWork.current()?.done(until)
      void checkpointing.commit()
    },
    onInsert: durationMs => metrics.observeInsert('all', durationMs)
  })
  const decider = createDecider({
    ...options,
    allStored: () => writer.drain(drainMs),
    onDecision: createPublish(options, writer)
  })
  const gate = createCommitGate({ commit: checkpointing.commit, push: decider.push, clock })
  const backpressure = createBackpressure({ source, gate, decider, writer, dead, stopping })
  const startedAt = clock.now()
  /** When the broker last answered; when this process started, before it ever did. */
  const answeredAt = () => source.state().answeredAt ?? startedAt
  let closed = 0
  const close = createClose(options, { ownedWork, backpressure, answeredAt }, (windows, mustCommit) => {
    closed += windows.length
    gate.push(windows, mustCommit)
  })
  const ingest = createIngestStage(options, { ownedWork, counts, dead, close, commit: checkpointing.commit })
  return {
    ownedWork,
    ingest,
    counts,
    dead,
    answeredAt,
    backpressure,
    close,
    /** Windows that closed so far. */
    closedWindows: () => closed,
    gate,
    decider,
    writer,
    checkpointing
  }
}

interface Closers {
  readonly ownedWork: OwnedWork
  readonly backpressure: Backpressure
  readonly answeredAt: () => number
}

/** A broker that has not answered for so long, or for as long as makes a partition idle, was away: a failover is shorter. */
const absentMs = 30_000
const leastAbsentMs = 3_000

/** Closes what can be closed. Partials shrink to their metrics at once, however long these wait for the store. */
function createClose(
  { windows: { graceMs, idleMs }, evaluate, topics, onClosed, clock, log, metrics }: LiveOptions,
  { ownedWork, backpressure, answeredAt }: Closers,
  push: CommitGate['push']
): () => void {
  const absences = createBrokerAbsences({
    breakMs: Math.min(absentMs, Math.max(idleMs, leastAbsentMs)),
    beforeMs: graceMs,
    afterMs: Math.min(idleMs, absentMs)
  })
  return function close() {
    const now = clock.now()
    absences.look(now, answeredAt())
    const work = ownedWork.current()
    if (work === undefined) return
    const { windows: taken, mustCommit } = work.close(now)
    const windows = taken.map(window => (absences.covers(window) ? { ...window, complete: false } : window))
    for (const { end, complete, orders } of windows) {
      metrics.addWindowClosed(complete)
      if (orders !== undefined) noteOrders(orders, topics, metrics)
      log.debug({ window_end: new Date(end).toISOString(), complete }, 'window closed')
    }
    if (windows.length > 0) {
      push(windows.map(evaluate), mustCommit)
      onClosed()
    }
    backpressure.update(work)
  }
}

function noteOrders(
  { repeats, uncompared, forgotten }: ClosedOrders,
  topics: TopicWatch,
  metrics: InstanceMetrics
): void {
  for (const { partition, purchases, example } of repeats) {
    const topic = topicOf(partition)
    metrics.addRepeatedPurchases(topic, purchases)
    topics.repeat(topic, purchases, example)
  }
  metrics.addOrdersBeyondLimit('uncompared', uncompared)
  metrics.addOrdersBeyondLimit('forgotten', forgotten)
}

/** Hands a decision to the store, the log, and the delivery, which waits a moment for the store before it sends. */
function createPublish(
  { delivery, log, metrics }: LiveOptions,
  writer: StoreWriter
): (decision: Decision) => void {
  const logOnce = createLogOnce(log)
  return function publish(decision) {
    const { window, anomalies, incidents, notifications } = decision
    const stored = writer.push(decision)
    if (window !== undefined) metrics.setBands(bandFigures(window))
    for (const anomaly of anomalies) {
      metrics.addAnomaly(anomaly.kind, anomaly.severity)
      logOnce(anomaly, incidentOf(anomaly, incidents)?.id)
    }
    delivery.enqueue(notifications, stored)
    for (const { id, status, silencedBy } of incidents)
      if (status === 'resolved' || silencedBy !== null) delivery.resolveRerouted(id)
  }
}

const incidentOf = ({ kind, segment }: Anomaly, incidents: Decision['incidents']) =>
  incidents.find(({ alerts }) => alerts.some(alert => alert.kind === kind && alert.segment === segment))
