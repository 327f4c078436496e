import { describe, expect, test } from 'vitest'
import type { MetricDefinition, MetricValue } from '../../../../src/metrics/types.ts'
import { around, count, feed, ratio } from '../feed.ts'

const described = { description: '', unit: 'number', bad: 'either' } as const
const kind = 'metric_anomaly'
const fiveMinutes = 300_000

const gauge = (value: number): MetricValue => ({
  value,
  numerator: 0,
  denominator: 0,
  sampleSize: 1,
  squares: 0
})

describe('a metric anomaly', () => {
  const metrics: readonly MetricDefinition[] = [
    { ...described, name: 'queue_p95', kind: 'quantile', of: 'queue', share: 0.95 },
    { ...described, name: 'lookups', kind: 'count', of: 'lookups' },
    {
      ...described,
      name: 'hit_rate',
      kind: 'ratio',
      numerator: ['hits'],
      denominator: ['lookups'],
      unit: 'share'
    }
  ]
  const windows = 400
  /** Windows of five minutes; from the 390th on the values are those given. */
  const shop = (queue: number, searches: number, hits: number) => (window: number) => {
    const isLate = window >= 390
    const asked = around(isLate ? searches : 60, window, 'lookups')
    return {
      values: {
        queue_p95: gauge((isLate ? queue : 0.002) + around(100, window, 'queue') / 1e6),
        lookups: count(asked),
        hit_rate: ratio(Math.round(asked * (isLate ? hits : 0.8)), asked)
      }
    }
  }
  const options = { metrics: ['queue_p95', 'lookups', 'hit_rate'] }
  const found = (own: object, queue = 0.002, searches = 60, hits = 0.8) =>
    feed(
      { kind, options: { ...options, ...own }, metrics, windowMs: fiveMinutes },
      windows,
      shop(queue, searches, hits)
    )

  test('is found of a gauge near 0, of a count and of a share, from the first window on', () => {
    expect(found({}, 0.004)[0]).toMatchObject({
      metric: 'queue_p95',
      minute: 390,
      span: 1,
      severity: 'medium'
    })
    expect(found({}, 0.002, 200)[0]).toMatchObject({ metric: 'lookups', minute: 390, span: 1 })
    expect(found({}, 0.002, 60, 0.3)[0]).toMatchObject({ metric: 'hit_rate', minute: 390, span: 1 })
  })

  test('is none of steady metrics, nor of those that no one lists', () => {
    expect(found({})).toEqual([])
    expect(found({ metrics: [] }, 1, 500, 0)).toEqual([])
    expect(found({ metrics: ['lookups'] }, 1)).toEqual([])
  })

  test('says what was seen, what was expected and how rare that is', () => {
    const [first] = found({}, 0.002, 200)
    expect(first?.details).toMatch(
      /^lookups is [12]\d\d in 5 minutes, where [56]\d was expected: so far off is one window in 1,000,000\.$/
    )
    expect(first?.evidence).toMatchObject({ baseline: 'own_tail', span_windows: 1, metrics: 'lookups' })
  })

  test('names all metrics that are rare together, the rarest first', () => {
    const [first] = found({}, 0.5, 200)
    expect(first?.metric).toBe('queue_p95')
    expect(first?.evidence['metrics']).toBe('queue_p95, lookups')
    expect(first?.details).toMatch(/ With it: lookups\.$/)
  })

  test('of a metric of the user’s own is looked for in the direction that is bad, where the configuration says which', () => {
    const falling = metrics.map(metric => ({ ...metric, bad: 'drop' as const }))
    const own = { kind, options, metrics: falling, windowMs: fiveMinutes } as const
    expect(feed(own, windows, shop(0.002, 200, 0.8))).toEqual([])
    expect(feed(own, windows, shop(0.002, 5, 0.8))[0]).toMatchObject({ metric: 'lookups', minute: 390 })
  })

  test('adds up what a count lacks over its span', () => {
    const slow = feed(
      { kind, options: { metrics: ['lookups'] }, metrics, windowMs: fiveMinutes },
      windows,
      shop(0.002, 34, 0.8)
    )
    const longer = slow.find(({ span }) => span > 1)
    expect(longer?.value).toBeCloseTo(34 * (longer?.span ?? 0), -2)
    expect(longer?.expected).toBeGreaterThan(50 * (longer?.span ?? 0))
  })
})
