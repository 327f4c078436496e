import { bandMetrics } from './band-metrics.ts'
import { addProcessMetrics, Counter, Gauge, Histogram, Registry } from './prometheus.ts'
import type { ReceiverFigures } from './types.ts'

/** What an instance measures of itself. Durations in milliseconds; the page shows seconds, as Prometheus has it. */
export type InstanceMetrics = ReturnType<typeof createMetrics>

export interface MetricsOptions {
  /** Adds those of the process: memory, CPU, event-loop delay, garbage collection. */
  readonly ofProcess: boolean
  /** A label of all of them. */
  readonly tenant?: string | undefined
}

/** The metrics of an instance, all named `cartwatch_*`. */
export function createMetrics({ ofProcess, tenant }: MetricsOptions) {
  const registry = new Registry()
  if (tenant !== undefined) registry.setDefaultLabels({ tenant })
  let complete: Promise<void> | undefined
  /** Those of the process are measured from the first time on that somebody asks. */
  const completed = () => {
    complete ??= ofProcess ? addProcessMetrics(registry) : Promise.resolve()
    return complete
  }
  const instruments = instrumentsOf(registry)
  const contentType: string = registry.contentType
  return {
    ...streamMetrics(instruments),
    ...windowMetrics(instruments),
    ...bandMetrics(instruments),
    ...notificationMetrics(instruments),
    ...storeMetrics(instruments),
    ...instanceMetrics(instruments),
    /** The page in Prometheus' text format. */
    render: (): Promise<string> => completed().then(() => registry.metrics()),
    /** The same as JSON, for `joinMetrics`. */
    asJson: () => completed().then(() => registry.getMetricsAsJSON()),
    contentType
  }
}

export type Instruments = ReturnType<typeof instrumentsOf>

function instrumentsOf(registry: InstanceType<typeof Registry>) {
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
  const skipped = counter(
    'cartwatch_records_skipped_total',
    'Records that are right and no event, such as tombstones',
    'topic',
    'reason'
  )
  const deadLetters = counter('cartwatch_dead_letters_total', 'Records that are not valid events', 'reason')
  const lost = 'Records that the broker deleted before they were read'
  const recordsLost = counter('cartwatch_records_lost_total', lost, ...partition)
  const readersRunning = gauge('cartwatch_readers', 'Threads that read beside the main one')
  const readerRestarts = counter(
    'cartwatch_reader_restarts_total',
    'Readers that ended and were started again'
  )
  const sinceCommit = 'Time since Kafka last accepted a commit, while one is due; 0 if none is'
  const uncommitted = gauge('cartwatch_uncommitted_seconds', sinceCommit)
  const ofCommit = 'Time since Kafka last accepted a commit of this instance; 0 if it has no work'
  const commitAge = gauge('cartwatch_last_commit_age_seconds', ofCommit)
  const late = 'Events that arrived after their window was closed'
  const lateEvents = counter('cartwatch_late_events_total', late, ...partition)
  return {
    /** Records between what was read and the partition's end. */
    setLag: (topic: string, partition: number, records: number) => lag.set({ topic, partition }, records),
    /** Forgets every partition's lag: after a rebalance another instance measures it. */
    clearLag: () => lag.reset(),
    addEvents: (topic: string, count: number) => events.inc({ topic }, count),
    addDeadLetters: (reason: string, count: number) => deadLetters.inc({ reason }, count),
    addSkipped: (topic: string, reason: string, count: number) => skipped.inc({ topic, reason }, count),
    setReaders: (running: number) => readersRunning.set(running),
    addReaderRestart: () => readerRestarts.inc(),
    addRecordsLost: (topic: string, partition: number, records: number) =>
      recordsLost.inc({ topic, partition }, records),
    /** For how long no commit has been taken while one was due; 0 where none is. */
    setUncommitted: (ms: number) => uncommitted.set(ms / 1_000),
    setLastCommitAge: (ms: number) => commitAge.set(ms / 1_000),
    addLateEvents: (topic: string, partition: number, count: number) =>
      lateEvents.inc({ topic, partition }, count)
  }
}

function windowMetrics({ gauge, counter }: Instruments) {
  const closed = 'Windows closed; incomplete ones are stored and not judged'
  const windowsClosed = counter('cartwatch_windows_closed_total', closed, 'complete')
  const openWindows = gauge('cartwatch_open_windows', 'Open windows')
  const delay = "The wall clock's lead over the slowest partition's watermark"
  const watermarkDelay = gauge('cartwatch_watermark_delay_seconds', delay)
  const again = 'Purchases whose order was counted before: they count once'
  const repeated = counter('cartwatch_repeated_purchases_total', again, 'topic')
  const beyond = 'Purchases beyond a limit: uncompared in their window, or forgotten before the span was over'
  const beyondLimit = counter('cartwatch_orders_beyond_limit_total', beyond, 'what')
  const anomalies = counter('cartwatch_anomalies_total', 'Anomalies found', 'kind', 'severity')
  return {
    addWindowClosed: (isComplete: boolean) => windowsClosed.inc({ complete: String(isComplete) }),
    addRepeatedPurchases: (topic: string, count: number) => repeated.inc({ topic }, count),
    addOrdersBeyondLimit: (what: 'uncompared' | 'forgotten', count: number) =>
      beyondLimit.inc({ what }, count),
    setOpenWindows: (count: number) => openWindows.set(count),
    setWatermarkDelay: (ms: number) => watermarkDelay.set(ms / 1_000),
    addAnomaly: (kind: string, severity: string) => anomalies.inc({ kind, severity })
  }
}

const breakerLevels = { closed: 0, half_open: 1, open: 2 } as const

function notificationMetrics({ gauge, counter, histogram }: Instruments) {
  const byOutcome = 'Notifications by outcome'
  const notifications = counter('cartwatch_notifications_total', byOutcome, 'receiver', 'outcome')
  const tries = 'Attempts to send a notification, by result'
  const attempts = counter('cartwatch_notification_attempts_total', tries, 'receiver', 'result')
  const builtIn = 'Messages that a template of the configuration failed to render: the built-in one was sent'
  const templateFailures = counter('cartwatch_template_failures_total', builtIn, 'receiver')
  const without = 'Messages that went without their picture, by reason'
  const picturesMissed = counter('cartwatch_pictures_missed_total', without, 'receiver', 'reason')
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
    addNotification: (receiver: string, outcome: string) => notifications.inc({ receiver, outcome }),
    addPictureMissed: (receiver: string, reason: string) => picturesMissed.inc({ receiver, reason }),
    addTemplateFailure: (receiver: string) => templateFailures.inc({ receiver }),
    addAttempt: (receiver: string, result: string) => attempts.inc({ receiver, result }),
    /** From the decision until the receiver accepts. */
    observeNotification: (receiver: string, latencyMs: number) =>
      latencies.observe({ receiver }, latencyMs / 1_000),
    /** Replaces the figures of all receivers. */
    setReceivers(receivers: ReadonlyMap<string, ReceiverFigures>) {
      for (const one of [waitingCount, wait, breakerLevel]) one.reset()
      for (const [receiver, { waiting, waitMs, breaker }] of receivers) {
        waitingCount.set({ receiver }, waiting)
        wait.set({ receiver }, waitMs / 1_000)
        breakerLevel.set({ receiver }, breakerLevels[breaker])
      }
    },
    addHeartbeat: (heartbeat: string, result: string) => heartbeats.inc({ heartbeat, result }),
    /** Replaces the ages of all heartbeats: how long ago each was taken. */
    setHeartbeatAges(agesMs: ReadonlyMap<string, number>) {
      heartbeatAge.reset()
      for (const [heartbeat, ageMs] of agesMs) heartbeatAge.set({ heartbeat }, ageMs / 1_000)
    }
  }
}

function instanceMetrics({ gauge }: Instruments) {
  const build = gauge(
    'cartwatch_build_info',
    'The version that runs, and its Node.js; always 1',
    'version',
    'node'
  )
  const role = gauge('cartwatch_role', '1 for the role of the instance, 0 for all others', 'role')
  const open = gauge('cartwatch_open_incidents', 'Open incidents, by their worst severity so far', 'severity')
  const escalating = gauge(
    'cartwatch_escalations_active',
    'Open incidents that nobody has acknowledged and that escalate, by the level that they have reached',
    'level'
  )
  const loaded = '1 if the last reading of the configuration was used, 0 if it was refused'
  const reload = gauge('cartwatch_config_last_reload_successful', loaded)
  const at = 'Time of the last reading of the configuration, used or refused, in seconds since 1970'
  const reloadedAt = gauge('cartwatch_config_last_reload_timestamp_seconds', at)
  const usedAt = 'Time of the last reading of the configuration that was used, in seconds since 1970'
  const usedReloadAt = gauge('cartwatch_config_last_reload_success_timestamp_seconds', usedAt)
  return {
    setBuild: (version: string, node: string) => build.set({ version, node }, 1),
    setRole(current: string, all: readonly string[]) {
      for (const one of all) role.set({ role: one }, one === current ? 1 : 0)
    },
    /** By the highest level that was taken; 0 where the first is still to come. */
    setEscalations(levels: readonly number[]) {
      escalating.reset()
      for (const level of levels) escalating.inc({ level })
    },
    /** By severity; one that is absent has none. */
    setOpenIncidents(counts: Readonly<Record<string, number>>) {
      for (const [severity, count] of Object.entries(counts)) open.set({ severity }, count)
    },
    /** The configuration was read at a time, by the wall clock. */
    setReload(isUsed: boolean, atMs: number) {
      reload.set(isUsed ? 1 : 0)
      reloadedAt.set(atMs / 1_000)
      if (isUsed) usedReloadAt.set(atMs / 1_000)
    }
  }
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
    observeInsert: (table: string, durationMs: number) => inserts.observe({ table }, durationMs / 1_000),
    setStoreQueue: (windows: number) => queue.set(windows),
    /** Whether the store takes rows, as far as the last write shows. */
    setStoreUp: (isUp: boolean) => up.set(isUp ? 1 : 0),
    addStoreFailure: (reason: string) => failures.inc({ reason })
  }
}
