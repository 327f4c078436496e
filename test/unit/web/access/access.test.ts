import { request } from 'node:http'
import { expect, test } from 'vitest'
import { minuteMs } from '../../../../src/time/units.ts'
import { incidentId, startInbound } from '../../../support/inbound.ts'
import type { OnTestFinished } from '../../../support/program.ts'

const password = 'planted-password-of-people'
const viewPassword = 'planted-password-of-viewers'
const viewToken = 'planted-token-of-viewers'
const json = { 'content-type': 'application/json' }
const path = `/api/incidents/${incidentId}/acknowledge`

const none = {
  linkSecret: null,
  slackSigningSecret: null,
  pagerdutyWebhookSecret: null,
  apiToken: null,
  intakeToken: null
}

/** Nothing is configured, so that this machine alone may ask. */
const startOpen = (onTestFinished: OnTestFinished, http: object = {}) =>
  startInbound(onTestFinished, { secrets: none }, null, {}, http)

const startShut = (onTestFinished: OnTestFinished, http: object = {}, proxies: string[] | null = null) =>
  startInbound(
    onTestFinished,
    { secrets: { ...none, password: [password], viewPassword: [viewPassword], viewToken: [viewToken] } },
    proxies,
    {},
    http
  )

/** Under another name than that of the address, and from another of ours, which fetch cannot do. */
function statusUnder(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/api/session`, { headers }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

test('on loopback without any secret, this machine may do all without signing in', async ({
  onTestFinished
}) => {
  const inbound = await startOpen(onTestFinished)
  const session = await inbound.get('/api/session')
  expect([session.status, JSON.parse(session.text)]).toEqual([
    200,
    { name: null, role: 'operate', by: 'open', expires_at: null }
  ])
  expect((await inbound.post(path, '{"by":"ann"}', json)).status).toBe(200)
  expect(inbound.audit()).toEqual(['taken: acknowledge by ann'])
})

test.for<[string, Record<string, string>]>([
  ['a name that another site led to this machine', { host: 'shop.example' }],
  ['a proxy, by the address it passes on', { 'x-forwarded-for': '203.0.113.5' }],
  ['a proxy, by its own name', { via: '1.1 proxy' }]
])('what is open to this machine alone is not open to %s', async ([, headers], { onTestFinished }) => {
  const { url } = await startOpen(onTestFinished)
  expect(await statusUnder(url, headers)).toBe(401)
  expect(await statusUnder(url, {})).toBe(200)
})

test.for<[string, object]>([
  ['a host that others reach', { host: '0.0.0.0' }],
  ['a public URL', { publicUrl: 'https://cartwatch.example' }],
  ['proxies', { trustedProxies: ['10.0.0.1'] }],
  ['Slack, which must reach it', { slackSigningSecret: ['planted-slack-secret'] }]
])('%s makes it open to nobody', async ([, http], { onTestFinished }) => {
  const inbound = await startOpen(onTestFinished, http)
  expect((await inbound.get('/api/session')).status).toBe(404)
})

test('a password signs a person in, whose name actions then have, until the cookie is over', async ({
  onTestFinished
}) => {
  const inbound = await startShut(onTestFinished)
  expect((await inbound.get('/api/session')).status).toBe(401)
  const signedIn = await inbound.post('/api/session', JSON.stringify({ name: 'ann', password }), json)
  expect([signedIn.status, JSON.parse(signedIn.text)]).toEqual([
    200,
    { name: 'ann', role: 'operate', by: 'password', expires_at: '2026-11-21T22:00:00.000Z' }
  ])
  const set = signedIn.headers.get('set-cookie') ?? ''
  expect(set).toMatch(/^cartwatch_session=[\w.-]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
  const cookie = { cookie: set.split(';')[0] ?? '' }
  expect((await inbound.post(path, '{"by":"ben"}', { ...json, ...cookie })).status).toBe(200)
  expect(await inbound.store.actions('shop', 0)).toMatchObject([{ by: 'ann', via: 'api' }])
  expect(inbound.recorded).toMatchObject([
    { way: 'api', reason: 'unauthorized' },
    { action: 'signed_in', actor: 'ann', origin: '127.0.0.1' },
    { action: 'acknowledge', actor: 'ann' }
  ])
  expect((await inbound.get('/api/session', { cookie: `${cookie.cookie}x` })).status).toBe(401)
  await inbound.clock.advance(12 * 60 * minuteMs)
  expect((await inbound.get('/api/session', cookie)).status).toBe(401)
  expect(inbound.logged()).not.toContain('planted')
})

test('behind TLS the cookie is Secure, and signing out takes it back', async ({ onTestFinished }) => {
  const inbound = await startShut(onTestFinished, { publicUrl: 'https://cartwatch.example' })
  const signedIn = await inbound.post('/api/session', JSON.stringify({ name: 'ann', password }), json)
  expect(signedIn.headers.get('set-cookie')).toMatch(/; Secure$/)
  const out = await fetch(`${inbound.url}/api/session`, { method: 'DELETE' })
  expect(out.headers.get('set-cookie')).toContain('cartwatch_session=; Path=/; Max-Age=0;')
})

test('who may only look can change nothing', async ({ onTestFinished }) => {
  const inbound = await startShut(onTestFinished)
  const body = JSON.stringify({ name: 'eve', password: viewPassword })
  const signedIn = await inbound.post('/api/session', body, json)
  const cookie = { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '' }
  const token = { authorization: `Bearer ${viewToken}` }
  for (const who of [cookie, token]) {
    expect((await inbound.get('/api/incidents', who)).status).toBe(200)
    const refused = await inbound.post(path, '{"by":"eve"}', { ...json, ...who })
    expect([refused.status, refused.text]).toEqual([403, '{"error":"forbidden"}'])
  }
  expect(await inbound.store.actions('shop', 0)).toEqual([])
  expect(inbound.audit()).toEqual(['refused: may_only_view', 'refused: may_only_view'])
})

test('after ten wrong passwords even the right one waits for the next minute', async ({ onTestFinished }) => {
  const inbound = await startShut(onTestFinished)
  const signIn = async (given: string) =>
    (await inbound.post('/api/session', JSON.stringify({ name: 'ann', password: given }), json)).status
  for (let tried = 0; tried < 10; tried++) expect(await signIn('wrong')).toBe(401)
  expect(await signIn(password)).toBe(429)
  await inbound.clock.advance(minuteMs)
  expect(await signIn(password)).toBe(200)
})

test.for<[string, Record<string, string>, number]>([
  ['our own page', { 'sec-fetch-site': 'same-origin', ...json }, 200],
  [
    'our own page through a proxy that changed the host',
    { 'sec-fetch-site': 'same-origin', origin: 'https://w.example', ...json },
    200
  ],
  ['a page of another site', { 'sec-fetch-site': 'cross-site', ...json }, 403],
  ['a neighbour under the same domain', { 'sec-fetch-site': 'same-site', ...json }, 403],
  ['another origin, of an old browser', { origin: 'https://evil.example', ...json }, 403],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 403]
])(
  'a change that comes from %s is taken only where it is our own',
  async ([, headers, status], { onTestFinished }) => {
    const inbound = await startOpen(onTestFinished)
    expect((await inbound.post(path, '{"by":"ann"}', headers)).status).toBe(status)
  }
)

test('a proxy that signed somebody in is believed, and nobody else who names a user', async ({
  onTestFinished
}) => {
  const http = { userHeader: 'x-forwarded-user', operators: ['ann'] }
  const believed = await startShut(onTestFinished, http, ['127.0.0.1'])
  const who = async (name: string) =>
    JSON.parse((await believed.get('/api/session', { 'x-forwarded-user': name })).text)
  expect(await who('ann')).toMatchObject({ name: 'ann', role: 'operate', by: 'proxy' })
  expect(await who('eve')).toMatchObject({ name: 'eve', role: 'view', by: 'proxy' })
  const other = await startShut(onTestFinished, http, ['10.0.0.1'])
  expect((await other.get('/api/session', { 'x-forwarded-user': 'ann' })).status).toBe(401)
})
