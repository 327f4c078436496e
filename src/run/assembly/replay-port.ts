import type { Config } from '../../config/schema.ts'
import { createSendFigures } from '../../delivery/send-figures.ts'
import { createIntake } from '../../intake/intake.ts'
import { createOperating } from '../../operator/operator.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { createMetrics } from '../../telemetry/metrics.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { LiveFacts } from '../../web/answers/live-facts.ts'
import type { Feed } from '../../web/events/feed.ts'
import type { PagesOptions } from '../../web/pages.ts'
import type { Status } from '../../web/status.ts'
import type { Readiness, Web } from '../../web/types.ts'
import { createWeb } from '../../web/web.ts'
import { renderOptionsOf } from './channels.ts'
import { receiverOf } from './readiness.ts'
import type { ShownReplay } from './replay.ts'
import { configuredRoutesOf, incidentsSettingsOf } from './routes.ts'
import { testSender } from './send-test.ts'
import { createTuneTrials } from './tune-trials.ts'
import { startTrialThread } from './tune-worker.ts'

export interface ReplayPortParts {
  readonly config: Config
  /** One that keeps what it decides. */
  readonly run: ShownReplay
  /** The one that the replay tells of what it keeps. */
  readonly feed: Feed
  /** The event time that is reached before the first window. */
  readonly startMs: number
  readonly clock: Clock
  readonly log: Logger
}

/** The page and the API over a replay that is under way: the present is the event time that it has reached. */
export function buildReplayPort({ config, run, feed, startMs, clock, log }: ReplayPortParts): Web {
  const { pipeline } = config
  const { store } = run
  if (store === undefined) throw new Error('a replay that keeps nothing has nothing to show')
  const now = () => run.reached() ?? startMs
  const operating = createOperating({ pipeline, store, now, onStored: run.act })
  const nothing = () => {}
  const tune = createTuneTrials({ config: () => config, start: startTrialThread, clock: { now } })
  const web = createWeb({
    http: config.http,
    ...pagesOf(config, run, now),
    inbound: {
      secrets: () => config.http,
      operating,
      shop: {
        ...{ store, tune },
        config: () => config,
        currency: run.currencyCode,
        routing: () => configuredRoutesOf(config).routingOf(),
        live: () => liveFactsOf(config, run, now()),
        renderOptions: () => ({
          ...renderOptionsOf(config, run.currencyCode),
          ...{ incidentUrl: () => null, interactive: false }
        }),
        incidents: () => incidentsSettingsOf(config),
        sendTest: testSender(() => config, { clock, currency: run.currencyCode })
      },
      feed,
      clock,
      intake: createIntake({ pipeline, store, now, ratePerMinute: () => 0, onStored: nothing }),
      log,
      auditLog: { record: nothing, refused: nothing },
      slackOrigins: new Set()
    }
  })
  return {
    listen: web.listen,
    async close() {
      tune.stop()
      await web.close()
    }
  }
}

/** A replay has read all that it has been given, and waits for nobody. */
function liveFactsOf(config: Config, run: ShownReplay, nowMs: number): LiveFacts {
  return {
    instance: config.pipeline,
    isActive: true,
    lag: 0,
    closedUntil: run.reached() === undefined ? undefined : nowMs - config.windows.graceMs,
    readiness: readinessOf(config, run),
    warmup: run.warmup(),
    receivers: [...config.receivers.keys()].map(name => ({ name, ...run.receiver(name) }))
  }
}

const readinessOf = (config: Config, run: ShownReplay): Readiness => ({
  components: { store: { status: 'ok' }, detection: { status: 'ok' } },
  receivers: Object.fromEntries(
    [...config.receivers.keys()].map(name => [name, receiverOf(run.receiver(name))])
  )
})

function pagesOf(config: Config, run: ShownReplay, now: () => number): PagesOptions {
  const metrics = createMetrics({ ofProcess: false })
  return {
    readiness: () => readinessOf(config, run),
    sends: createSendFigures().now,
    status: async () => JSON.stringify(statusAt(now(), config.pipeline)),
    metrics: metrics.render,
    metricsType: metrics.contentType
  }
}

const statusAt = (nowMs: number, pipeline: string): Status => ({
  at: new Date(nowMs).toISOString(),
  pipeline,
  tenant: null,
  group: pipeline,
  answered_by: null,
  group_state: null,
  members: null,
  group_error: 'a replay has no group in Kafka',
  work: null,
  work_error: null,
  committed: null
})
