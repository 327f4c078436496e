import { expect, test } from 'vitest'
import { epoch } from '../../../support/alerts.ts'
import { secrets, slackHeaders, startInbound } from '../../../support/inbound.ts'

const ways = ['/slack/interactions', '/pagerduty/webhook', '/a/token', '/api/silences']
const bearer = { authorization: `Bearer ${secrets.apiToken}` }

test.for(ways)('%s refuses a body that is too large before it reads it', async (path, { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const headers = { ...bearer, 'content-type': 'application/x-www-form-urlencoded' }
  expect((await inbound.post(path, 'x'.repeat(300_000), headers)).status).toBe(413)
  expect(inbound.audit()).toEqual([expect.stringMatching(/^refused: (too_large|413)$/)])
})

test.for(ways)('%s refuses a body of another type', async (path, { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  expect((await inbound.post(path, '<a/>', { ...bearer, 'content-type': 'text/xml' })).status).toBe(415)
})

test('requests that nobody signed are refused in each way from too many on, and logged once a minute', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished, { ratePerMinute: 2 })
  const answers = []
  for (const path of [
    '/api/incidents',
    '/api/silences',
    '/a/token',
    '/api/incidents',
    '/api/incidents',
    '/a/token'
  ])
    answers.push((await inbound.get(path)).status)
  expect(answers).toEqual([401, 401, 404, 429, 429, 404])
  expect(inbound.audit()).toEqual([
    'refused: unauthorized',
    'refused: unauthorized',
    'refused: bad_link',
    'refused: too_many_requests',
    'refused: bad_link'
  ])
  // The log has a line a minute of those beyond the limit; the audit log counts each.
  expect(inbound.recorded.flatMap(call => ('reason' in call ? call.reason : []))).toEqual([
    ...['unauthorized', 'unauthorized', 'bad_link', 'too_many_requests', 'too_many_requests', 'bad_link']
  ])
  expect((await inbound.get('/healthz')).status).toBe(200)
})

test('they keep nobody out who may act', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished, { ratePerMinute: 1 })
  for (let asked = 0; asked < 5; asked++) {
    await inbound.get('/api/incidents')
    await inbound.post('/slack/interactions', '')
  }
  for (let asked = 0; asked < 5; asked++)
    expect((await inbound.get('/api/incidents', bearer)).status).toBe(200)
  const click = 'payload=%7B%7D'
  expect((await inbound.post('/slack/interactions', click, slackHeaders(click, epoch))).status).toBe(200)
})

test('behind a trusted proxy each remote address has a bucket of its own', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished, { ratePerMinute: 1 }, ['127.0.0.1'])
  const from = (address: string) => inbound.get('/api/incidents', { 'x-forwarded-for': address })
  const statuses = []
  for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) statuses.push((await from(address)).status)
  expect(statuses).toEqual([401, 429, 401])
})

test('without one, an address that somebody claims is none', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished, { ratePerMinute: 1 })
  const from = (address: string) => inbound.get('/api/incidents', { 'x-forwarded-for': address })
  expect([(await from('192.0.2.1')).status, (await from('192.0.2.2')).status]).toEqual([401, 429])
})

test('a way that is not configured is not there', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished, {
    secrets: { linkSecret: null, slackSigningSecret: null, pagerdutyWebhookSecret: null }
  })
  const answers = [
    await inbound.post('/slack/interactions', ''),
    await inbound.post('/pagerduty/webhook', ''),
    await inbound.get('/a/token')
  ]
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
})
