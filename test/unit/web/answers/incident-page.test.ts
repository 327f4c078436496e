import { expect, test } from 'vitest'
import type { MetricValue, WindowMetrics } from '../../../../src/metrics/types.ts'
import { minuteMs } from '../../../../src/time/units.ts'
import { incidentPage } from '../../../../src/web/api/incidents.ts'
import { anomalyAt, epoch, incidentOf, recordOf } from '../../../support/alerts.ts'
import { fitting } from '../../../support/fitting.ts'
import { type Inbound, incidentId, secrets, startInbound } from '../../../support/inbound.ts'

const bearer = { authorization: `Bearer ${secrets.apiToken}` }

const amount = (value: number): MetricValue => ({
  ...{ value, numerator: value, denominator: 1, sampleSize: value, squares: 0 }
})

const windowAt = (minute: number): WindowMetrics => ({
  start: epoch + minute * minuteMs,
  end: epoch + (minute + 1) * minuteMs,
  complete: true,
  records: 1,
  values: new Map(Object.entries({ events: amount(100), revenue: amount(10), orders: amount(2) })),
  segments: [{ metric: 'revenue', dimension: 'country', segment: 'country=DE', ...amount(4) }]
})

const at = (minute: number) => new Date(epoch + minute * minuteMs).toISOString()

async function pageOf(inbound: Inbound, id = incidentId) {
  return fitting(incidentPage, JSON.parse((await inbound.get(`/api/incidents/${id}`, bearer)).text))
}

const explainedBy = [
  { segment: 'country=DE' as const, share: 0.9, value: 1, expected: 10 },
  { segment: 'device=phone' as const, share: 0.4, value: 2, expected: 5 }
]
const lead = incidentOf({ id: incidentId, lastAnomaly: anomalyAt(2, { explainedBy }), explainedBy })
const [alert] = lead.alerts
const symptom = { kind: 'checkout_failure', metric: 'orders', severity: 'medium' } as const
const withSymptom = {
  ...lead,
  alerts: [...lead.alerts, { ...alert, ...symptom, id: 's', lastAnomaly: anomalyAt(2, symptom) }]
} as typeof lead

test('has what the message says, its series and those of its symptoms and segments on one axis', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  inbound.store.put([windowAt(-1), windowAt(0), windowAt(1)])
  await inbound.store.insertIncidents([withSymptom])
  await inbound.store.insertAnomalies([anomalyAt(2), anomalyAt(1, { kind: 'data_loss' })])
  const page = await pageOf(inbound, incidentId.slice(0, 8))
  expect(page.message).toMatchObject({
    headline: expect.stringContaining('Revenue dropped by 87% from baseline'),
    parts: expect.arrayContaining([expect.objectContaining({ key: 'where' })])
  })
  expect([page.from, page.to]).toEqual([at(2 - 120), at(2)])
  expect(page.series).toMatchObject({ metric: 'revenue', segment: 'all', from: page.from, to: page.to })
  expect(page.series?.value.slice(-3)).toEqual([10, 10, 10])
  expect(page.symptoms).toMatchObject([
    { kind: 'checkout_failure', alert: 's', series: { metric: 'orders', from: page.from } }
  ])
  expect(page.segments).toMatchObject([
    { segment: 'country=DE', share: 0.9, series: { metric: 'revenue', segment: 'country=DE' } },
    { segment: 'device=phone', share: 0.4, series: null }
  ])
  expect(page.anomalies_found.map(({ kind }) => kind)).toEqual(['revenue_drop'])
})

test('tells of every message with its reason, of what changed, and of what comes next', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  inbound.store.put([windowAt(0)])
  await inbound.store.insertAnomalies([anomalyAt(1)])
  await inbound.store.insertNotifications([
    recordOf({ incidentId, outcome: 'sent', attempts: 1, decidedAt: epoch + 2 * minuteMs })
  ])
  const body = JSON.stringify({ id: 'd1', kind: 'deploy', what: 'checkout 4.2', at: at(-5), by: 'ann' })
  expect(
    (await inbound.post('/api/changes', body, { ...bearer, 'content-type': 'application/json' })).status
  ).toBe(201)
  const page = await pageOf(inbound)
  expect(page.timeline).toMatchObject([
    { event: 'found', receiver: null },
    {
      event: 'notification',
      receiver: 'slack',
      text: expect.stringContaining('to notify at high (it opened)')
    }
  ])
  expect(page.changes).toMatchObject([{ what: 'checkout 4.2', at: at(-5) }])
  expect(page.routes).toContainEqual({ receiver: 'slack', text: 'matches' })
  expect(page.next.join()).toContain('it is over after')
})

test('of what is no metric of the shop there is a page without a series', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const lastAnomaly = anomalyAt(1, { kind: 'pipeline_stalled', metric: 'lag', unit: 'count' })
  await inbound.store.insertIncidents([incidentOf({ id: 'abcdef', kind: 'pipeline_stalled', lastAnomaly })])
  expect(await pageOf(inbound, 'abcdef')).toMatchObject({ metric: 'lag', series: null, symptoms: [] })
})
