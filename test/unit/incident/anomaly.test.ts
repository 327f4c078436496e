import { expect, test } from 'vitest'
import type { Finding } from '../../../detectors/types.ts'
import { anomalyOf } from '../../../src/incident/anomaly.ts'

const finding: Finding = {
  kind: 'revenue_drop',
  metric: 'revenue',
  unit: 'money' as const,
  additive: true,
  segment: 'all',
  severity: 'critical',
  windowStart: 0,
  windowEnd: 120_000,
  value: 0,
  expected: 100,
  details: 'Revenue dropped.',
  explainedBy: [],
  evidence: {}
}
const context = { pipeline: 'shop', configHash: 'abc' }

test('an anomaly keeps its id when it is detected again', () => {
  const first = anomalyOf(finding, context, 1)
  const again = anomalyOf({ ...finding, value: 3, windowStart: 60_000 }, { ...context, configHash: 'def' }, 2)
  expect(again.id).toBe(first.id)
  expect(first.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/)
  expect(first).toMatchObject({ pipeline: 'shop', configHash: 'abc', detectedAt: 1, value: 0 })
})

test('pipeline, kind, segment and window end each give another id', () => {
  const ids = [
    anomalyOf(finding, context, 1),
    anomalyOf(finding, { ...context, pipeline: 'other' }, 1),
    anomalyOf({ ...finding, kind: 'traffic_drop' }, context, 1),
    anomalyOf({ ...finding, segment: 'currency=EUR' }, context, 1),
    anomalyOf({ ...finding, windowEnd: 180_000 }, context, 1)
  ].map(({ id }) => id)
  expect(new Set(ids).size).toBe(5)
})
