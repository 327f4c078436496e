import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from './types.ts'

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
    help: "Records between what was read and the partition's end",
    labelNames: ['topic', 'partition'],
    registers
  })
  const events = new Counter({
    name: 'cartwatch_events_total',
    help: 'Records that were decoded into events, late ones too',
    labelNames: ['topic'],
    registers
  })
  const deadLetters = new Counter({
    name: 'cartwatch_dead_letters_total',
    help: 'Records that cannot be events',
    labelNames: ['reason'],
    registers
  })
  const recordsLost = new Counter({
    name: 'cartwatch_records_lost_total',
    help: 'Records that were gone from the broker before they were read',
    labelNames: ['topic', 'partition'],
    registers
  })
  const uncommitted = new Gauge({
    name: 'cartwatch_uncommitted_seconds',
    help: 'For how long Kafka has taken no commit',
    registers
  })
  const lateEvents = new Counter({
    name: 'cartwatch_late_events_total',
    help: 'Events that came after their window was complete',
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
    help: 'Windows that are not closed',
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
    help: 'Notifications by what became of them',
    labelNames: ['receiver', 'outcome'],
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
    help: 'Closed windows that wait for the store',
    registers
  })
  const storeUp = new Gauge({
    name: 'cartwatch_store_up',
    help: '1 while the store takes rows, 0 while it fails',
    registers
  })
  const storeFailures = new Counter({
    name: 'cartwatch_store_failures_total',
    help: 'Calls of the store that failed',
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
    observeInsert: (table, durationMs) => inserts.observe({ table }, durationMs / 1_000),
    setStoreQueue: windows => storeQueue.set(windows),
    setStoreUp: isUp => storeUp.set(isUp ? 1 : 0),
    addStoreFailure: reason => storeFailures.inc({ reason }),
    render: () => registry.metrics(),
    contentType: registry.contentType
  }
}
