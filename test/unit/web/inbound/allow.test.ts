import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { tokenOf } from '../../../../src/web/inbound/tokens.ts'
import { epoch } from '../../../support/alerts.ts'
import { type Inbound, incidentId, secrets, slackHeaders, startInbound } from '../../../support/inbound.ts'
import type { OnTestFinished } from '../../../support/program.ts'

const inside = '192.0.2.7'
const outside = '198.51.100.7'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const claim = { incidentId, severity: 'high', expiresAt: epoch + 1_000 } as const
const link = `/a/${tokenOf(secrets.linkSecret, claim)}`

type Ask = (
  inbound: Inbound,
  from: Readonly<Record<string, string>>
) => Promise<{ status: number; text: string }>
const get =
  (path: string, headers: object = {}): Ask =>
  (inbound, from) =>
    inbound.get(path, { ...headers, ...from })
const post =
  (path: string, body: string, headers: object): Ask =>
  (inbound, from) =>
    inbound.post(path, body, { ...headers, ...from })

const digest = createHmac('sha256', secrets.pagerdutyWebhookSecret).update('{}').digest('hex')
const signed = { 'x-pagerduty-signature': `v1=${digest}` }
const click = 'payload=%7B%7D'
/** Requests of each way that are right, but for where they come from. */
const ways = {
  operations: ['/health', '/healthz', '/readyz', '/status', '/status?of=own', '/metrics'].map(path =>
    get(path)
  ),
  slack: [post('/slack/interactions', click, slackHeaders(click, epoch))],
  pagerduty: [post('/pagerduty/webhook', '{}', { ...json, ...signed })],
  links: [get(link), post(link, 'by=Ann', form)],
  api: [
    get('/api/incidents', bearer(secrets.apiToken)),
    post('/api/silences', '{}', { ...json, ...bearer(secrets.apiToken) })
  ],
  intake: [
    get('/api/rate?kind=drift&model_id=m', bearer(secrets.intakeToken)),
    post('/api/alerts', '{}', { ...json, ...bearer(secrets.intakeToken) }),
    post('/api/alerts/alertmanager', '{}', { ...json, ...bearer(secrets.intakeToken) })
  ]
} as const
type Way = keyof typeof ways
const names = Object.keys(ways) as Way[]

const from = (address: string) => ({ 'x-forwarded-for': address })

const behindProxy = (
  onTestFinished: OnTestFinished,
  allow: Partial<Record<Way, string[]>>,
  ratePerMinute = 120
) => startInbound(onTestFinished, { ratePerMinute }, ['127.0.0.1'], allow)

describe.for(names)('%s', name => {
  test('is forbidden from elsewhere, whatever the request brings', async ({ onTestFinished }) => {
    const inbound = await behindProxy(onTestFinished, { [name]: ['192.0.2.0/24', '2001:db8::/32'] })
    for (const ask of ways[name]) {
      const refused = await ask(inbound, from(outside))
      expect(refused.status).toBe(403)
      expect(refused.text).toMatch(/forbidden/i)
    }
    expect(inbound.audit()).toEqual(ways[name].map(() => 'refused: address_not_allowed'))
    const way = name === 'links' ? 'link' : name
    const call = { way, reason: 'address_not_allowed', origin: outside }
    expect(inbound.recorded).toEqual(ways[name].map(() => call))
    expect(inbound.logged()).toContain(`"remote":"${outside}"`)
    expect(inbound.store.writes).toEqual(['incidents 1'])
  })

  test('is open to its addresses, and the other ways to everybody', async ({ onTestFinished }) => {
    const inbound = await behindProxy(onTestFinished, { [name]: ['192.0.2.0/24', '2001:db8::/32'] })
    for (const address of [inside, '2001:db8::5'])
      for (const ask of ways[name]) expect((await ask(inbound, from(address))).status).not.toBe(403)
    for (const other of names.filter(one => one !== name))
      for (const ask of ways[other]) expect((await ask(inbound, from(outside))).status).not.toBe(403)
  })

  test('counts such requests as ones that nobody signed', async ({ onTestFinished }) => {
    const inbound = await behindProxy(onTestFinished, { [name]: [inside] }, 2)
    const [ask] = ways[name] as readonly [Ask]
    const statuses = []
    for (let asked = 0; asked < 4; asked++) statuses.push((await ask(inbound, from(outside))).status)
    expect(statuses).toEqual([403, 403, 429, 429])
    expect((await ask(inbound, from(inside))).status).toBeLessThan(400)
    expect(inbound.audit().filter(line => line.startsWith('refused'))).toEqual([
      'refused: address_not_allowed',
      'refused: address_not_allowed',
      'refused: too_many_requests'
    ])
  })
})

test('the answer is one word, and a page for who follows a link', async ({ onTestFinished }) => {
  const inbound = await behindProxy(onTestFinished, { operations: [inside], links: [inside] })
  expect((await inbound.get('/metrics', from(outside))).text).toBe('{"error":"forbidden"}')
  const page = await inbound.get(link, from(outside))
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.text).toContain('Forbidden: this link cannot be used from your network.')
  expect(page.text).not.toContain('revenue_drop')
})

test('an address that is claimed counts for nothing', async ({ onTestFinished }) => {
  const allow = { operations: [inside] }
  const direct = await startInbound(onTestFinished, {}, null, allow)
  expect((await direct.get('/healthz', from(inside))).status).toBe(403)
  const behind = await behindProxy(onTestFinished, allow)
  const claims = [`${inside}, ${outside}`, 'unknown', `${inside}:443`, '']
  for (const claimed of claims) expect((await behind.get('/healthz', from(claimed))).status).toBe(403)
  expect((await behind.get('/healthz', from(`${outside}, ${inside}`))).status).toBe(200)
})

test('what a way that is shut says is only for its addresses', async ({ onTestFinished }) => {
  const shut = { secrets: { apiToken: null, intakeToken: null } }
  const allow = { api: [inside], intake: [inside] }
  const inbound = await startInbound(onTestFinished, shut, ['127.0.0.1'], allow)
  const answers = []
  for (const address of [inside, outside]) {
    answers.push((await inbound.get('/api/incidents', from(address))).status)
    answers.push((await inbound.post('/api/alerts', '{}', { ...json, ...from(address) })).status)
  }
  expect(answers).toEqual([404, 404, 403, 403])
})
