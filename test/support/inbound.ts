import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { createSendFigures } from '../../src/delivery/send-figures.ts'
import { createIntake } from '../../src/intake/intake.ts'
import { createOperating } from '../../src/operator/operator.ts'
import { configuredRoutesOf, incidentsSettingsOf } from '../../src/run/assembly/routes.ts'
import { createTuneTrials } from '../../src/run/assembly/tune-trials.ts'
import type { LiveFacts } from '../../src/web/answers/live-facts.ts'
import type { ShopParts } from '../../src/web/answers/shop.ts'
import { createFeed, type Feed } from '../../src/web/events/feed.ts'
import type { InboundOptions } from '../../src/web/inbound/context.ts'
import { createWeb } from '../../src/web/web.ts'
import { epoch, incidentOf } from './alerts.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'
import type { OnTestFinished } from './program.ts'
import { createRecordedLog } from './recorded-log.ts'

/** What must never show in an answer or a line of the log. */
export const secrets = {
  linkSecret: 'planted-link-secret-1',
  slackSigningSecret: 'planted-slack-secret-2',
  pagerdutyWebhookSecret: 'planted-pagerduty-secret-3',
  apiToken: 'planted-api-token-4',
  intakeToken: 'planted-intake-token-5'
}

export const incidentId = '5b2f0c7e-7d0b-5c55-9a4e-0f6d1f0a3b77'

/** What an empty configuration has. */
export function configOf(yaml = 'pipeline: shop', env: Readonly<Record<string, string>> = {}): Config {
  const loaded = loadConfig({ path: 'shop.yaml', env, readFile: () => yaml })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded))
  return loaded.config
}

const shopOf = (config: Config, store: MemoryStore, live: Partial<LiveFacts> = {}): ShopParts => ({
  store,
  live: () => ({
    instance: 'a',
    isActive: true,
    lag: 3,
    closedUntil: epoch - 60_000,
    readiness: { components: { kafka: { status: 'ok' } }, receivers: { slack: { status: 'ok' } } },
    warmup: [{ kind: 'revenue_drop', windowsSeen: 10, windowsNeeded: 45 }],
    receivers: [{ name: 'slack', waiting: 2, nextAt: null, breaker: 'closed', last: undefined }],
    ...live
  }),
  config: () => config,
  currency: () => 'USD',
  renderOptions: () => ({
    ...{ currency: 'USD', timezone: 'UTC', dashboardTemplate: null, runbooks: new Map() },
    ...{ incidentUrl: () => null, interactive: false }
  }),
  incidents: () => incidentsSettingsOf(config),
  sendTest: async receiver => (config.receivers.has(receiver) ? { accepted: true, answer: 'ok' } : undefined),
  routing: () => configuredRoutesOf(config).routingOf(),
  // Of a thread that never answers.
  tune: createTuneTrials({ config: () => config, start: () => () => {}, clock: { now: () => epoch } })
})

/** An instance that lets nobody in. */
export function closedInbound(): InboundOptions {
  const store = createMemoryStore()
  return {
    operating: createOperating({ pipeline: 'shop', store, now: () => epoch }),
    shop: shopOf(configOf(), store),
    feed: createFeed(),
    clock: createManualClock(epoch),
    intake: intakeOver(store, () => epoch),
    log: createRecordedLog(),
    auditLog: { record: () => {}, refused: () => {} },
    slackOrigins: new Set(),
    secrets: () => ({
      linkSecret: null,
      slackSigningSecret: null,
      pagerdutyWebhookSecret: null,
      apiToken: null,
      viewToken: null,
      password: null,
      viewPassword: null,
      intakeToken: null
    })
  }
}

/** Each way with one secret, but for those that are given otherwise. */
const oneEach: ReturnType<InboundOptions['secrets']> = {
  linkSecret: secrets.linkSecret,
  slackSigningSecret: [secrets.slackSigningSecret],
  pagerdutyWebhookSecret: [secrets.pagerdutyWebhookSecret],
  apiToken: [secrets.apiToken],
  viewToken: null,
  password: null,
  viewPassword: null,
  intakeToken: [secrets.intakeToken]
}

const intakeOver = (store: MemoryStore, now: () => number) =>
  createIntake({ pipeline: 'shop', store, now, ratePerMinute: () => 10, onStored: () => {} })

export interface Inbound {
  readonly url: string
  readonly store: MemoryStore
  readonly clock: ManualClock
  readonly feed: Feed
  close(): Promise<void>
  /** `message: reason` of each line of the audit, or what was taken. */
  audit(): readonly string[]
  /** What the audit log was given. */
  readonly recorded: readonly object[]
  /** All lines of the log as one text. */
  logged(): string
  post(path: string, body: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

interface Given extends Partial<Omit<InboundOptions, 'secrets'>> {
  readonly secrets?: Partial<ReturnType<InboundOptions['secrets']>>
}

/** A real server on loopback with every way open, and an open incident of revenue_drop at `high`. */
export async function startInbound(
  onTestFinished: OnTestFinished,
  { secrets: given, ...options }: Given = {},
  trustedProxies: readonly string[] | null = null,
  allow: Config['http']['allow'] = {},
  http: Partial<Config['http']> = {},
  live: Partial<LiveFacts> = {}
): Promise<Inbound> {
  const store = createMemoryStore()
  await store.insertIncidents([incidentOf({ id: incidentId, severity: 'high' })])
  const clock = createManualClock(epoch)
  const log = createRecordedLog()
  const recorded: object[] = []
  const feed = createFeed()
  const web = createWeb({
    http: {
      ...configOf().http,
      ...oneEach,
      ...given,
      port: 0,
      trustedProxies: trustedProxies && [...trustedProxies],
      allow,
      ...http
    },
    readiness: () => ({ components: {}, receivers: {} }),
    sends: createSendFigures().now,
    status: async () => '{}',
    metrics: async () => '',
    metricsType: 'text/plain',
    inbound: {
      operating: createOperating({ pipeline: 'shop', store, now: clock.now }),
      shop: shopOf(
        configOf(undefined, { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/planted' }),
        store,
        live
      ),
      feed,
      clock,
      intake: intakeOver(store, clock.now),
      log,
      auditLog: {
        record: ({ action, actor, origin, subject }) =>
          void recorded.push({ action, actor, origin, subject }),
        refused: call => void recorded.push(call)
      },
      slackOrigins: new Set(),
      secrets: () => ({ ...oneEach, ...given }),
      ...options
    }
  })
  onTestFinished(() => web.close())
  const url = await web.listen()
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { redirect: 'error', ...init })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  return {
    url,
    store,
    clock,
    feed,
    close: () => web.close(),
    audit: () =>
      log.lines
        .filter(({ message }) => message.startsWith('inbound request '))
        .map(
          ({ message, fields }) =>
            `${message.slice(16)}: ${'reason' in fields ? fields['reason'] : `${fields['does']} by ${fields['by']}`}`
        ),
    recorded,
    logged: () => JSON.stringify(log.lines),
    post: (path, body, headers = {}) => ask(path, { method: 'POST', body, headers }),
    get: (path, headers = {}) => ask(path, { headers })
  }
}

/** Headers as Slack signs a body at a time. */
export function slackHeaders(body: string, atMs: number, secret = secrets.slackSigningSecret) {
  const timestamp = String(Math.floor(atMs / 1_000))
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${digest}`
  }
}

export interface Receiver {
  readonly url: string
  /** The body of the next request, once it is there. */
  next(): Promise<unknown>
}

/** Takes JSON on loopback, as a response_url does. */
export async function startReceiver(onTestFinished: OnTestFinished): Promise<Receiver> {
  const bodies: unknown[] = []
  const waiting: ((body: unknown) => void)[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    const wake = waiting.shift()
    if (wake) wake(body)
    else bodies.push(body)
    response.end('ok')
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () => (bodies.length ? Promise.resolve(bodies.shift()) : new Promise(wake => waiting.push(wake)))
  }
}
