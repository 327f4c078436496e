import type { AuditSink } from '../../audit/instance-audit.ts'
import type { Config } from '../../config/schema.ts'
import type { SendFigures } from '../../delivery/send-figures.ts'
import type { Delivery } from '../../delivery/types.ts'
import type { Intake } from '../../intake/intake.ts'
import { createOperating } from '../../operator/operator.ts'
import type { Heartbeats } from '../../selfcheck/heartbeat.ts'
import type { KafkaMember } from '../../source/kafka/client.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { InstanceMetrics } from '../../telemetry/metrics.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { LiveFacts } from '../../web/answers/live-facts.ts'
import type { ShopParts } from '../../web/answers/shop.ts'
import { askStatus } from '../../web/ask-status.ts'
import type { Feed } from '../../web/events/feed.ts'
import type { InboundOptions } from '../../web/inbound/context.ts'
import type { PagesOptions } from '../../web/pages.ts'
import type { Web } from '../../web/types.ts'
import { createWeb } from '../../web/web.ts'
import type { Live } from '../live/types.ts'
import { renderOptionsOf } from './channels.ts'
import { type GroupStatusParts, groupStatusOf } from './group-status.ts'
import type { OwnInstance } from './instance.ts'
import { maskedJson, maskOf } from './mask.ts'
import { maskedReadiness, readinessOf, receiverFigures } from './readiness.ts'
import { configuredRoutesOf, incidentsSettingsOf } from './routes.ts'
import { testSender } from './send-test.ts'
import { createTuneTrials } from './tune-trials.ts'
import { startTrialThread } from './tune-worker.ts'
import { workStatusOf } from './work-status.ts'

export interface OperationsPortParts {
  /** As it was at the start: the address and what is let in change only at a restart. */
  readonly config: Config
  /** As it is since the last reload. */
  readonly current: () => Config
  /** The shop's, as it is known now. */
  readonly currency: () => string
  readonly self: OwnInstance
  /** Whose it is, where several run side by side. */
  readonly tenant: string | undefined
  readonly kafka: Pick<KafkaMember, 'group' | 'ownedSince'>
  readonly live: Live
  readonly intake: Intake
  readonly delivery: Delivery
  /** How sending went since the start. */
  readonly sends: () => SendFigures
  readonly heartbeats: Heartbeats
  readonly store: Store
  /** Told of what is written to it. */
  readonly feed: Feed
  readonly audit: AuditSink
  /** Signatures of what comes in carry times by the wall clock. */
  readonly wall: Clock
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: InstanceMetrics
}

export interface OperationsPort extends Web {
  /** What it shows. */
  readonly pages: PagesOptions
  /** Brings the metrics up to date. */
  readonly measure: () => void
}

/** Health, status, metrics and the ways in, over HTTP. What receivers and the store answered may hold secrets: masked. */
export function buildOperationsPort(parts: OperationsPortParts): OperationsPort {
  const { config, current, self, tenant, kafka, live, delivery, heartbeats, clock, metrics } = parts
  const receiverNames = () => [...current().receivers.keys()]
  const readiness = () => readinessOf(live.state(), delivery, current(), clock.now())
  const group: GroupStatusParts = {
    pipeline: config.pipeline,
    tenant: tenant ?? null,
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
        receivers: new Map(receiverNames().map(name => [name, delivery.receiver(name)]))
      })
    },
    ask: askStatus,
    clock
  }
  const measure = () => {
    live.measure()
    metrics.setReceivers(receiverFigures(receiverNames(), delivery, clock.now()))
    metrics.setHeartbeatAges(heartbeats.ages())
  }
  const pages: PagesOptions = {
    readiness: () => maskedReadiness(readiness(), maskOf(current())),
    sends: parts.sends,
    status: async of => maskedJson(await groupStatusOf(group, of), maskOf(current())),
    metrics: () => {
      measure()
      return metrics.render()
    },
    metricsType: metrics.contentType
  }
  const liveFacts = (): LiveFacts => {
    const { source, detection } = live.state()
    return {
      instance: self.name,
      isActive: source.role === 'working' || source.role === 'restoring',
      lag: [...source.lag.values()].reduce((sum, one) => sum + one, 0),
      closedUntil: live.progress()?.closedUntil,
      readiness: pages.readiness(),
      warmup: detection?.warmup() ?? [],
      receivers: receiverNames().map(name => {
        const { last, ...state } = delivery.receiver(name)
        const mask = maskOf(current())
        return { name, ...state, last: last && { ...last, answer: mask(last.answer) } }
      })
    }
  }
  const tune = createTuneTrials({ config: current, start: startTrialThread, clock: parts.wall })
  const inbound = inboundOf({ ...parts, tune }, liveFacts)
  const web = createWeb({ http: config.http, ...pages, inbound })
  return {
    ...{ pages, measure, listen: web.listen },
    async close() {
      tune.stop()
      await web.close()
    }
  }
}

/** What the configuration lets in over HTTP: Slack's buttons, links, PagerDuty's webhook and the API. */
function inboundOf(
  parts: OperationsPortParts & Pick<ShopParts, 'tune'>,
  facts: () => LiveFacts
): InboundOptions {
  const { config, current, store, live, intake, audit, wall, log, tune } = parts
  const { pipeline, receivers } = config
  const secrets = () => current().http
  const operating = createOperating({
    pipeline,
    store,
    now: wall.now,
    onStored: live.act,
    onChange: live.change
  })
  const slackOrigins = new Set(
    [...receivers.values()].flatMap(receiver =>
      receiver.type === 'slack_bot' ? [new URL(receiver.apiUrl).origin] : []
    )
  )
  const shop: ShopParts = {
    ...{ store, tune },
    live: facts,
    config: current,
    currency: parts.currency,
    // A page has links and buttons of its own.
    renderOptions: () => ({
      ...renderOptionsOf(current(), parts.currency),
      ...{ incidentUrl: () => null, interactive: false }
    }),
    incidents: () => incidentsSettingsOf(current()),
    sendTest: testSender(current, { clock: wall, currency: parts.currency }),
    routing: () => configuredRoutesOf(current()).routingOf()
  }
  const { feed } = parts
  return { secrets, operating, shop, feed, clock: wall, intake, log, auditLog: audit, slackOrigins }
}
