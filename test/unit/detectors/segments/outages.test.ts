import { median } from 'simple-statistics'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../../detectors/types.ts'
import { feed, named, segmentsOf } from './feed.ts'
import { type Cell, minuteMs, type SegmentShop, startMs, windowAt } from './segment-shop.ts'

const from = 180
const seeds = Array.from({ length: 20 }, (_, i) => i + 1)

interface Told {
  /** Windows from the beginning to the end of the one that shows it. */
  readonly after: number
  readonly findings: readonly Finding[]
}

/** What is told of a shop to which something is done from the third hour on, for `minutes`. */
function told(shop: Omit<SegmentShop, 'rate'>, rate: (cell: Cell) => number, minutes = 40): Told {
  const changed: SegmentShop = {
    ...shop,
    rate: (cell, atMs) => (atMs >= startMs + from * minuteMs ? rate(cell) : 1)
  }
  const windows = feed(segmentsOf(), index => windowAt(changed, index), 0, from + minutes)
  expect(windows.slice(0, from).flat()).toEqual([])
  const first = windows.findIndex(findings => findings.length > 0)
  return { after: first < 0 ? Number.POSITIVE_INFINITY : first - from + 1, findings: windows.flat() }
}

const kindsOf = (findings: readonly Finding[]) => [...new Set(findings.map(named))].sort()
const subjectsOf = (findings: readonly Finding[]) => [
  ...new Set(findings.map(({ kind, segment }) => `${kind} ${segment}`))
]

describe('a segment that falls', () => {
  test('a payment method with 30 % of 50 orders a minute that is dead is found in 3 minutes in the median', () => {
    // Some of its shoppers pay in another way.
    const runs = seeds.map(seed =>
      told({ seed, ordersPerMinute: 50 }, ({ method }) => (method === 'paypal' ? 0 : method ? 1.15 : 1), 15)
    )
    expect(median(runs.map(({ after }) => after))).toBe(3)
    for (const { findings } of runs)
      expect(kindsOf(findings)).toEqual(['revenue_drop payment_method=paypal high'])
  })

  test('it is told with money, a span and what may be wrong', () => {
    const { findings } = told({ seed: 1, ordersPerMinute: 50 }, ({ method }) => (method === 'paypal' ? 0 : 1))
    expect(findings[0]).toMatchObject({
      kind: 'revenue_drop',
      segment: 'payment_method=paypal',
      metric: 'revenue',
      severity: 'high',
      value: 0,
      explainedBy: []
    })
    expect(findings[0]?.details).toMatch(
      /^Orders of payment_method=paypal dropped by 100% against those of the others \(\d\d → 0 orders, \$\d,\d{3} → \$0 in \d minutes\)\. Possible failure of this payment method\.$/
    )
  })

  test('a country without events is one finding, whatever else of it is gone', () => {
    for (const seed of [1, 2, 3]) {
      const { after, findings } = told({ seed, ordersPerMinute: 20 }, ({ country }) =>
        country === 'DE' ? 0 : 1
      )
      expect(after).toBeLessThanOrEqual(4)
      expect(subjectsOf(findings)).toEqual(['traffic_drop country=DE'])
    }
  })

  test('a category without a single event is gone', () => {
    const { after, findings } = told({ seed: 1, ordersPerMinute: 20 }, ({ category }) =>
      category === 'hats' ? 0 : 1
    )
    expect(after).toBe(2)
    expect(subjectsOf(findings)).toEqual(['category_imbalance category=hats'])
    expect(findings[0]).toMatchObject({ metric: 'category_share', severity: 'medium', value: 0 })
    expect(findings[0]?.expected).toBeCloseTo(0.15, 1)
    expect(findings[0]?.details).toMatch(
      /^Hardly an event of category=hats: 0 where \d+ were expected in 2 min/
    )
  })

  test('a category that loses most of its events is of medium severity too', () => {
    const { findings } = told({ seed: 1, ordersPerMinute: 20 }, ({ of, category }) =>
      of === 'events' && category === 'shoes' ? 0.3 : 1
    )
    expect(kindsOf(findings)).toEqual(['category_imbalance category=shoes medium'])
    expect(findings[0]?.details).toMatch(
      /^Far fewer events of category=shoes: \d+ where \d+ were expected in /
    )
  })

  test('a category that cannot be bought shows in its revenue', () => {
    const { findings } = told({ seed: 1, ordersPerMinute: 50 }, ({ of, category }) =>
      of === 'orders' && category === 'shoes' ? 0 : 1
    )
    expect(subjectsOf(findings)).toEqual(['revenue_drop category=shoes'])
  })

  test('a flash sale in one category is no drop of the others, and low', () => {
    const { findings } = told({ seed: 1, ordersPerMinute: 50 }, ({ category }) =>
      category === 'hats' ? 4 : 1
    )
    expect(kindsOf(findings)).toEqual(['category_imbalance category=hats low'])
  })

  test('a country that does not join a rush of all the others has lost nothing', () => {
    const { findings } = told({ seed: 1, ordersPerMinute: 50 }, ({ country }) => (country === 'DE' ? 1 : 3))
    expect(findings).toEqual([])
  })

  test('what a flash sale draws from another category is measured by those that did not rise', () => {
    const { findings } = told({ seed: 1, ordersPerMinute: 50 }, ({ category }) =>
      category === 'hats' ? 6 : category === 'shoes' ? 0.7 : 1
    )
    expect(kindsOf(findings)).toEqual(['category_imbalance category=hats low'])
  })

  test('what falls evenly is of no segment', () => {
    const { findings } = told({ seed: 1, ordersPerMinute: 50 }, ({ of }) => (of === 'orders' ? 0 : 1))
    expect(findings).toEqual([])
  })

  test('a method that only one country has is one finding', () => {
    const klarnaInGermany: SegmentShop = {
      seed: 3,
      ordersPerMinute: 100,
      rate: ({ country, method }, atMs) => {
        if (method !== 'klarna') return 1
        if (country !== 'DE') return 0
        return atMs >= startMs + from * minuteMs ? 0 : 4
      }
    }
    const watch = ['payment_method', 'country', 'category', 'country × payment_method']
    const windows = feed(segmentsOf({ watch }), index => windowAt(klarnaInGermany, index), 0, from + 40)
    expect(subjectsOf(windows.flat())).toEqual(['revenue_drop payment_method=klarna'])
  })

  test('a combination is told where neither of its two dimensions shows it', () => {
    const shop: SegmentShop = {
      seed: 2,
      ordersPerMinute: 200,
      rate: ({ country, method }, atMs) =>
        country === 'GB' && method === 'paypal' && atMs >= startMs + from * minuteMs ? 0 : 1
    }
    const watch = ['payment_method', 'country', 'country × payment_method']
    const windows = feed(segmentsOf({ watch }), index => windowAt(shop, index), 0, from + 40)
    expect(subjectsOf(windows.flat())).toEqual(['revenue_drop country=GB × payment_method=paypal'])
  })

  test.each([
    ['10 seconds', 10_000],
    ['5 minutes', 300_000],
    ['15 minutes', 900_000]
  ])('it is found in windows of %s', (_, windowMs) => {
    const windows = (6 * 3_600_000) / windowMs
    const shop: SegmentShop = {
      seed: 1,
      ordersPerMinute: 100,
      windowMs,
      rate: ({ method }, atMs) => (method === 'paypal' && atMs >= startMs + 5 * 3_600_000 ? 0 : 1)
    }
    const findings = feed(segmentsOf({ windowMs }), index => windowAt(shop, index), 0, windows).flat()
    expect(subjectsOf(findings)).toEqual(['revenue_drop payment_method=paypal'])
    const late = (findings[0]?.windowEnd ?? 0) - (startMs + 5 * 3_600_000)
    expect(late).toBeLessThanOrEqual(Math.max(5 * minuteMs, 2 * windowMs))
  })
})
