import { describe, expect, test } from 'vitest'
import { eventsOf } from '../../../producer/events.ts'
import type { IncidentKind } from '../../../producer/incident.ts'
import { type Plan, scenarioPlan } from '../../../producer/plan.ts'

const minuteMs = 60_000
const startMs = Date.UTC(2026, 9, 6, 15)
const incidentStartMs = startMs + 10 * minuteMs
const incidentEndMs = startMs + 25 * minuteMs

interface Event {
  readonly eventTime: number
  readonly arrivalMs: number
  readonly event_id: string
  readonly event_type: string
  readonly session_id: string
  readonly user_id?: string
  readonly uid?: string
  readonly category?: string
  readonly price?: number | string
  readonly country: string
  readonly order_id?: string
  readonly payment_method?: string
}

function planOf(scenario: IncidentKind | 'steady', depth: number, segment?: string): Plan {
  return scenarioPlan({
    scenario,
    seed: 11,
    startMs,
    durationMs: 35 * minuteMs,
    incidentAfterMs: 10 * minuteMs,
    incidentLengthMs: 15 * minuteMs,
    depth,
    shop: { ordersPerMinute: 20 },
    ...(segment === undefined ? {} : { segment })
  })
}

function eventsIn(plan: Plan): Event[] {
  return Array.from(eventsOf(plan), ({ eventTime, arrivalMs, line }) => ({
    ...JSON.parse(line),
    eventTime,
    arrivalMs
  }))
}
const during = (events: readonly Event[]) =>
  events.filter(({ eventTime }) => eventTime >= incidentStartMs && eventTime < incidentEndMs)
const outside = (events: readonly Event[]) =>
  events.filter(({ eventTime }) => eventTime < incidentStartMs || eventTime >= incidentEndMs)
const ordersOf = (events: readonly Event[]) =>
  new Set(events.filter(({ event_type }) => event_type === 'purchase').map(({ order_id }) => order_id)).size
const idsOf = (events: readonly Event[]) => events.map(({ event_id }) => event_id)

const usual = eventsIn(planOf('steady', 1))
const usualDuring = during(usual)

describe('a category outage', () => {
  const events = eventsIn(planOf('category_outage', 1, 'category=shoes'))
  const shoes = (among: readonly Event[]) => among.filter(({ category }) => category === 'shoes').length

  test('of full depth leaves no event that names the category, and is over at its end', () => {
    expect(shoes(usualDuring)).toBeGreaterThan(400)
    expect(shoes(during(events))).toBe(0)
    expect(shoes(outside(events)) / shoes(outside(usual))).toBeCloseTo(1, 1)
  })

  test('makes half of its visitors look at others', () => {
    const others = (among: readonly Event[]) =>
      among.filter(({ event_type, category }) => event_type === 'product_view' && category !== 'shoes').length
    expect(others(during(events)) / others(usualDuring)).toBeGreaterThan(0.93)
    expect(during(events).length / usualDuring.length).toBeGreaterThan(0.8)
    expect(during(events).length / usualDuring.length).toBeLessThan(1)
  })

  test('of half depth leaves about half of it', () => {
    const half = during(eventsIn(planOf('category_outage', 0.5, 'category=shoes')))
    expect(shoes(half) / shoes(usualDuring)).toBeGreaterThan(0.4)
    expect(shoes(half) / shoes(usualDuring)).toBeLessThan(0.6)
  })

  test('spares what is in a bot flood beside it', () => {
    const plan = planOf('category_outage', 1, 'category=shoes')
    const flood = {
      kind: 'bot_flood' as const,
      startMs: incidentStartMs,
      endMs: incidentEndMs,
      depth: 1
    }
    const flooded = during(eventsIn({ ...plan, incidents: [...plan.incidents, flood] }))
    expect(shoes(flooded)).toBe(0)
    expect(flooded.length).toBeGreaterThan(usualDuring.length * 1.6)
  })
})

describe('a country outage', () => {
  const from = (among: readonly Event[]) => among.filter(({ country }) => country === 'DE').length

  test('of full depth takes every event of the country and no other', () => {
    const events = eventsIn(planOf('country_outage', 1, 'country=DE'))
    expect(from(during(events))).toBe(0)
    expect(during(events).length).toBe(usualDuring.length - from(usualDuring))
    expect(outside(events).length).toBe(outside(usual).length)
  })

  test('of lesser depth takes whole sessions', () => {
    const events = during(eventsIn(planOf('country_outage', 0.6, 'country=DE')))
    const sessions = (among: readonly Event[]) =>
      new Set(among.filter(({ country }) => country === 'DE').map(({ session_id }) => session_id)).size
    expect(sessions(events) / sessions(usualDuring)).toBeGreaterThan(0.35)
    expect(sessions(events) / sessions(usualDuring)).toBeLessThan(0.45)
    expect(from(events) / sessions(events) / (from(usualDuring) / sessions(usualDuring))).toBeCloseTo(1, 1)
  })
})

describe('a method outage', () => {
  const by = (among: readonly Event[], method: string) =>
    ordersOf(among.filter(({ payment_method }) => payment_method === method))
  const events = during(eventsIn(planOf('method_outage', 1, 'payment_method=paypal')))

  test('stops the orders of its method, and only few come by another one', () => {
    expect(by(usualDuring, 'paypal')).toBeGreaterThan(80)
    expect(by(events, 'paypal')).toBe(0)
    const others = (among: readonly Event[]) => ordersOf(among) - by(among, 'paypal')
    // Of the failed, 30 % try once more, half of them with another method.
    const switched = (others(events) - others(usualDuring)) / by(usualDuring, 'paypal')
    expect(switched).toBeGreaterThan(0.05)
    expect(switched).toBeLessThan(0.3)
  })

  test('shows in the checkouts that are started once more', () => {
    const checkouts = (among: readonly Event[]) =>
      among.filter(({ event_type }) => event_type === 'checkout_started').length
    expect(checkouts(events)).toBeGreaterThan(checkouts(usualDuring))
  })
})

test('a price bug divides its share of all prices by 100, and changes nothing else', () => {
  const events = eventsIn(planOf('price_bug', 0.7))
  expect(idsOf(events)).toEqual(idsOf(usual))
  let priced = 0
  let divided = 0
  for (const [index, event] of events.entries()) {
    const right = usual[index] as Event
    if (event.price === right.price) continue
    divided += 1
    expect(event.price).toBe(Math.round((right.price as number) * 100) / 10_000)
    expect(event).toEqual({ ...right, price: event.price })
  }
  for (const { price } of usualDuring) priced += price === undefined ? 0 : 1
  expect(divided / priced).toBeGreaterThan(0.66)
  expect(divided / priced).toBeLessThan(0.74)
})

test('a duplicate flood delivers its share of records twice, a second to a minute later, byte for byte', () => {
  const events = eventsIn(planOf('duplicate_flood', 0.4))
  const first = new Map<string, Event>()
  const again: Event[] = []
  for (const event of events) {
    const before = first.get(event.event_id)
    if (before) {
      const waitedMs = event.arrivalMs - before.arrivalMs
      expect(waitedMs).toBeGreaterThanOrEqual(1_000)
      expect(waitedMs).toBeLessThanOrEqual(60_000)
      expect(event).toEqual({ ...before, arrivalMs: event.arrivalMs })
      again.push(event)
    } else first.set(event.event_id, event)
  }
  expect([...first.values()]).toEqual(usual)
  expect(outside(again)).toEqual([])
  expect(again.length / usualDuring.length).toBeGreaterThan(0.38)
  expect(again.length / usualDuring.length).toBeLessThan(0.42)
})

test('a late burst delivers its share of records 5 to 20 minutes late, and loses none', () => {
  const events = eventsIn(planOf('late_burst', 0.5))
  expect(idsOf(events).sort()).toEqual(idsOf(usual).sort())
  expect(events.map(({ arrivalMs }) => arrivalMs)).toEqual(
    events.map(({ arrivalMs }) => arrivalMs).sort((a, b) => a - b)
  )
  const late = events.filter(({ eventTime, arrivalMs }) => arrivalMs - eventTime > 2_000)
  expect(outside(late)).toEqual([])
  const delays = late.map(({ eventTime, arrivalMs }) => (arrivalMs - eventTime) / minuteMs)
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(5)
  expect(Math.max(...delays)).toBeLessThanOrEqual(20)
  expect(late.length / usualDuring.length).toBeGreaterThan(0.48)
  expect(late.length / usualDuring.length).toBeLessThan(0.52)
})

test('a burst at the very end outlasts the plan', () => {
  const upTo = (plan: Plan) => eventsIn({ ...plan, endMs: incidentEndMs })
  const late = upTo(planOf('late_burst', 1))
  expect(idsOf(late).sort()).toEqual(idsOf(upTo(planOf('steady', 1))).sort())
  expect(late.at(-1)?.arrivalMs).toBeGreaterThan(incidentEndMs + 15 * minuteMs)
})

describe('a schema change', () => {
  test('of the price makes a text with the currency of it', () => {
    const events = eventsIn(planOf('schema_change', 1, 'field=price'))
    const expected = usual.map(event =>
      event.price !== undefined && event.eventTime >= incidentStartMs && event.eventTime < incidentEndMs
        ? { ...event, price: `${event.price} USD` }
        : event
    )
    expect(events).toEqual(expected)
  })

  test('of the user renames the field in its share of the records', () => {
    const events = eventsIn(planOf('schema_change', 0.8, 'field=user_id'))
    const renamed = events.filter(({ uid }) => uid !== undefined)
    expect(outside(renamed)).toEqual([])
    expect(renamed.filter(({ user_id }) => user_id !== undefined)).toEqual([])
    const named = usualDuring.filter(({ user_id }) => user_id !== undefined)
    expect(renamed.length / named.length).toBeGreaterThan(0.77)
    expect(renamed.length / named.length).toBeLessThan(0.83)
    expect(events.map(({ uid, user_id }) => uid ?? user_id)).toEqual(usual.map(({ user_id }) => user_id))
  })
})
