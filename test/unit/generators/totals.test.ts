import { describe, expect, test } from 'vitest'
import { eventsOf } from '../../../producer/events.ts'
import type { IncidentKind } from '../../../producer/incident.ts'
import { type Plan, scenarioPlan } from '../../../producer/plan.ts'
import type { SegmentTotals } from '../../generators/totals/segment-totals.ts'
import { type MinuteTotals, totalsOf } from '../../generators/totals/totals.ts'
import { countedTotals } from '../producer/counted.ts'

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

type Column = Exclude<keyof MinuteTotals, 'startMs' | 'segments'>
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
  'visitors',
  'productViews',
  'searches',
  'cartRemovals',
  'units',
  'priceLogs',
  'priceLogSquares',
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

const steady = planOf('steady', 4)
const drawn = [...totalsOf(steady)]
const counted = [...countedTotals(eventsOf(steady)).values()]

describe('the totals', () => {
  test('are the same for the same plan, a row for every minute', () => {
    expect([...totalsOf(steady)]).toEqual(drawn)
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
    ['flash_sale', 0.8],
    ['country_outage', 0.7],
    ['method_outage', 0.7],
    ['category_outage', 0.7],
    ['price_bug', 0.7],
    ['slow_leak', 0.7],
    ['duplicate_flood', 0.4]
  ])('%s does the same as to the events', (kind, depth) => {
    const plan = planOf(kind, kind === 'price_bug' ? 1 : 0.5, depth)
    const drawn = [...totalsOf(plan)]
    const counted = [...countedTotals(eventsOf(plan)).values()]
    for (const column of columns) {
      const rare = column === 'cartRemovals' || (column === 'missingPrices' && kind !== 'missing_prices')
      const tolerance = rare ? 0.7 : 0.2
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

describe('the segments of a minute', () => {
  const sumsOf = (rows: readonly MinuteTotals[]) => {
    const sums = new Map<string, Sums>()
    for (const { dimension, value, ...numbers } of rows.flatMap(({ segments }) => segments)) {
      const sum = sums.get(`${dimension}=${value}`)
      if (!sum) sums.set(`${dimension}=${value}`, { ...numbers })
      else for (const name of Object.keys(numbers) as (keyof Sums)[]) sum[name] += numbers[name]
    }
    return sums
  }
  type Sums = { -readonly [Name in keyof Omit<SegmentTotals, 'dimension' | 'value'>]: number }
  test('add up to the shop in each dimension that every event, or every order, has', () => {
    for (const kind of [
      'steady',
      'bot_flood',
      'payment_outage',
      'producer_stops',
      'country_outage'
    ] as const) {
      for (const { segments, ...shop } of totalsOf(planOf(kind, 0.5))) {
        const of = (dimension: string, name: keyof Sums) =>
          segments.reduce((sum, one) => (one.dimension === dimension ? sum + one[name] : sum), 0)
        for (const dimension of ['country', 'device']) {
          expect(of(dimension, 'events')).toBe(shop.events)
          expect(of(dimension, 'checkoutsStarted')).toBe(shop.checkoutsStarted)
        }
        for (const dimension of ['country', 'device', 'payment_method']) {
          expect(of(dimension, 'orders')).toBe(shop.orders)
        }
        for (const dimension of ['country', 'device', 'payment_method', 'category']) {
          expect(of(dimension, 'purchases')).toBe(shop.purchases)
          expect(of(dimension, 'pricedPurchases')).toBe(shop.pricedPurchases)
          expect(of(dimension, 'revenue')).toBeCloseTo(shop.revenue, 6)
        }
        for (const dimension of ['country', 'device', 'category']) {
          expect(of(dimension, 'cartAdds')).toBe(shop.cartAdds)
        }
      }
    }
  })

  test('have the means of the counted events', () => {
    const recounted = sumsOf(counted)
    const totals = sumsOf(drawn)
    expect([...totals.keys()].sort()).toEqual([...recounted.keys()].sort())
    for (const [segment, sums] of totals) {
      for (const name of ['events', 'cartAdds', 'checkoutsStarted', 'orders', 'purchases'] as const) {
        const usual = recounted.get(segment)?.[name] as number
        // Five times what chance does to sessions that have some events each.
        const chance = 5 * Math.sqrt((6 * 2) / Math.max(1, usual))
        if (usual === 0) expect.soft(sums[name], `${segment} ${name}`).toBe(0)
        else expect.soft(Math.abs(sums[name] / usual - 1), `${segment} ${name}`).toBeLessThan(chance)
      }
    }
  })

  test.each([
    ['country_outage', 'country=DE', 'events'],
    ['method_outage', 'payment_method=paypal', 'purchases'],
    ['category_outage', 'category=shoes', 'events']
  ] as const)(
    '%s of full depth leaves nothing of %s, and not less of the others',
    (scenario, segment, name) => {
      const plan = scenarioPlan({
        scenario,
        seed: 21,
        startMs,
        durationMs: 4 * hourMs,
        incidentAfterMs: 0,
        incidentLengthMs: 4 * hourMs,
        depth: 1,
        segment,
        shop: { ordersPerMinute: 20 }
      })
      const cut = sumsOf([...totalsOf(plan)])
      expect(cut.get(segment)).toMatchObject({ [name]: 0, orders: 0, revenue: 0 })
      for (const [other, sums] of sumsOf(drawn)) {
        if (other.split('=')[0] !== segment.split('=')[0] || other === segment) continue
        expect(((cut.get(other) as Sums)[name] as number) / sums[name]).toBeGreaterThan(0.93)
      }
    }
  )
})

describe('what a delivery does to the totals', () => {
  test('records that come late are none of their minute, and late 5 to 20 minutes behind it', () => {
    const burst = scenarioPlan({
      scenario: 'late_burst',
      seed: 21,
      startMs,
      durationMs: hourMs,
      incidentAfterMs: 20 * 60_000,
      incidentLengthMs: 10 * 60_000,
      depth: 0.5
    })
    const rows = [...totalsOf(burst)]
    const usual = [...totalsOf({ ...burst, incidents: [] })]
    const sum = (among: readonly MinuteTotals[], column: Column, from: number, to: number) =>
      among.slice(from, to).reduce((all, row) => all + row[column], 0)
    expect(sum(rows, 'events', 20, 30) / sum(usual, 'events', 20, 30)).toBeCloseTo(0.5, 1)
    expect(sum(rows, 'revenue', 20, 30) / sum(usual, 'revenue', 20, 30)).toBeCloseTo(0.5, 1)
    expect(sum(rows, 'late', 0, 25) + sum(rows, 'late', 51, 60)).toBe(0)
    const lost = sum(usual, 'events', 20, 30) - sum(rows, 'events', 20, 30)
    expect(Math.abs(sum(rows, 'late', 25, 51) / lost - 1)).toBeLessThan(0.1)
  })

  test('records that come twice are counted twice, orders and visits are not', () => {
    const flood = [...totalsOf(planOf('duplicate_flood', 1, 0.4))]
    const usual = [...totalsOf(planOf('steady', 1))]
    expect(mean(flood, 'events') / mean(usual, 'events')).toBeCloseTo(1.4, 1)
    expect(mean(flood, 'revenue') / mean(usual, 'revenue')).toBeCloseTo(1.4, 1)
    expect(mean(flood, 'duplicates') / mean(usual, 'events')).toBeCloseTo(0.4, 1)
    expect(mean(flood, 'orders')).toBe(mean(usual, 'orders'))
    expect(mean(flood, 'visits')).toBe(mean(usual, 'visits'))
  })

  test('prices that are texts are no amounts', () => {
    const changed = scenarioPlan({
      scenario: 'schema_change',
      seed: 21,
      startMs,
      durationMs: hourMs,
      incidentAfterMs: 0,
      incidentLengthMs: hourMs,
      depth: 1,
      segment: 'field=price',
      shop: { ordersPerMinute: 20 }
    })
    const rows = [...totalsOf(changed)]
    expect([mean(rows, 'revenue'), mean(rows, 'pricedPurchases')]).toEqual([0, 0])
    const counted = [...countedTotals(eventsOf(changed)).values()]
    expect(Math.abs(mean(rows, 'invalidPrices') / mean(counted, 'invalidPrices') - 1)).toBeLessThan(0.1)
  })
})
