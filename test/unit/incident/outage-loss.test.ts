import { describe, expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import { uniformOf } from '../../../producer/random.ts'
import { anomalyOf } from '../../../src/incident/anomaly.ts'
import type { StoredIncident } from '../../../src/incident/types.ts'
import type { MetricValue, WindowMetrics } from '../../../src/metrics/types.ts'
import { alertingOn, createMemory } from '../../support/alerts.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'

const windowMs = 300_000
const mondayMs = Date.UTC(2026, 8, 7)
const usualOrders = 100
const orderValue = 55
const usualRevenue = usualOrders * orderValue

/** What is left of the usual orders in a window of five minutes. */
type Left = number | 'no events' | 'incomplete'
type Phase = readonly [windows: number, left: Left]

const countOf = (count: number): MetricValue => ({
  value: count,
  numerator: count,
  denominator: 1,
  sampleSize: count,
  squares: 0
})

function windowOf(index: number, left: Left): WindowMetrics {
  const uniform = uniformOf(index, 'window')
  const around = (mean: number) => Math.round(mean * (0.97 + 0.06 * uniform()))
  const orders = left === 'no events' ? 0 : around(usualOrders * (left === 'incomplete' ? 0.5 : left))
  const events = left === 'no events' ? 0 : around(4_000)
  const revenue = countOf(orders * orderValue)
  return {
    start: mondayMs + index * windowMs,
    end: mondayMs + (index + 1) * windowMs,
    complete: left !== 'incomplete',
    records: events,
    segments: [],
    values: new Map([
      ['events', countOf(events)],
      ['orders', countOf(orders)],
      ['revenue', { ...revenue, sampleSize: orders, squares: orders * orderValue ** 2 }]
    ])
  }
}

/** A shop is usual until Thursday noon, then has these phases; gives what its incident of revenue says it lost. */
function lossAfter(...phases: readonly Phase[]): number | null | undefined {
  const usual = 3.5 * 288
  const lefts = [[usual, 1] as const, ...phases, [24, 1] as const].flatMap(([windows, left]) =>
    Array<Left>(windows).fill(left)
  )
  const common = { windowMs, timezone: 'UTC', currency: 'USD' }
  const detection = createDetection({ ...common, detectors: detectorDefaults })
  const incidents = alertingOn(createMemory())
  const ended: StoredIncident[] = []
  for (const [index, left] of lefts.entries()) {
    const window = windowOf(index, left)
    const verdict = detection.judge(window)
    const anomalies = verdict.findings.map(finding =>
      anomalyOf(finding, { pipeline: 'shop', configHash: 'c' }, window.end)
    )
    const changes = incidents.onWindow(verdict, anomalies, window.end)
    ended.push(...changes.incidents.filter(one => one.kind === 'revenue_drop' && one.status === 'resolved'))
  }
  expect(ended).toHaveLength(1)
  return ended[0]?.loss
}

/** As far as the baseline may be off. */
const baselineError = 0.02

function expectLoss(loss: number | null | undefined, windows: number) {
  const lost = windows * usualRevenue
  expect(loss).toBeGreaterThan((1 - baselineError) * lost)
  expect(loss).toBeLessThan((1 + baselineError) * lost)
}

describe('the loss of a simulated outage is what its windows lack', () => {
  test('when no order comes for an hour', () => {
    expectLoss(lossAfter([12, 0]), 12)
  })

  test('when two in five orders come for an hour', () => {
    expectLoss(lossAfter([12, 0.4]), 12 * 0.6)
  })

  test('when it gets worse by and by', () => {
    expectLoss(lossAfter([4, 0.5], [4, 0.2], [4, 0]), 4 * 0.5 + 4 * 0.8 + 4)
  })

  test('when customers come back and buy half as much again after it', () => {
    expectLoss(lossAfter([12, 0], [6, 1.5]), 12)
  })

  test('without windows that are incomplete', () => {
    expectLoss(lossAfter([4, 0], [3, 'incomplete'], [5, 0]), 9)
  })

  test('without windows that have no event at all, which may be missing data', () => {
    expectLoss(lossAfter([4, 0], [3, 'no events'], [5, 0]), 9)
  })
})
