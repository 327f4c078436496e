import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from './types.ts'

export interface MetricsOptions {
  /** Adds those of the process: memory, CPU, event-loop delay, garbage collection. */
  readonly ofProcess: boolean
}

/** The metrics of an instance, all named `cartwatch_*` but for those of the process. */
export function createMetrics({ ofProcess }: MetricsOptions): Metrics {
  const registry = new Registry()
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const instruments = instrumentsOf(registry)
  return {
    ...streamMetrics(instruments),
    ...windowMetrics(instruments),
    ...notificationMetrics(instruments),
    ...storeMetrics(instruments),
    render: () => registry.metrics(),
    contentType: registry.contentType
  }
}

type Instruments = ReturnType<typeof instrumentsOf>

function instrumentsOf(registry: Registry) {
  const registers = [registry]
  return {
    gauge: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Gauge({ name, help, labelNames, registers }),
    counter: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Counter({ name, help, labelNames, registers }),
    histogram: <Label extends string>(
      name: string,
      help: string,
      buckets: number[],
      ...labelNames: Label[]
    ) => new Histogram({ name, help, labelNames, buckets, registers })
  }
}

function streamMetrics({ gauge, counter }: Instruments) {
  const partition = ['topic', 'partition'] as const
  const unread = "Records that are not read yet, up to the partition's end"
  const lag = gauge('cartwatch_consumer_lag_records', unread, ...partition)
  const decoded = 'Records decoded into events, including late ones'
  const events = counter('cartwatch_events_total', decoded, 'topic')
  const deadLetters = counter('cartwatch_dead_letters_total', 'Records that are not valid events', 'reason')
  const lost = 'Records that the broker deleted before they were read'
  const recordsLost = counter('cartwatch_records_lost_total', lost, ...partition)
  const sinceCommit = 'Time since Kafka last accepted a commit; 0 if the last one succeeded'
  const uncommitted = gauge('cartwatch_uncommitted_seconds', sinceCommit)
  const late = 'Events that arrived after their window was closed'
  const lateEvents = counter('cartwatch_late_events_total', late, ...partition)
  return {
    setLag: (topic, partition, records) => lag.set({ topic, partition }, records),
    clearLag: () => lag.reset(),
    addEvents: (topic, count) => events.inc({ topic }, count),
    addDeadLetters: (reason, count) => deadLetters.inc({ reason }, count),
    addRecordsLost: (topic, partition, records) => recordsLost.inc({ topic, partition }, records),
    setUncommitted: ms => uncommitted.set(ms / 1_000),
    addLateEvents: (topic, partition, count) => lateEvents.inc({ topic, partition }, count)
  } satisfies Partial<Metrics>
}

function windowMetrics({ gauge, counter }: Instruments) {
  const closed = 'Windows closed; incomplete ones are stored and not judged'
  const windowsClosed = counter('cartwatch_windows_closed_total', closed, 'complete')
  const openWindows = gauge('cartwatch_open_windows', 'Open windows')
  const delay = "The wall clock's lead over the slowest partition's watermark"
  const watermarkDelay = gauge('cartwatch_watermark_delay_seconds', delay)
  const anomalies = counter('cartwatch_anomalies_total', 'Anomalies found', 'kind', 'severity')
  return {
    addWindowClosed: isComplete => windowsClosed.inc({ complete: String(isComplete) }),
    setOpenWindows: count => openWindows.set(count),
    setWatermarkDelay: ms => watermarkDelay.set(ms / 1_000),
    addAnomaly: (kind, severity) => anomalies.inc({ kind, severity })
  } satisfies Partial<Metrics>
}

const breakerLevels = { closed: 0, half_open: 1, open: 2 } as const

function notificationMetrics({ gauge, counter, histogram }: Instruments) {
  const byOutcome = 'Notifications by outcome'
  const notifications = counter('cartwatch_notifications_total', byOutcome, 'receiver', 'outcome')
  const tries = 'Attempts to send a notification, by result'
  const attempts = counter('cartwatch_notification_attempts_total', tries, 'receiver', 'result')
  const latencies = histogram(
    'cartwatch_notification_latency_seconds',
    'Time from the decision until the receiver accepts',
    [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600],
    'receiver'
  )
  const queued = 'Notifications waiting to be sent'
  const waitingCount = gauge('cartwatch_receiver_waiting_notifications', queued, 'receiver')
  const untilNext = 'Time until the next notification may be sent'
  const wait = gauge('cartwatch_receiver_wait_seconds', untilNext, 'receiver')
  const levels = 'State of the circuit breaker: 0 closed, 1 half open, 2 open'
  const breakerLevel = gauge('cartwatch_receiver_breaker', levels, 'receiver')
  const pings = 'Heartbeat pings, by result'
  const heartbeats = counter('cartwatch_heartbeats_total', pings, 'heartbeat', 'result')
  const sincePing = 'Time since a heartbeat receiver last accepted a ping'
  const heartbeatAge = gauge('cartwatch_heartbeat_age_seconds', sincePing, 'heartbeat')
  return {
    addNotification: (receiver, outcome) => notifications.inc({ receiver, outcome }),
    addAttempt: (receiver, result) => attempts.inc({ receiver, result }),
    observeNotification: (receiver, latencyMs) => latencies.observe({ receiver }, latencyMs / 1_000),
    setReceivers(receivers) {
      for (const one of [waitingCount, wait, breakerLevel]) one.reset()
      for (const [receiver, { waiting, waitMs, breaker }] of receivers) {
        waitingCount.set({ receiver }, waiting)
        wait.set({ receiver }, waitMs / 1_000)
        breakerLevel.set({ receiver }, breakerLevels[breaker])
      }
    },
    addHeartbeat: (heartbeat, result) => heartbeats.inc({ heartbeat, result }),
    setHeartbeatAges(agesMs) {
      heartbeatAge.reset()
      for (const [heartbeat, ageMs] of agesMs) heartbeatAge.set({ heartbeat }, ageMs / 1_000)
    }
  } satisfies Partial<Metrics>
}

function storeMetrics({ gauge, counter, histogram }: Instruments) {
  const inserts = histogram(
    'cartwatch_store_insert_duration_seconds',
    'Time of an insert into the store',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    'table'
  )
  const queue = gauge('cartwatch_store_queue_windows', 'Closed windows waiting to be stored')
  const up = gauge('cartwatch_store_up', '1 if the store accepts rows, 0 if it fails')
  const failures = counter('cartwatch_store_failures_total', 'Failed calls to the store', 'reason')
  return {
    observeInsert: (table, durationMs) => inserts.observe({ table }, durationMs / 1_000),
    setStoreQueue: windows => queue.set(windows),
    setStoreUp: isUp => up.set(isUp ? 1 : 0),
    addStoreFailure: reason => failures.inc({ reason })
  } satisfies Partial<Metrics>
}
