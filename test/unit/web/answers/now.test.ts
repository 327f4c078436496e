import { expect, test } from 'vitest'
import type { Band } from '../../../../detectors/types.ts'
import type { MetricValue } from '../../../../src/metrics/types.ts'
import { minuteMs } from '../../../../src/time/units.ts'
import { nowAnswer } from '../../../../src/web/api/now.ts'
import { epoch, incidentOf } from '../../../support/alerts.ts'
import { fitting } from '../../../support/fitting.ts'
import { type Inbound, incidentId, secrets, startInbound } from '../../../support/inbound.ts'

const bearer = { authorization: `Bearer ${secrets.apiToken}` }

const ratioOf = (numerator: number, denominator: number): MetricValue => ({
  ...{ value: numerator / denominator, numerator, denominator, sampleSize: denominator, squares: 0 }
})

const band: Band = { state: 'judged', expected: 90, lower: 30, upper: null }

async function now(inbound: Inbound) {
  return fitting(nowAnswer, JSON.parse((await inbound.get('/api/now', bearer)).text))
}

test('before the first window nothing is known of the shop, and that is stale', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  expect(await now(inbound)).toMatchObject({
    pipeline_name: 'shop',
    as_of: null,
    stale: true,
    open_incidents: 1,
    pipeline: { late_last_hour: null, dead_letters_last_hour: null }
  })
})

test('shows each number with its last hours, its newest window and its last hour, and the pipeline', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  inbound.store.put(
    [-90, -2, -1].map(minute => ({
      start: epoch + minute * minuteMs,
      end: epoch + (minute + 1) * minuteMs,
      complete: minute !== -1,
      records: 1,
      values: new Map([
        ['events', ratioOf(50, 1)],
        ['revenue', ratioOf(minute === -2 ? 100 : 40, 1)],
        ['conversion_rate', ratioOf(minute === -2 ? 1 : 3, minute === -2 ? 10 : 90)],
        ['late_rate', ratioOf(4, 54)]
      ]),
      segments: [],
      bands: new Map([['revenue', new Map([['all' as const, band]])]])
    }))
  )
  const answer = await now(inbound)
  expect(answer).toMatchObject({
    as_of: new Date(epoch).toISOString(),
    stale: false,
    warming_up: [{ kind: 'revenue_drop', windows_seen: 10, windows_needed: 45 }],
    pipeline: {
      status: 'ready',
      role: 'active',
      instance: 'a',
      lag: 3,
      watermark_delay_ms: minuteMs,
      late_last_hour: 8,
      receivers: [{ name: 'slack', status: 'ok', waiting: 2 }]
    }
  })
  const tiles = Object.fromEntries(answer.tiles.map(tile => [tile.name, tile]))
  expect(tiles['revenue']).toMatchObject({
    latest: { value: 40, expected: 90, lower: 30, upper: null, band: 'judged', complete: false },
    last_hour: { value: 140, expected: 180 },
    incidents: [incidentId],
    series: { unit: 'money', currency: 'USD', step_ms: minuteMs }
  })
  expect(tiles['revenue']?.series.value).toHaveLength(180)
  expect(tiles['conversion']?.last_hour).toEqual({ value: 4 / 100, expected: null })
  expect(tiles['orders']).toMatchObject({ latest: null, last_hour: { value: null }, incidents: [] })
  await inbound.clock.advance(10 * minuteMs)
  expect(await now(inbound)).toMatchObject({ stale: true })
})

test('the gravest open incident comes first, of equal ones the one that lasts longest', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  await inbound.store.insertIncidents([
    incidentOf({ id: 'low', severity: 'low', openedAt: epoch - minuteMs }),
    incidentOf({ id: 'old', severity: 'high', openedAt: epoch - minuteMs }),
    incidentOf({ id: 'critical', severity: 'critical' }),
    incidentOf({ id: 'over', severity: 'critical', status: 'resolved' })
  ])
  const { incidents, open_incidents } = await now(inbound)
  expect([incidents.map(({ id }) => id), open_incidents]).toEqual([['critical', 'old', incidentId, 'low'], 4])
})
