import { expect, test } from 'vitest'
import { secrets, startInbound } from '../../../support/inbound.ts'

const bearer = { authorization: `Bearer ${secrets.intakeToken}`, 'content-type': 'application/json' }
const drift = {
  kind: 'drift',
  model_id: 'm1',
  metric: 'psi',
  current_value: 0.3,
  baseline_value: 0.1,
  severity: 'warning'
}

test('one alert is accepted with its incident once it is stored, and a repeated one is a duplicate', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  const body = JSON.stringify({ ...drift, idempotency_key: 'k' })
  const first = await inbound.post('/api/alerts', body, bearer)
  const again = await inbound.post('/api/alerts', body, bearer)
  const { incident } = JSON.parse(first.text)
  expect([first.status, JSON.parse(first.text)]).toEqual([202, { status: 'accepted', incident }])
  expect([again.status, JSON.parse(again.text)]).toEqual([202, { status: 'duplicate', incident }])
  expect(await inbound.store.unseenServiceAlerts('shop', 0)).toMatchObject([
    { kind: 'drift', segment: 'model=m1 × metric=psi', severity: 'medium', incidentId: incident }
  ])
})

test('a list has a result for each; the eleventh of a kind and model waits', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const eleven = JSON.stringify(Array.from({ length: 11 }, () => drift))
  const some = await inbound.post('/api/alerts', eleven, bearer)
  expect(some.status).toBe(202)
  expect(JSON.parse(some.text).results.at(-1)).toEqual({ status: 'rate_limited', retry_after_s: 60 })
  const none = await inbound.post('/api/alerts', JSON.stringify(drift), bearer)
  expect([none.status, none.headers.get('retry-after'), JSON.parse(none.text)]).toEqual([
    429,
    '60',
    {
      error: 'rate_limited',
      retry_after_s: 60,
      message: 'Too many alerts of this kind and model: the next one is accepted in 60 s.'
    }
  ])
  const rate = (query: string) => inbound.get(`/api/rate?${query}`, bearer)
  expect(JSON.parse((await rate('kind=drift&model_id=m1')).text)).toEqual({
    allowed: false,
    retry_after_s: 60
  })
  expect(JSON.parse((await rate('kind=drift&model_id=m2')).text)).toEqual({ allowed: true, retry_after_s: 0 })
  expect((await rate('kind=drift')).status).toBe(400)
})

test('what is wrong is told by its place, and nothing of the list is accepted', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  const wrong = await inbound.post(
    '/api/alerts',
    JSON.stringify([drift, { ...drift, model_id: 'a b' }]),
    bearer
  )
  expect([wrong.status, JSON.parse(wrong.text).message]).toEqual([
    400,
    '[1].model_id is "a b"; expected letters, digits and . : / _ -, 1 to 128 of them'
  ])
  expect((await inbound.post('/api/alerts', '{', bearer)).status).toBe(400)
  expect((await inbound.post('/api/alerts', '[]', bearer)).status).toBe(400)
  expect(await inbound.store.unseenServiceAlerts('shop', 0)).toEqual([])
})

test('without the store nothing is accepted: 503', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  inbound.store.isDown = true
  const answer = await inbound.post('/api/alerts', JSON.stringify(drift), bearer)
  expect([answer.status, JSON.parse(answer.text)]).toEqual([503, { error: 'unavailable' }])
})

test('its token does nothing else, and that of the API sends no alerts', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const api = { ...bearer, authorization: `Bearer ${secrets.apiToken}` }
  expect((await inbound.get('/api/incidents', bearer)).status).toBe(401)
  expect((await inbound.post('/api/alerts', JSON.stringify(drift), api)).status).toBe(401)
  const closed = await startInbound(onTestFinished, { secrets: { intakeToken: null } })
  const answer = await closed.post('/api/alerts', JSON.stringify(drift), bearer)
  expect([answer.status, JSON.parse(answer.text).message]).toEqual([
    404,
    'The intake of alerts is off: http.intake_token (CARTWATCH_INTAKE_TOKEN) turns it on.'
  ])
})

test('Alertmanager is answered for all of its alerts together', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const alert = {
    status: 'firing',
    labels: { alertname: 'HighLatency', severity: 'critical', job: 'api' },
    annotations: { summary: 'p99 is above 2 s' },
    startsAt: '2026-11-21T09:58:00Z',
    fingerprint: 'f1'
  }
  const body = JSON.stringify({ version: '4', alerts: [alert, { ...alert, fingerprint: 'f2' }] })
  const answer = await inbound.post('/api/alerts/alertmanager', body, bearer)
  expect(answer.status).toBe(202)
  expect(await inbound.store.unseenServiceAlerts('shop', 0)).toMatchObject([
    { segment: 'service=api × alert=HighLatency:f1', severity: 'critical' },
    { segment: 'service=api × alert=HighLatency:f2', severity: 'critical' }
  ])
})
