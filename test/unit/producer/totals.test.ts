import { describe, expect, test } from 'vitest'
import { eventsOf } from '../../../producer/events.ts'
import type { IncidentKind } from '../../../producer/incident.ts'
import { type Plan, scenarioPlan } from '../../../producer/plan.ts'
import { type MinuteTotals, totalsOf } from '../../../producer/totals.ts'
import { countedTotals } from './counted.ts'

const hourMs = 3_600_000
const startMs = Date.UTC(2026, 9, 6, 13)
const planOf = (scenario: IncidentKind | 'steady', hours: number, depth = 0.7): Plan =>
  scenarioPlan({
    scenario,
    seed: 21,
    startMs,
    durationMs: hours * hourMs,
    incidentAfterMs: 0,
    incidentLengthMs: hours * hourMs,
    depth,
    shop: { ordersPerMinute: 20 }
  })

type Column = Exclude<keyof MinuteTotals, 'startMs'>
const columns: readonly Column[] = [
  'events',
  'visits',
  'cartingSessions',
  'purchasingSessions',
  'cartAdds',
  'checkoutsStarted',
  'orders',
  'purchases',
  'pricedPurchases',
  'revenue',
  'missingPrices'
]

function mean(rows: readonly MinuteTotals[], column: Column): number {
  return rows.reduce((sum, row) => sum + row[column], 0) / rows.length
}

/** Variance ÷ mean of the sums of `minutes` together. */
function dispersion(rows: readonly MinuteTotals[], column: Column, minutes: number): number {
  const sums: number[] = []
  for (let at = 0; at + minutes <= rows.length; at += minutes) {
    sums.push(rows.slice(at, at + minutes).reduce((sum, row) => sum + row[column], 0))
  }
  const centre = sums.reduce((sum, value) => sum + value, 0) / sums.length
  return sums.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (sums.length - 1) / centre
}

describe('the totals', () => {
  const plan = planOf('steady', 4)
  const drawn = [...totalsOf(plan)]
  const counted = [...countedTotals(eventsOf(plan)).values()]

  test('are the same for the same plan, a row for every minute', () => {
    expect([...totalsOf(plan)]).toEqual(drawn)
    expect(drawn.map(row => row.startMs)).toEqual(counted.map(row => row.startMs))
  })

  test.each(columns)('have the mean of the counted events in %s', column => {
    const tolerance = column === 'missingPrices' ? 0.5 : column === 'revenue' ? 0.08 : 0.05
    expect(Math.abs(mean(drawn, column) / mean(counted, column) - 1)).toBeLessThan(tolerance)
  })

  test.each([
    ['events', 1],
    ['visits', 1],
    ['orders', 1],
    ['cartAdds', 1],
    ['checkoutsStarted', 5],
    ['orders', 5]
  ] as const)('scatter as the counted events do in %s over %d minutes', (column, minutes) => {
    const ratio = dispersion(drawn, column, minutes) / dispersion(counted, column, minutes)
    expect(ratio).toBeGreaterThan(0.6)
    expect(ratio).toBeLessThan(1.7)
  })

  test('scatter one to four times as much as their mean within an hour', () => {
    const hour = drawn.slice(0, 60)
    for (const column of ['events', 'visits', 'orders', 'cartAdds'] as const) {
      expect(dispersion(hour, column, 1)).toBeGreaterThan(0.7)
      expect(dispersion(hour, column, 1)).toBeLessThan(4.5)
    }
  })
})

describe('what an incident does to the totals', () => {
  test.each<[IncidentKind, number]>([
    ['payment_outage', 0.7],
    ['bot_flood', 0.9],
    ['checkout_bug', 0.7],
    ['missing_prices', 0.7],
    ['producer_stops', 0.7],
    ['flash_sale', 0.8]
  ])('%s does the same as to the events', (kind, depth) => {
    const plan = planOf(kind, 1, depth)
    const drawn = [...totalsOf(plan)]
    const counted = [...countedTotals(eventsOf(plan)).values()]
    for (const column of columns) {
      const tolerance = column === 'missingPrices' && kind !== 'missing_prices' ? 0.7 : 0.2
      expect.soft(Math.abs(mean(drawn, column) / mean(counted, column) - 1), column).toBeLessThan(tolerance)
    }
  })

  test('a total outage leaves no order, a total stop nothing at all', () => {
    expect(mean([...totalsOf(planOf('payment_outage', 1, 1))], 'orders')).toBe(0)
    const stopped = [...totalsOf(planOf('producer_stops', 1, 1))]
    for (const column of columns) expect(mean(stopped, column)).toBe(0)
  })

  test('nothing is done outside of the incident', () => {
    const outage = scenarioPlan({
      scenario: 'payment_outage',
      seed: 21,
      startMs,
      durationMs: hourMs,
      incidentAfterMs: 20 * 60_000,
      incidentLengthMs: 20 * 60_000,
      depth: 1
    })
    const orders = [...totalsOf(outage)].map(row => row.orders)
    expect(orders.slice(20, 40)).toEqual(Array.from({ length: 20 }, () => 0))
    expect(Math.min(...orders.slice(0, 20), ...orders.slice(40))).toBeGreaterThan(0)
  })
})
