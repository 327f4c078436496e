import { describe, expect, test } from 'vitest'
import { createDetection } from '../../../../detectors/detection.ts'
import type { Band } from '../../../../detectors/types.ts'
import { detectorsSchema } from '../../../../src/config/detectors.ts'
import type { WindowMetrics } from '../../../../src/metrics/types.ts'
import { seedsOf } from '../../../support/tries.ts'
import { minuteMs, windowAt } from './segment-shop.ts'

const learned = 200

/** One minute is enough, and the whole shop says nothing, so that only segments do. */
const newDetection = (segments: object = { min_windows: 1, spans: ['1m', '60m'] }) => {
  const { revenue_drop, traffic_drop, category_imbalance, ...others } = detectorsSchema.parse({ segments })
  const off = Object.entries(others).map(([name, one]) => [
    name,
    'enabled' in one ? { ...one, enabled: name === 'segments' } : one
  ])
  return createDetection({
    detectors: { revenue_drop, traffic_drop, category_imbalance, ...Object.fromEntries(off) },
    windowMs: minuteMs,
    timezone: 'UTC',
    currency: 'USD',
    segments: { watch: ['payment_method', 'country', 'category'], top: 50 },
    bands: true
  })
}

/** The window behind the learned ones, of a shop of so many orders a minute. */
const minuteOf = (seed: number, index = learned) =>
  windowAt({ seed, ordersPerMinute: 400, day: () => 1 }, index)

function judged(seed: number, change: (window: WindowMetrics) => WindowMetrics = window => window) {
  const detection = newDetection()
  for (let index = 0; index < learned; index += 1) detection.learn(minuteOf(seed, index))
  return detection.judge(change(minuteOf(seed)))
}

/** A segment has so much of a metric; orders go with their money. */
const withCount =
  (metric: string, segment: string, count: number) =>
  (window: WindowMetrics): WindowMetrics => ({
    ...window,
    segments: window.segments.map(one => {
      if (one.segment !== segment) return one
      if (one.metric === metric) return { ...one, value: count, numerator: count, sampleSize: count }
      const isMoney = one.metric === 'revenue' && metric === 'orders'
      return isMoney ? { ...one, value: 60 * count, numerator: 60 * count } : one
    })
  })

describe('a segment beyond the edge of its band is a finding where one window is enough, and one inside is none', () => {
  test.each([
    ['orders', 'payment_method=card', 'revenue_drop'],
    ['orders', 'country=US', 'revenue_drop'],
    ['events', 'country=DE', 'traffic_drop'],
    ['events', 'category=shoes', 'category_imbalance']
  ] as const)('%s of %s', (metric, segment, kind) => {
    for (const seed of seedsOf(3)) {
      const band = judged(seed).bands?.get(metric)?.get(segment) as Band
      expect(band).toMatchObject({ state: 'judged', upper: null })
      expect(band.lower).toBeGreaterThan(0)
      const edge = band.lower ?? 0
      const foundAt = (count: number) =>
        judged(seed, withCount(metric, segment, count))
          .findings.filter(one => one.kind === kind && one.segment === segment)
          .map(one => one.kind)
      expect(foundAt(edge * (1 - 1e-6))).toEqual([kind])
      expect(foundAt(edge * 1.005)).toEqual([])
    }
  })
})

describe('the bands of segments', () => {
  test('are of what is watched of the dimensions that are', () => {
    const { bands } = judged(1)
    expect([...(bands?.keys() ?? [])].toSorted()).toEqual(['events', 'orders', 'revenue'])
    const segments = (metric: string) => [...(bands?.get(metric)?.keys() ?? [])].filter(one => one !== 'all')
    expect(segments('orders')).toContain('payment_method=bank')
    expect(segments('events').filter(one => /^(device|payment)/.test(one))).toEqual([])
    const orders = bands?.get('orders')?.get('payment_method=card')
    const revenue = bands?.get('revenue')?.get('payment_method=card')
    expect((revenue?.expected ?? 0) / (orders?.expected ?? 1)).toBeCloseTo(60, -1)
    expect((revenue?.lower ?? 0) / (revenue?.expected ?? 1)).toBeCloseTo(
      (orders?.lower ?? 0) / (orders?.expected ?? 1)
    )
  })

  test('say that they are warming up or incomplete', () => {
    const nothing = { expected: null, lower: null, upper: null }
    const stateOf = (windows: number, complete: boolean) => {
      const detection = newDetection()
      for (let index = 0; index < windows; index += 1) detection.learn(minuteOf(1, index))
      const { bands } = detection.judge({ ...minuteOf(1, windows), complete })
      return bands?.get('orders')?.get('payment_method=card')
    }
    expect(stateOf(10, true)).toEqual({ state: 'warming_up', ...nothing })
    expect(stateOf(100, false)).toEqual({ state: 'incomplete', ...nothing })
  })
})
