import { expect, test } from 'vitest'
import { deliveriesAnswer } from '../../../../src/web/api/deliveries.ts'
import { receiversAnswer, routesTestAnswer } from '../../../../src/web/api/receivers.ts'
import { epoch, recordOf } from '../../../support/alerts.ts'
import { fitting } from '../../../support/fitting.ts'
import { incidentId, secrets, startInbound } from '../../../support/inbound.ts'

const bearer = { authorization: `Bearer ${secrets.apiToken}` }

test('lists notifications with their outcome and reason, page by page', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  await inbound.store.insertNotifications([
    recordOf({ id: 'a', incidentId, decidedAt: epoch, outcome: 'sent', attempts: 2, answer: 'ok' }),
    recordOf({
      id: 'b',
      decidedAt: epoch + 1,
      receiver: 'pagerduty',
      outcome: 'muted',
      reason: { type: 'silenced', silenceId: '1119aa9d-408d' }
    })
  ])
  const get = async (query: string) =>
    fitting(deliveriesAnswer, JSON.parse((await inbound.get(`/api/deliveries?${query}`, bearer)).text))
  const first = await get('limit=1')
  expect(first.deliveries).toMatchObject([
    { id: 'b', outcome: 'muted', reason_text: 'silenced (silence 1119aa9d)' }
  ])
  expect(await get(`limit=1&cursor=${first.next_cursor}`)).toMatchObject({
    deliveries: [{ id: 'a', outcome: 'sent', attempts: 2, reason_text: 'it opened' }]
  })
  expect((await get(`incident=${incidentId.slice(0, 8)}`)).deliveries).toMatchObject([{ id: 'a' }])
  expect((await get('outcome=muted&receiver=pagerduty')).deliveries).toMatchObject([{ id: 'b' }])
  expect((await inbound.get('/api/deliveries?incident=ffffff', bearer)).status).toBe(404)
})

test('lists receivers with what waits for them; a standby does not know that', async ({ onTestFinished }) => {
  const list = async (isActive: boolean) => {
    const inbound = await startInbound(onTestFinished, {}, null, {}, {}, { isActive })
    return fitting(receiversAnswer, JSON.parse((await inbound.get('/api/receivers', bearer)).text))
  }
  const live = { waiting: 2, next_at: null, breaker: 'closed', last: null }
  expect(await list(true)).toEqual({ alerts: 'on', receivers: [{ name: 'slack', type: 'slack', live }] })
  expect(await list(false)).toMatchObject({ receivers: [{ name: 'slack', live: null }] })
})

test('says which routes an alert takes', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const get = async (query: string) =>
    JSON.parse((await inbound.get(`/api/routes/test?${query}`, bearer)).text)
  const answer = fitting(
    routesTestAnswer,
    await get('kind=revenue_drop&severity=critical&segment=country=DE')
  )
  expect(answer).toMatchObject({
    at: '2026-11-21T10:00:00.000Z',
    labels: { country: 'DE' },
    receivers: ['slack'],
    digested: false,
    escalation: null
  })
  expect(answer.routes).toContainEqual({ receivers: ['slack'], outcome: 'matched', why: '' })
  expect((await get('kind=nothing&severity=low')).message).toMatch(/^kind is none of revenue_drop, /)
  expect((await get('kind=data_loss&severity=bad')).message).toBe(
    'severity is "bad"; expected low, medium, high or critical'
  )
})

test('sends a test message for who may operate, which is in the audit log', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const headers = { ...bearer, 'content-type': 'application/json' }
  const sent = await inbound.post('/api/receivers/slack/test', '{"by":"ann"}', headers)
  expect(JSON.parse(sent.text)).toEqual({ receiver: 'slack', accepted: true, answer: 'ok' })
  expect(inbound.recorded).toMatchObject([{ action: 'test_sent', actor: 'ann', subject: 'slack' }])
  expect((await inbound.post('/api/receivers/none/test', '{"by":"ann"}', headers)).status).toBe(404)
  expect((await inbound.post('/api/receivers/slack/test', '{}', headers)).status).toBe(400)
})
