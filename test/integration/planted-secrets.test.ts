import { expect, test } from 'vitest'
import { type EchoingReceivers, openEchoingReceivers } from '../support/echoing-receivers.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { doneUntil, pipelineConfig, type TestEngine, useEngine } from '../support/pipeline.ts'
import { runCommand, startProgram } from '../support/program.ts'
import { flushOfShop, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

/** A secret a variable; what is looked for has none of the eight last characters, which of a webhook may be shown. */
const planted = {
  SLACK: 'planted/slack-webhook/b0rlq',
  SLACK_BOT: 'xoxb-planted-bot-token-8w2nd',
  PAGERDUTY: 'plantedpagerdutykey0123456789abc',
  SMTP_LOGIN: 'planted smtp"password/x7',
  TEAMS: 'planted-teams-signature-m3k',
  WEBHOOK: 'planted-webhook-address-v5c',
  WEBHOOK_SECRET: 'planted-webhook-hmac-key-q1z',
  HEARTBEAT: 'planted-heartbeat-check-u8e',
  LINK: 'planted-key-of-links-k4t',
  SIGNING: 'planted-slack-signing-key-j2y',
  PAGERDUTY_WEBHOOK: 'planted-pagerduty-webhook-z6h',
  API: 'planted-token-of-the-api-h0s',
  INTAKE: 'planted-token-of-the-intake-h0s',
  VIEW: 'planted-token-of-viewers-r5d',
  PASSWORD: 'planted-password-of-people-t2g',
  VIEW_PASSWORD: 'planted-password-of-viewers-y9b',
  ANONYMISE: 'planted-key-of-anonymous-names-p9w'
} as const
const env = Object.fromEntries(Object.entries(planted).map(([name, secret]) => [`PLANTED_${name}`, secret]))

/** How a secret can stand in a text. */
const spellings = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  ...[secret, `watcher:${secret}`, `\0watcher\0${secret}`].map(text => Buffer.from(text).toString('base64'))
]

/** The names of the secrets that a text shows. */
const shownIn = (text: string, secrets: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(secrets).flatMap(([name, secret]) =>
    spellings(secret).some(spelling => text.includes(spelling)) ? [name] : []
  )

/** As the file names a secret. */
const named = (name: keyof typeof planted) => `\${PLANTED_${name}}`

const receiversAt = ({ url, smtpPort }: EchoingReceivers) => ({
  hook: { type: 'slack', webhook_url: `${url}/services/T0/${named('SLACK')}/lastpart` },
  bot: { type: 'slack', bot_token: named('SLACK_BOT'), channel: 'alerts', api_url: `${url}/api` },
  pager: { type: 'pagerduty', integration_key: named('PAGERDUTY'), url: `${url}/v2/enqueue` },
  mail: {
    type: 'email',
    host: '127.0.0.1',
    port: smtpPort,
    tls: 'none',
    user: 'watcher',
    password: named('SMTP_LOGIN'),
    from: 'cartwatch@shop.example',
    to: ['duty@shop.example']
  },
  teams: { type: 'teams', webhook_url: `${url}/teams?sig=${named('TEAMS')}&v=lastpart` },
  other: {
    type: 'webhook',
    url: `${url}/${named('WEBHOOK')}/lastpart`,
    secret: named('WEBHOOK_SECRET')
  },
  alive: { type: 'heartbeat', url: `${url}/${named('HEARTBEAT')}/lastpart`, every: '10s' }
})

const publicUrl = 'https://watch.shop.example'

const toAll = [
  ...['hook', 'bot', 'pager', 'mail', 'teams'].map(receiver => ({ receiver, continue: true })),
  { default: 'other' }
]

/** What is asked of the operations port, and with what status it is answered. */
const requests = (link: string, incident: string): readonly (readonly [string, number, RequestInit])[] => {
  const json = { 'content-type': 'application/json' }
  const authorization = `Bearer ${planted.API}`
  const forged = {
    'x-slack-signature': 'v0=00',
    'x-slack-request-timestamp': '0',
    'x-pagerduty-signature': 'v1=00'
  }
  return [
    ['/readyz', 200, {}],
    ['/status', 200, {}],
    ['/metrics', 200, {}],
    [link, 200, {}],
    ['/a/forged', 404, {}],
    ...[
      'incidents',
      `incidents/${incident}`,
      'now',
      'receivers',
      'deliveries',
      'metrics',
      'openapi.json'
    ].map(path => [`/api/${path}`, 200, { headers: { authorization } }] as const),
    [
      '/api/receivers/bot/test',
      200,
      { method: 'POST', headers: { authorization, ...json }, body: '{"by":"ann"}' }
    ],
    [
      '/api/session',
      200,
      { method: 'POST', headers: json, body: JSON.stringify({ name: 'ann', password: planted.PASSWORD }) }
    ],
    [
      '/api/session',
      401,
      {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ name: 'ann', password: `${planted.PASSWORD}x` })
      }
    ],
    ['/api/silences', 400, { method: 'POST', headers: { authorization, ...json }, body: '{}' }],
    ['/api/incidents', 401, { headers: { authorization: `${authorization}x` } }],
    [
      '/slack/interactions',
      401,
      { method: 'POST', headers: forged, body: new URLSearchParams({ payload: '{}' }) }
    ],
    ['/pagerduty/webhook', 401, { method: 'POST', headers: { ...forged, ...json }, body: '{}' }],
    [link, 200, { method: 'POST', body: new URLSearchParams({ by: 'Ann' }) }]
  ]
}

async function allRows(engine: TestEngine): Promise<string> {
  const tables = await engine.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'realtime'"
  )
  const rows = await Promise.all(tables.map(({ name }) => engine.rows(`SELECT * FROM realtime.${name}`)))
  return JSON.stringify(rows)
}

describeWithKafka('a program with secrets wherever they can be', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('shows none of them in its log, pages, rows and commands, whatever receivers answer', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const receivers = await openEchoingReceivers(onTestFinished)
    const startMs = Math.floor(Date.now() / 1_000) * 1_000
    const outage = { from: 70, to: 80 }
    const stream = { seed: 3, startMs, sizeMs: 1_000, graceMs: 500, partitions: 1, sessions: 12, outage }
    const windows = Array.from({ length: 80 }, (_, index) => windowOfShop(stream, index))
    const config = pipelineConfig({
      pipeline: uniqueName('planted'),
      topic,
      brokers: kafka.bootstrap,
      store: { ...engine.section(), anonymise_after: '30d', anonymise_secret: named('ANONYMISE') },
      more: {
        detectors: { baseline: { warm_up: '60s' } },
        receivers: receiversAt(receivers),
        routes: toAll,
        http: {
          port: 0,
          public_url: publicUrl,
          link_secret: named('LINK'),
          slack_signing_secret: named('SIGNING'),
          pagerduty_webhook_secret: named('PAGERDUTY_WEBHOOK'),
          api_token: named('API'),
          view_token: named('VIEW'),
          password: named('PASSWORD'),
          view_password: named('VIEW_PASSWORD'),
          intake_token: named('INTAKE')
        },
        log: { level: 'debug' }
      }
    })
    const secrets = { ...planted, STORE: engine.endpoint.password }
    const program = await startProgram(config, { onTestFinished, env })
    await kafka.produce(topic, [...windows.flat(), ...flushOfShop(stream, 80)])
    await doneUntil(kafka, topic, startMs + 80_000)
    const told = await until('each receiver to have answered', async () => {
      const rows = await engine.rows<{ receiver: string }>(
        "SELECT DISTINCT receiver FROM realtime.notifications WHERE answer != ''"
      )
      return rows.length === 6 && rows.map(({ receiver }) => receiver).sort()
    })
    expect(told).toEqual(['bot', 'hook', 'mail', 'other', 'pager', 'teams'])
    expect(receivers.logins).toBeGreaterThan(0)

    const at = ['--config', program.configPath]
    const [incident] = await engine.rows<{ id: string }>('SELECT id FROM realtime.incidents LIMIT 1')
    const commands = [
      ['check-config', '--print'],
      ['explain', '--json', incident?.id ?? ''],
      ['test-alert', '--receiver', 'bot'],
      ['test-alert', '--receiver', 'mail']
    ]
    const shown: Record<string, string> = {}
    const { address } = await program.logged('operations port')
    const link = new RegExp(`${publicUrl}(/a/[\\w.~-]+)`).exec(receivers.bodies.join())?.[1] ?? ''
    for (const [path, status, init] of requests(link, incident?.id ?? '')) {
      const answer = await fetch(`${address}${path}`, init)
      shown[`${init.method ?? 'GET'} ${path} ${status}`] = await answer.text()
      expect(answer.status, path).toBe(status)
    }
    const written = await Promise.all(commands.map(args => runCommand([...args, ...at], env)))
    for (const [index, { out, errors }] of written.entries()) shown[String(commands[index])] = out + errors
    shown['log'] = program.written()
    shown['rows'] = await allRows(engine)
    for (const [where, text] of Object.entries(shown)) {
      expect(text.length, where).toBeGreaterThan(10)
      expect(shownIn(text, secrets), where).toEqual([])
    }
  })
})
