import { createPing } from '../../channel/heartbeat/ping.ts'
import { createHttp } from '../../channel/http.ts'
import type { Loaded } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { createDelivery } from '../../delivery/delivery.ts'
import { createHeartbeats } from '../../selfcheck/heartbeat.ts'
import { createStallWatch } from '../../selfcheck/stall.ts'
import { createStallVerdicts } from '../../selfcheck/stall-findings.ts'
import { createOutageVerdicts } from '../../selfcheck/store-outage.ts'
import { countOnly, createDeadLetterFile } from '../../source/dead-letter-file.ts'
import type { Fence } from '../../source/fence.ts'
import { createFence } from '../../source/fence.ts'
import { createKafkaMember } from '../../source/kafka/client.ts'
import { type OpenStoreOptions, openStore } from '../../store/open.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { steadyClock } from '../../telemetry/steady-clock.ts'
import type { Logger, Metrics } from '../../telemetry/types.ts'
import { askStatus } from '../../web/ask-status.ts'
import { createWeb } from '../../web/web.ts'
import type { LiveSettings, LiveState } from '../live/types.ts'
import { createLive } from '../live.ts'
import { channelsOf, destinationsOf } from './channels.ts'
import { inboundOf } from './inbound.ts'
import { ownInstance } from './instance.ts'
import { maskedJson, maskOf } from './mask.ts'
import { maskedReadiness, readinessOf, receiverFigures } from './readiness.ts'
import { alertsOf, buildStages, type Stages } from './stages.ts'
import { statusOf, workStatusOf } from './status.ts'

export interface LiveParts {
  readonly loaded: Loaded
  /** The wall clock, as it is set. */
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

export interface Instance {
  run(): Promise<void>
  /** Takes over what can change while it runs. */
  reload(loaded: Loaded): void
  state(): LiveState
  stop(): Promise<void>
}

/** Puts the live line together: Kafka, the store, detection, alerts and the operations port. */
export async function buildLive({ loaded, clock: wall, log, metrics }: LiveParts): Promise<Instance> {
  const { config } = loaded
  const clock = steadyClock({
    wall,
    onStep: ms => log.warn({ ms }, 'the wall clock was set: what is measured goes on as if it were not')
  })
  let current = config
  const stages = buildStages(config, log)
  const fence = createFence({ ...config.kafka, clock: wall, log })
  const store = await openConfigured(config, { onFailure: metrics.addStoreFailure, mayInsert: fence.pass })
  const self = ownInstance(config)
  const kafka = createKafkaMember({
    ...config.kafka,
    deadLetterTopics: config.deadLetter === 'topic',
    fence,
    instance: self.address,
    clock,
    log
  })
  let channels = channelsOf(config, clock)
  const delivery = createDelivery({
    ...destinationsOf(config, channels),
    rules: config.alerting,
    store,
    maySend: fence.pass,
    clock,
    random: Math.random,
    log,
    onOutcome({ receiver, outcome, latencyMs }) {
      metrics.addNotification(receiver, outcome)
      if (outcome === 'sent' && latencyMs !== null) metrics.observeNotification(receiver, latencyMs)
    },
    onAttempt: metrics.addAttempt
  })
  const pings = createHttp({ timeoutMs: config.alerting.timeoutMs })
  const heartbeats = createHeartbeats({
    beats: config.heartbeats,
    ping: createPing(pings),
    maySend: fence.pass,
    clock,
    log,
    onPing: metrics.addHeartbeat
  })
  const live = createLive({
    pipeline: config.pipeline,
    historyMs: config.store.historyMs,
    windows: stages.windows,
    settings: rulesOf(loaded, stages),
    incidents: stages.newAlerting(store),
    decodeOf: stages.decodeOf,
    evaluate: stages.evaluate,
    source: kafka.source,
    store,
    deadLetters: deadLettersOf(config, kafka.deadLetters, fence),
    delivery,
    onClosed: heartbeats.beat,
    watchStall: createStallWatch({ afterMs: () => current.detectors.pipeline_stalled.afterMs }),
    clock,
    log,
    metrics
  })
  const readiness = () => readinessOf(live.state(), delivery, current, clock.now())
  const status = {
    pipeline: config.pipeline,
    groupName: config.kafka.group,
    group: kafka.group,
    self: () => ({ name: self.name, role: live.state().source.role }),
    ownWork() {
      const { role } = live.state().source
      if (role !== 'working' && role !== 'restoring') return undefined
      return workStatusOf({
        instance: self.name,
        since: kafka.ownedSince(),
        progress: live.progress(),
        readiness: readiness(),
        receivers: new Map([...current.receivers.keys()].map(one => [one, delivery.receiver(one)]))
      })
    },
    ask: askStatus,
    clock
  }
  const web = createWeb({
    ...config.http,
    readiness: () => maskedReadiness(readiness(), maskOf(current)),
    // What a receiver or the store answered may hold anything.
    status: async of => maskedJson(await statusOf(status, of), maskOf(current)),
    metrics: () => {
      live.measure()
      metrics.setReceivers(receiverFigures([...current.receivers.keys()], delivery, clock.now()))
      metrics.setHeartbeatAges(heartbeats.ages())
      return metrics.render()
    },
    metricsType: metrics.contentType,
    inbound: inboundOf({ config, store, live, clock: wall, log })
  })

  return {
    async run() {
      const address = await web.listen()
      self.listens(address)
      log.info({ address, instance: self.name }, 'operations port: /healthz, /readyz, /status, /metrics')
      await live.run()
    },
    reload(next) {
      const former = channels
      current = next.config
      channels = channelsOf(next.config, clock)
      delivery.reload({
        ...destinationsOf(next.config, channels),
        rules: next.config.alerting
      })
      heartbeats.redirect(next.config.heartbeats)
      live.reconfigure(rulesOf(next, buildStages(next.config, log)))
      void former.close()
    },
    state: live.state,
    async stop() {
      await live.stop()
      await web.close()
      await channels.close()
      await pings.close()
      await store.close()
    }
  }
}

/** Opens the store that the configuration names. */
export function openConfigured(
  { store }: Pick<Config, 'store'>,
  watched: Pick<OpenStoreOptions, 'onFailure' | 'mayInsert'> = {}
): Promise<Store> {
  const { url, ...rest } = store
  return openStore({ ...rest, ...(url !== undefined && { url }), ...watched })
}

function rulesOf({ config, hash }: Loaded, { calendar, newDetection }: Stages): LiveSettings {
  return {
    configHash: hash,
    detectors: [config.detectors, config.calendar, config.calendarFiles],
    newDetection,
    alerts: alertsOf(config),
    stallVerdicts: createStallVerdicts(
      config.detectors.pipeline_stalled,
      (fromMs, toMs) => calendar.mutes('pipeline_stalled', fromMs, toMs) !== undefined
    ),
    outageVerdicts: createOutageVerdicts(
      config.detectors.store_unavailable,
      (fromMs, toMs) => calendar.mutes('store_unavailable', fromMs, toMs) !== undefined
    )
  }
}

function deadLettersOf(
  { deadLetter, deadLetterFile }: Config,
  topics: ReturnType<typeof createKafkaMember>['deadLetters'],
  fence: Fence
) {
  switch (deadLetter) {
    case 'topic':
      return topics
    case 'file':
      return createDeadLetterFile(deadLetterFile, fence)
    case 'count':
      return countOnly
    default:
      throw deadLetter satisfies never
  }
}
