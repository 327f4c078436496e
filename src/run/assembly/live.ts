import { pipelineStalled } from '../../../detectors/kinds/pipeline-stalled.ts'
import { storeUnavailable } from '../../../detectors/kinds/store-unavailable.ts'
import { createInstanceAudit, type InstanceAudit } from '../../audit/instance-audit.ts'
import { createPing } from '../../channel/heartbeat/ping.ts'
import { createHttp } from '../../channel/http.ts'
import type { Loaded } from '../../config/load.ts'
import { createShopCurrency } from '../../decode/currency/shop-currency.ts'
import { createSendFigures } from '../../delivery/send-figures.ts'
import { createIntake } from '../../intake/intake.ts'
import { createHeartbeats } from '../../selfcheck/heartbeat.ts'
import { createStallWatch } from '../../selfcheck/stall.ts'
import { createStallVerdicts } from '../../selfcheck/stall-findings.ts'
import { createOutageVerdicts } from '../../selfcheck/store-outage.ts'
import { requireWritableFile } from '../../source/dead-letter-file.ts'
import { createFence } from '../../source/fence.ts'
import { createKafkaMember } from '../../source/kafka/client.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { InstanceMetrics } from '../../telemetry/metrics.ts'
import { steadyClock } from '../../telemetry/steady-clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { version } from '../../telemetry/version.ts'
import { createFeed } from '../../web/events/feed.ts'
import { anonymiseDaily } from '../anonymising.ts'
import type { LiveSettings, LiveState } from '../live/types.ts'
import { createLive } from '../live.ts'
import { withMigrationsNoted, withTakeoversNoted } from './audited.ts'
import { withChangesTold } from './changes-told.ts'
import { countSends } from './count-sends.ts'
import { deadLettersOf } from './dead-letters.ts'
import { buildDelivery, type DeliveryFacts } from './delivery.ts'
import { ownInstance } from './instance.ts'
import { maskOf } from './mask.ts'
import { openConfigured } from './open-store.ts'
import { buildOperationsPort, type OperationsPort } from './operations-port.ts'
import { readersOf } from './readers.ts'
import { reportsSettingsOf } from './reports.ts'
import { incidentsSettingsOf } from './routes.ts'
import { buildStages, type Stages } from './stages.ts'
import { topicReadersOf } from './topic-readers.ts'

export interface LiveParts {
  readonly loaded: Loaded
  /** The wall clock, as it is set. */
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: InstanceMetrics
  /** Whose it is, where several run side by side. */
  readonly tenant?: string | undefined
  /** Called with the address of the operations port once that is open. */
  readonly onListening?: (address: string) => void
}

export interface Instance {
  run(): Promise<void>
  readonly audit: Pick<InstanceAudit, 'record'>
  /** Applies the parts of a new configuration that can change at run time. */
  reload(loaded: Loaded): void
  state(): LiveState
  /** What its operations port shows. */
  readonly port: Pick<OperationsPort, 'pages' | 'measure'>
  stop(): Promise<void>
}

/** How long a stop waits for rows of the audit log. */
const auditStopMs = 1_000

/** Puts a live instance together: Kafka, the store, the stages between them, delivery and the operations port. */
// oxlint-disable-next-line max-lines-per-function -- the list of the stages of an instance, in the order in which they start
export async function buildLive(parts: LiveParts): Promise<Instance> {
  const { loaded, clock: wall, log, metrics, tenant, onListening = () => {} } = parts
  const { config } = loaded
  let current = config
  const clock = steadyClock({
    wall,
    onStep: ms => log.warn({ ms }, 'the wall clock was set: durations are measured as if it had not been')
  })
  const fence = createFence({ ...config.kafka, clock: wall, log })
  const shop = createShopCurrency(config)
  const opened = await openConfigured(config, {
    onFailure: metrics.addStoreFailure,
    mayInsert: fence.pass,
    onNote: text => log.warn({}, text)
  })
  const self = ownInstance(config)
  const { pipeline } = config
  const stopping = new AbortController()
  const audit = createInstanceAudit({ writer: self.name, pipeline, store: opened, now: wall.now, clock, log })
  const feed = createFeed()
  const store = withChangesTold(
    withMigrationsNoted(opened, audit, () => void audit.run()),
    feed
  )
  const kafka = createKafkaMember({
    ...config.kafka,
    deadLetterTopics: config.deadLetter === 'topic',
    otherTopics: [...config.intake.topics, ...config.changes.topics],
    threads: readersOf(config, shop, metrics),
    fence,
    instance: self.address,
    clock,
    log
  })
  const sends = createSendFigures()
  const { delivery, facts, ...sending } = buildDelivery(config, {
    currency: shop.code,
    store,
    maySend: fence.pass,
    clock,
    log,
    onTemplateFailure: metrics.addTemplateFailure,
    onPictureMissed: metrics.addPictureMissed,
    ...countSends(metrics, sends)
  })
  const pings = createHttp({ timeoutMs: config.alerting.timeoutMs })
  const heartbeats = createHeartbeats({
    targets: config.heartbeats,
    ping: createPing(pings),
    maySend: fence.pass,
    clock,
    log,
    onPing: metrics.addHeartbeat
  })
  const stages = buildStages(config, log, shop, facts)
  const deadLetters = deadLettersOf(config, kafka.deadLetters, { fence, log })
  const live = createLive({
    pipeline: config.pipeline,
    historyMs: config.store.historyMs,
    ...stages,
    settings: liveSettingsOf(loaded, stages, facts),
    incidents: stages.newIncidents(store),
    source: withTakeoversNoted(kafka.source, audit),
    store,
    deadLetters,
    delivery,
    onClosed: heartbeats.windowsClosed,
    watchStall: createStallWatch({ afterMs: () => current.detectors[pipelineStalled.kind].afterMs }),
    clock,
    log,
    metrics
  })
  const intake = createIntake({
    ...{ pipeline: config.pipeline, store, now: wall.now },
    ratePerMinute: () => config.intake.ratePerMinute,
    onStored: live.serviceAlerts
  })
  const topicReaders = topicReadersOf(config, {
    ...{ intake, deadLetters, now: wall.now, clock, log },
    async tell(changes) {
      await store.insertChanges(changes)
      for (const change of changes) live.change(change)
    }
  })
  const port = buildOperationsPort({
    config,
    current: () => current,
    currency: shop.code,
    self,
    tenant,
    kafka,
    live,
    intake,
    delivery,
    sends: sends.now,
    heartbeats,
    store,
    feed,
    audit,
    wall,
    clock,
    log,
    metrics
  })

  return {
    audit,
    async run() {
      audit.record({ action: 'started', details: { version } })
      audit.record({ action: 'config_loaded', details: { hash: loaded.hash } })
      const { anonymise } = config.store
      if (anonymise !== undefined) {
        const isWorking = () => live.state().source.role === 'working'
        const parts = { pipeline, settings: anonymise, store, now: wall.now, isWorking, audit, clock, log }
        void anonymiseDaily(parts, stopping.signal)
      }
      if (config.deadLetter === 'file') await requireWritableFile(config.deadLetterFile)
      const address = await port.listen()
      self.listens(address)
      onListening(address)
      log.info(
        { address, instance: self.name },
        'operations port: /health, /healthz, /readyz, /status, /metrics'
      )
      await Promise.all([live.run(), topicReaders.run()])
    },
    reload(next) {
      current = next.config
      sending.reload(next.config)
      heartbeats.reload(next.config.heartbeats)
      live.reconfigure(liveSettingsOf(next, buildStages(next.config, log, shop, facts), facts))
    },
    state: live.state,
    port,
    async stop() {
      stopping.abort()
      await topicReaders.stop()
      await live.stop()
      await port.close()
      audit.record({ action: 'stopped' })
      await audit.stop(auditStopMs)
      await sending.close()
      await pings.close()
      await store.close()
    }
  }
}

/** What a reload can change, as the configuration has it now. */
function liveSettingsOf(
  { config, hash }: Loaded,
  { calendar, newDetection }: Stages,
  { loadOf }: DeliveryFacts
): LiveSettings {
  const isMuted = (kind: string) => (fromMs: number, toMs: number) =>
    calendar.mutes(kind, fromMs, toMs) !== undefined
  const mask = maskOf(config)
  const masked = <Fault extends { readonly error: string | undefined }>(fault: Fault): Fault => ({
    ...fault,
    error: fault.error === undefined ? undefined : mask(fault.error)
  })
  const stallVerdicts = createStallVerdicts(
    config.detectors[pipelineStalled.kind],
    isMuted(pipelineStalled.kind)
  )
  const outageVerdicts = createOutageVerdicts(
    config.detectors[storeUnavailable.kind],
    isMuted(storeUnavailable.kind)
  )
  return {
    configHash: hash,
    detectors: [config.detectors, config.calendar, config.calendarFiles],
    newDetection: isExpected => newDetection({ isExpected, bands: true }),
    incidents: incidentsSettingsOf(config, loadOf),
    reports: reportsSettingsOf(config),
    // Errors of Kafka and the store are sent and stored within findings.
    stallVerdicts: (stall, ...rest) => stallVerdicts(stall && masked(stall), ...rest),
    outageVerdicts: (state, open) =>
      outageVerdicts({ ...state, fault: state.fault && masked(state.fault) }, open)
  }
}
