import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { eventsOf } from '../../../producer/events.ts'
import type { IncidentKind } from '../../../producer/incident.ts'
import { type Plan, scenarioPlan } from '../../../producer/plan.ts'
import { countedTotals } from './counted.ts'

const minuteMs = 60_000
const startMs = Date.UTC(2026, 9, 6, 15)
const planOf = (scenario: IncidentKind | 'steady', depth = 1, seed = 11): Plan =>
  scenarioPlan({
    scenario,
    seed,
    startMs,
    durationMs: 60 * minuteMs,
    incidentAfterMs: 20 * minuteMs,
    incidentLengthMs: 20 * minuteMs,
    depth,
    shop: { ordersPerMinute: 10 }
  })
/** Of half an hour, with its incident. */
const short = (scenario: IncidentKind | 'steady', seed?: number): Plan => ({
  ...planOf(scenario, 1, seed),
  endMs: startMs + 30 * minuteMs
})
const bytes = (plan: Plan) => {
  const hash = createHash('sha256')
  for (const { line } of eventsOf(plan)) hash.update(line)
  return hash.digest('hex')
}

/** Sums before, during and after minutes 20 to 40, the edges left out. */
function thirds(plan: Plan) {
  const totals = countedTotals(eventsOf(plan))
  const sum = (from: number, to: number) => {
    const rows = Array.from({ length: to - from }, (_, minute) =>
      totals.get(startMs + (from + minute) * minuteMs)
    )
    const of = (read: (row: NonNullable<(typeof rows)[number]>) => number) =>
      rows.reduce((total, row) => total + (row ? read(row) : 0), 0)
    return {
      events: of(row => row.events),
      visits: of(row => row.visits),
      orders: of(row => row.orders),
      revenue: of(row => row.revenue),
      missingPrices: of(row => row.missingPrices),
      checkouts: of(row => row.checkoutsStarted)
    }
  }
  return { before: sum(2, 18), during: sum(22, 38), after: sum(44, 60) }
}

describe('the bytes', () => {
  test('are the same for the same seed and start', () => {
    expect(bytes(short('bot_flood'))).toBe(bytes(short('bot_flood')))
  })

  test('differ for another seed', () => {
    expect(bytes(short('steady', 12))).not.toBe(bytes(short('steady', 11)))
  })

  test('are those that this seed has always given', () => {
    expect(bytes(planOf('payment_outage'))).toMatchInlineSnapshot(
      `"9a33c93670e116f08b8bdb4c26aef08330b3d090b28324f463b332994d230233"`
    )
  })
})

describe('the records', () => {
  const records = [...eventsOf(planOf('flash_sale'))]

  test('come in order of arrival, at most the delay after their event time, within the span', () => {
    const { shop, endMs } = planOf('flash_sale')
    const delays = records.map(({ eventTime, arrivalMs }) => arrivalMs - eventTime)
    expect(delays.reduce((least, delay) => Math.min(least, delay))).toBe(0)
    expect(delays.reduce((most, delay) => Math.max(most, delay))).toBeLessThanOrEqual(shop.delayMs)
    const misplaced = records.filter(
      ({ eventTime, arrivalMs }, index) =>
        eventTime < startMs || eventTime >= endMs || arrivalMs < (records[index - 1]?.arrivalMs ?? 0)
    )
    expect(misplaced).toEqual([])
    expect(records.some(({ eventTime }, index) => eventTime < (records[index - 1]?.eventTime ?? 0))).toBe(
      true
    )
  })

  test('are JSON with the fields of their type, an id of their own and money in cents', () => {
    const ids = new Set<string>()
    for (const { line } of records) ids.add(JSON.parse(line).event_id)
    for (const { line, eventTime, sessionId } of records.slice(0, 3_000)) {
      const event = JSON.parse(line)
      expect(Date.parse(event.event_time)).toBe(eventTime)
      expect(event).toMatchObject({
        session_id: sessionId,
        country: expect.stringMatching(/^[A-Z]{2}$/),
        device: expect.stringMatching(/^(mobile|desktop|tablet)$/)
      })
      if (event.price !== undefined) expect(String(event.price)).toMatch(/^\d+(\.\d{1,2})?$/)
      if (event.event_type !== 'purchase') continue
      expect(event).toMatchObject({
        order_id: expect.stringMatching(/^o-/),
        product_id: expect.stringMatching(/^p-/),
        category: expect.any(String),
        payment_method: expect.any(String),
        currency: 'USD'
      })
    }
    expect(ids.size).toBe(records.length)
  })

  test('are of all eight types', () => {
    const types = new Set(records.map(({ line }) => JSON.parse(line).event_type))
    expect([...types].sort()).toEqual([
      'add_to_cart',
      'checkout_started',
      'page_view',
      'product_view',
      'purchase',
      'refund',
      'remove_from_cart',
      'search'
    ])
  })

  test('begin with as much traffic as they go on with', () => {
    const totals = countedTotals(eventsOf(planOf('steady')))
    const first = totals.get(startMs)?.events as number
    expect(first / (totals.get(startMs + 5 * minuteMs)?.events as number)).toBeCloseTo(1, 0)
    expect(totals.size).toBe(60)
  })
})

describe('what a scenario does', () => {
  test('a payment outage stops orders while it lasts, and neither before nor after', () => {
    const { before, during, after } = thirds(planOf('payment_outage'))
    expect(during.orders).toBe(0)
    expect(during.checkouts).toBeGreaterThan(before.checkouts * 0.8)
    expect(before.orders).toBeGreaterThan(120)
    expect(after.orders).toBeGreaterThan(120)
  })

  test('a checkout bug takes its share of the orders', () => {
    const { before, during } = thirds(planOf('checkout_bug', 0.7))
    expect(during.orders / before.orders).toBeGreaterThan(0.2)
    expect(during.orders / before.orders).toBeLessThan(0.42)
  })

  test('a bot flood of depth 1 doubles the events and leaves the orders', () => {
    const { before, during, after } = thirds(planOf('bot_flood'))
    expect(during.events / before.events).toBeGreaterThan(1.8)
    expect(during.events / before.events).toBeLessThan(2.3)
    expect(after.events / before.events).toBeCloseTo(1, 0)
    expect(during.orders / before.orders).toBeCloseTo(1, 0)
  })

  test('missing prices take the revenue and not the orders', () => {
    const { before, during } = thirds(planOf('missing_prices'))
    expect(during.revenue).toBe(0)
    expect(during.orders / before.orders).toBeCloseTo(1, 0)
    expect(during.missingPrices).toBeGreaterThan(500)
  })

  test('a producer that stops leaves nothing, and one that stops in part leaves whole sessions', () => {
    expect(thirds(planOf('producer_stops')).during.events).toBe(0)
    const { before, during } = thirds(planOf('producer_stops', 0.6))
    expect(during.visits / before.visits).toBeGreaterThan(0.35)
    expect(during.visits / before.visits).toBeLessThan(0.47)
    expect(during.events / during.visits / (before.events / before.visits)).toBeCloseTo(1, 1)
  })

  test('a flash sale raises traffic and orders', () => {
    const { before, during } = thirds(planOf('flash_sale', 0.8))
    expect(during.events / before.events).toBeGreaterThan(1.5)
    expect(during.orders / before.orders).toBeGreaterThan(1.6)
  })
})
