import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { epoch } from '../../../support/alerts.ts'
import { incidentId, secrets, startInbound } from '../../../support/inbound.ts'

const path = '/pagerduty/webhook'

function eventOf(event: object = {}): string {
  return JSON.stringify({
    event: {
      id: '01CH754SM17TWPE2V2H4VPBRO7',
      event_type: 'incident.acknowledged',
      resource_type: 'incident',
      occurred_at: '2026-11-21T10:00:00.000Z',
      agent: { id: 'P1', type: 'user_reference', summary: 'Ann Example' },
      client: null,
      data: { id: 'PGR0VU2', type: 'incident', number: 2, incident_key: `cartwatch-${incidentId}-high` },
      ...event
    }
  })
}

const signed = (body: string, secret = secrets.pagerdutyWebhookSecret) =>
  `v1=${createHmac('sha256', secret).update(body).digest('hex')}`

const headersOf = (body: string, signature = signed(body)) => ({
  'content-type': 'application/json',
  'x-pagerduty-signature': signature
})

test.for(['incident.acknowledged', 'incident.resolved'])(
  '%s by a person acknowledges the incident of the key',
  async (event_type, { onTestFinished }) => {
    const inbound = await startInbound(onTestFinished)
    const body = eventOf({ event_type })
    const answer = await inbound.post(path, body, headersOf(body))
    expect([answer.status, answer.text]).toEqual([200, '{"status":"taken"}'])
    expect(await inbound.store.actions('shop', 0)).toEqual([
      {
        id: expect.any(String),
        pipeline: 'shop',
        action: 'acknowledge',
        at: epoch,
        by: 'Ann Example',
        via: 'pagerduty',
        incidentId,
        severity: 'high',
        silence: null
      }
    ])
  }
)

test('one of several signatures is enough, as while a secret is changed', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = eventOf({ data: { incident_key: `cartwatch-${incidentId}-high-2` } })
  const answer = await inbound.post(path, body, headersOf(body, `${signed(body, 'older')}, ${signed(body)}`))
  expect(answer.text).toBe('{"status":"taken"}')
})

test.for([
  ['no signature', undefined, 'not_signed'],
  ['the signature of another secret', signed(eventOf(), 'guessed'), 'wrong_signature'],
  ['the signature of another body', signed('{}'), 'wrong_signature']
] as const)('a request with %s is refused', async ([, signature, reason], { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const headers = {
    'content-type': 'application/json',
    ...(signature && { 'x-pagerduty-signature': signature })
  }
  const answer = await inbound.post(path, eventOf(), headers)
  expect([answer.status, answer.text]).toEqual([401, '{"error":"unauthorized"}'])
  expect(inbound.audit()).toEqual([`refused: ${reason}`])
  expect(await inbound.store.actions('shop', 0)).toEqual([])
})

test.for<[string, object, string]>([
  ['of another kind', { event_type: 'incident.triggered' }, 'another_event'],
  [
    'that no person caused, such as our own',
    { agent: { type: 'inbound_integration_reference' } },
    'no_person'
  ],
  ['without an agent', { agent: null }, 'no_person'],
  ['of an incident of others', { data: { incident_key: 'baf7cf21b1da41b4b0221008339ff357' } }, 'not_ours'],
  ['of an incident that we do not know', { data: { incident_key: 'cartwatch-gone-high' } }, 'unknown'],
  ['without a key', { data: {} }, 'not_ours'],
  ['of no shape', { id: 7 }, 'another_event']
])('an event %s is answered with 200 and ignored', async ([, change, reason], { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = eventOf(change)
  const answer = await inbound.post(path, body, headersOf(body))
  expect([answer.status, answer.text]).toEqual([200, '{"status":"ignored"}'])
  expect(inbound.audit()).toEqual([`ignored: ${reason}`])
  expect(await inbound.store.actions('shop', 0)).toEqual([])
})

test('an event that comes twice is taken once', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = eventOf()
  await inbound.post(path, body, headersOf(body))
  await inbound.post(path, body, headersOf(body))
  expect(inbound.audit()).toEqual(['taken: acknowledge by Ann Example', 'ignored: seen_before'])
})

test('an event that could not be stored is taken when it comes again', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = eventOf()
  inbound.store.isDown = true
  const failed = await inbound.post(path, body, headersOf(body))
  expect([failed.status, failed.text]).toEqual([503, '{"error":"unavailable"}'])
  inbound.store.isDown = false
  expect((await inbound.post(path, body, headersOf(body))).text).toBe('{"status":"taken"}')
})
