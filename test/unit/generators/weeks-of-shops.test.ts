import { describe, expect, test } from 'vitest'
import { ofCountry, withAbroad } from '../../generators/abroad.ts'
import { withLaterRefunds } from '../../generators/later-refunds.ts'
import { marketTotals } from '../../generators/market.ts'
import { marketPlan } from '../../generators/market-plan.ts'
import type { MinuteTotals } from '../../generators/totals/totals.ts'

const minutesOf = (seed: number, days = 1): MinuteTotals[] => [
  ...marketTotals(marketPlan({ seed, ordersPerMinute: 5, incidents: false, days }))
]
const total = (minutes: readonly MinuteTotals[], of: (one: MinuteTotals) => number) =>
  minutes.reduce((sum, one) => sum + of(one), 0)

/** The market has no countries. */
const withCountry = (minutes: readonly MinuteTotals[], value: string): MinuteTotals[] =>
  minutes.map(minute => ({ ...minute, segments: [ofCountry(minute, value)] }))

test('visitors from abroad add their visits and orders, those who only look no more than visits', () => {
  const [home, buyers, lookers] = [1, 2, 3].map(seed => minutesOf(seed)) as [
    MinuteTotals[],
    MinuteTotals[],
    MinuteTotals[]
  ]
  const all = [...withAbroad(withCountry(home, 'DE'), buyers, lookers)]
  const sumOf = (...parts: readonly MinuteTotals[][]) => ({
    visits: total(parts.flat(), one => one.visits),
    orders: total(parts.flat(), one => one.orders)
  })
  expect(sumOf(all)).toEqual({
    visits: sumOf(home, buyers, lookers).visits,
    orders: sumOf(home, buyers).orders
  })
  for (const { events, orders, segments } of all) {
    expect(segments.map(({ value }) => value)).toEqual(['DE', 'BR'])
    expect(segments.reduce((sum, one) => sum + one.events, 0)).toBe(events)
    expect(segments.reduce((sum, one) => sum + one.orders, 0)).toBe(orders)
  }
})

describe('refunds that follow days later', () => {
  test('are of the orders of those days', () => {
    const day = 1_440
    const minutes = minutesOf(1, 5).map((minute, at) => ({ ...minute, orders: at < day ? 100 : 10 }))
    const refunds = [...withLaterRefunds(7, minutes)].map(one => one.refunds)
    const shareOf = (nth: number) =>
      refunds.slice(nth * day, (nth + 1) * day).reduce((sum, count) => sum + count, 0) / (100 * day)
    // Of the first day's orders 1 % a day later, 2 % after two and three; beside 7 % of those of now at first.
    expect(shareOf(0)).toBeCloseTo(0.07, 2)
    expect(shareOf(1)).toBeCloseTo(0.01 + 0.006, 2)
    expect(shareOf(2)).toBeCloseTo(0.02 + 0.003, 2)
    expect(shareOf(4)).toBeCloseTo(0.007, 2)
  })
})
