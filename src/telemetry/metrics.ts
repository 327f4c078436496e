import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from './types.ts'

const breakerLevels = { closed: 0, half_open: 1, open: 2 } as const

export interface MetricsOptions {
  /** Adds those of the process: memory, CPU, event-loop delay, garbage collection. */
  readonly ofProcess: boolean
}

/** The metrics of an instance, all named `cartwatch_*` but for those of the process. */
export function createMetrics({ ofProcess }: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (ofProcess) collectDefaultMetrics({ register: registry })

  const lag = new Gauge({
    name: 'cartwatch_consumer_lag_records',
    help: "Records that are not read yet, up to the partition's end",
    labelNames: ['topic', 'partition'],
    registers
  })
  const events = new Counter({
    name: 'cartwatch_events_total',
    help: 'Records decoded into events, including late ones',
    labelNames: ['topic'],
    registers
  })
  const deadLetters = new Counter({
    name: 'cartwatch_dead_letters_total',
    help: 'Records that are not valid events',
    labelNames: ['reason'],
    registers
  })
  const recordsLost = new Counter({
    name: 'cartwatch_records_lost_total',
    help: 'Records that the broker deleted before they were read',
    labelNames: ['topic', 'partition'],
    registers
  })
  const uncommitted = new Gauge({
    name: 'cartwatch_uncommitted_seconds',
    help: 'Time since Kafka last accepted a commit; 0 if the last one succeeded',
    registers
  })
  const lateEvents = new Counter({
    name: 'cartwatch_late_events_total',
    help: 'Events that arrived after their window was closed',
    labelNames: ['topic', 'partition'],
    registers
  })
  const windowsClosed = new Counter({
    name: 'cartwatch_windows_closed_total',
    help: 'Windows closed; incomplete ones are stored and not judged',
    labelNames: ['complete'],
    registers
  })
  const openWindows = new Gauge({
    name: 'cartwatch_open_windows',
    help: 'Open windows',
    registers
  })
  const watermarkDelay = new Gauge({
    name: 'cartwatch_watermark_delay_seconds',
    help: "The wall clock's lead over the slowest partition's watermark",
    registers
  })
  const anomalies = new Counter({
    name: 'cartwatch_anomalies_total',
    help: 'Anomalies found',
    labelNames: ['kind', 'severity'],
    registers
  })
  const notifications = new Counter({
    name: 'cartwatch_notifications_total',
    help: 'Notifications by outcome',
    labelNames: ['receiver', 'outcome'],
    registers
  })
  const attempts = new Counter({
    name: 'cartwatch_notification_attempts_total',
    help: 'Attempts to send a notification, by result',
    labelNames: ['receiver', 'result'],
    registers
  })
  const latencies = new Histogram({
    name: 'cartwatch_notification_latency_seconds',
    help: 'Time from the decision until the receiver accepts',
    labelNames: ['receiver'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600],
    registers
  })
  const receiverWaiting = new Gauge({
    name: 'cartwatch_receiver_waiting_notifications',
    help: 'Notifications waiting to be sent',
    labelNames: ['receiver'],
    registers
  })
  const receiverWait = new Gauge({
    name: 'cartwatch_receiver_wait_seconds',
    help: 'Time until the next notification may be sent',
    labelNames: ['receiver'],
    registers
  })
  const receiverBreaker = new Gauge({
    name: 'cartwatch_receiver_breaker',
    help: 'State of the circuit breaker: 0 closed, 1 half open, 2 open',
    labelNames: ['receiver'],
    registers
  })
  const heartbeats = new Counter({
    name: 'cartwatch_heartbeats_total',
    help: 'Heartbeat pings, by result',
    labelNames: ['heartbeat', 'result'],
    registers
  })
  const heartbeatAge = new Gauge({
    name: 'cartwatch_heartbeat_age_seconds',
    help: 'Time since a heartbeat receiver last accepted a ping',
    labelNames: ['heartbeat'],
    registers
  })
  const inserts = new Histogram({
    name: 'cartwatch_store_insert_duration_seconds',
    help: 'Time of an insert into the store',
    labelNames: ['table'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers
  })
  const storeQueue = new Gauge({
    name: 'cartwatch_store_queue_windows',
    help: 'Closed windows waiting to be stored',
    registers
  })
  const storeUp = new Gauge({
    name: 'cartwatch_store_up',
    help: '1 if the store accepts rows, 0 if it fails',
    registers
  })
  const storeFailures = new Counter({
    name: 'cartwatch_store_failures_total',
    help: 'Failed calls to the store',
    labelNames: ['reason'],
    registers
  })

  return {
    setLag: (topic, partition, records) => lag.set({ topic, partition }, records),
    clearLag: () => lag.reset(),
    addEvents: (topic, count) => events.inc({ topic }, count),
    addDeadLetters: (reason, count) => deadLetters.inc({ reason }, count),
    addRecordsLost: (topic, partition, records) => recordsLost.inc({ topic, partition }, records),
    setUncommitted: ms => uncommitted.set(ms / 1_000),
    addLateEvents: (topic, partition, count) => lateEvents.inc({ topic, partition }, count),
    addWindowClosed: isComplete => windowsClosed.inc({ complete: String(isComplete) }),
    setOpenWindows: count => openWindows.set(count),
    setWatermarkDelay: ms => watermarkDelay.set(ms / 1_000),
    addAnomaly: (kind, severity) => anomalies.inc({ kind, severity }),
    addNotification: (receiver, outcome) => notifications.inc({ receiver, outcome }),
    addAttempt: (receiver, result) => attempts.inc({ receiver, result }),
    observeNotification: (receiver, latencyMs) => latencies.observe({ receiver }, latencyMs / 1_000),
    setReceivers(receivers) {
      for (const gauge of [receiverWaiting, receiverWait, receiverBreaker]) gauge.reset()
      for (const [receiver, { waiting, waitMs, breaker }] of receivers) {
        receiverWaiting.set({ receiver }, waiting)
        receiverWait.set({ receiver }, waitMs / 1_000)
        receiverBreaker.set({ receiver }, breakerLevels[breaker])
      }
    },
    addHeartbeat: (heartbeat, result) => heartbeats.inc({ heartbeat, result }),
    setHeartbeatAges(agesMs) {
      heartbeatAge.reset()
      for (const [heartbeat, ageMs] of agesMs) heartbeatAge.set({ heartbeat }, ageMs / 1_000)
    },
    observeInsert: (table, durationMs) => inserts.observe({ table }, durationMs / 1_000),
    setStoreQueue: windows => storeQueue.set(windows),
    setStoreUp: isUp => storeUp.set(isUp ? 1 : 0),
    addStoreFailure: reason => storeFailures.inc({ reason }),
    render: () => registry.metrics(),
    contentType: registry.contentType
  }
}
