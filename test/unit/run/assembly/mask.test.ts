import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { maskOf } from '../../../../src/run/assembly/mask.ts'
import { createLogger } from '../../../../src/telemetry/log.ts'
import { createManualClock } from '../../../support/manual-clock.ts'

const slack = 'https://hooks.slack.com/services/T00000000/B00000000/slackSecret12345678'
const shorter = 'https://chat.example/hooks/shared'
const longer = 'https://chat.example/hooks/shared/longerSecret4711/end-of-it'
const key = 'k3y'.repeat(10).padEnd(32, 'Z')
const password = 'p&ss "w\\rd/%ü'
const kafkaPassword = 'scram "pass\\word" 4711'

const source = `
kafka:
  sasl: { mechanism: scram-sha-512, username: shop, password: ${JSON.stringify(kafkaPassword)} }
http:
  public_url: https://cartwatch.example
  link_secret: planted-link-secret
  slack_signing_secret: planted-slack-secret
  pagerduty_webhook_secret: planted-pagerduty-secret
  api_token: planted-api-token
  view_token: planted-view-token
  password: planted-password-1
  view_password: planted-password-2
  intake_token: planted-intake-token
store:
  url: http://localhost:8123
  password: ${JSON.stringify(password)}
  anonymise_after: 30d
  anonymise_secret: planted-key-of-hashes
receivers:
  slack: { type: slack, webhook_url: '${slack}' }
  shorter: { type: slack, webhook_url: '${shorter}' }
  longer: { type: slack, webhook_url: '${longer}' }
  pagerduty: { type: pagerduty, integration_key: ${key} }
routes:
  - { match: { kind: data_loss }, receiver: slack }
  - { match: { kind: revenue_drop }, receiver: shorter }
  - { match: { kind: traffic_drop }, receiver: longer }
  - default: pagerduty
`
const loaded = loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => source })
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
const mask = maskOf(loaded.config)
const noFiles = { caFile: undefined, certFile: undefined, keyFile: undefined, serverName: undefined }

/** What must appear nowhere, in whatever spelling. */
const secrets = [
  slack,
  shorter,
  longer,
  key,
  password,
  JSON.stringify(password).slice(1, -1),
  encodeURIComponent(password),
  Buffer.from(`default:${password}`).toString('base64'),
  'planted-link-secret',
  'planted-slack-secret',
  'planted-pagerduty-secret',
  'planted-api-token',
  'planted-view-token',
  'planted-password-1',
  'planted-password-2',
  'planted-intake-token',
  'planted-key-of-hashes',
  kafkaPassword,
  JSON.stringify(kafkaPassword).slice(1, -1)
]

/** What a log line with these fields looks like. */
function logged(fields: Readonly<Record<string, unknown>>, message = 'it happened'): string {
  const lines: string[] = []
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    }
  })
  createLogger({ level: 'debug', clock: createManualClock(0), to, mask }).error(fields, message)
  return lines.join('')
}

/** The parts of secrets that a line shows, as it stands there and as its reader sees it. */
function found(line: string): string[] {
  const texts: string[] = [line]
  JSON.parse(line, (name, value) => {
    texts.push(name, String(value))
    return value
  })
  const parts = [...secrets, 'slackSecret', 'longerSecret4711']
  return parts.filter(secret => texts.some(text => text.includes(secret)))
}

test.each(secrets)('a log line never shows %s, whatever it is in', secret => {
  const cause = new Error(`connect to ${secret} failed`)
  const error = Object.assign(new Error(`no answer from "${secret}"`, { cause }), { url: secret })
  const lines = [
    logged({ url: secret }),
    logged({ deep: { er: [{ of: secret }] } }),
    logged({ [secret]: 1 }),
    logged({ error }),
    logged({ error: `fault: ${secret}.` }),
    logged({}, `message with ${secret} in it`),
    logged({ body: JSON.stringify({ nested: secret }) }),
    logged({ list: [secret, `${secret}${secret}`] })
  ]
  expect(lines.flatMap(found)).toEqual([])
})

test('a webhook is known by its last 8 characters, a key and a password not at all', () => {
  expect(mask(`${slack} and ${key} and ${password}`)).toBe('***12345678 and *** and ***')
})

test('of two webhooks of which one begins like the other, both are masked to their own ends', () => {
  expect(mask(`${longer} ${shorter}`)).toBe('***nd-of-it ***')
})

test('the path of a webhook alone is a secret, too', () => {
  const { pathname } = new URL(slack)
  expect(mask(`POST ${pathname} answered 500`)).toBe('POST ***12345678 answered 500')
})

test('texts without a secret stay as they are', () => {
  expect(mask('Revenue dropped by 87% (https://grafana.example/d/shop?from=1).')).toBe(
    'Revenue dropped by 87% (https://grafana.example/d/shop?from=1).'
  )
})

test('credentials in a URL and webhooks of Slack are masked without being configured', () => {
  expect(
    mask('http://user:hunter2@clickhouse:8123/ https://hooks.slack.com/services/T/B/abcdefgh12345678')
  ).toBe('http://user:***@clickhouse:8123/ ***12345678')
})

test("a client's secret and a key's passphrase are masked, too", () => {
  const { config } = loaded
  const sasl = {
    mechanism: 'oauthbearer' as const,
    tokenUrl: 'https://login.example/token',
    clientId: 'shop',
    clientSecret: 'client-secret'
  }
  const tls = { ...noFiles, passphrase: 'open sesame', rejectUnauthorized: true }
  const maskKafka = maskOf({ ...config, kafka: { ...config.kafka, sasl, tls } })
  expect(maskKafka('client-secret of shop, open sesame')).toBe('*** of shop, ***')
})

test('an empty password masks nothing', () => {
  const plain = loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => '' })
  if (!plain.ok) throw new Error('the defaults are wrong')
  expect(maskOf(plain.config)('a text')).toBe('a text')
})
