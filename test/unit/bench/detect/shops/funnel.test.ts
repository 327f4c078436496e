import { describe, expect, it } from 'vitest'
import type { Effect, Fault } from '../../../../../bench/detect/shops/faults.ts'
import { funnelLines } from '../../../../../bench/detect/shops/funnel.ts'
import type { Life } from '../../../../../bench/detect/shops/life.ts'
import { hourMs } from '../../../../../src/time/units.ts'

interface Event {
  readonly event_type: string
  readonly event_time: number
  readonly session_id: string
  readonly payment_method?: string
  readonly price?: number
}

const startMs = Date.UTC(2026, 8, 7)
const from = startMs + 10 * hourMs
const to = startMs + 14 * hourMs

function eventsOf(effect?: Partial<Effect>, life?: Life, days = 1) {
  const fault = {
    name: 'fault',
    kind: 'any',
    depth: 1,
    minutes: [240, 240],
    startMs: from,
    endMs: to,
    ...effect
  }
  let touched = 0
  const lines = funnelLines(
    {
      seed: 3,
      visitsPerMinute: 20,
      startMs,
      days,
      timezone: 'UTC',
      faults: effect ? [fault as Fault] : [],
      ...(life && { life })
    },
    () => {
      touched += 1
    }
  )
  const all = [...lines].map((line): Event => JSON.parse(line))
  const within = all.filter(({ event_time }) => event_time >= from && event_time < to)
  return { all, within, touched }
}

const ofType = (events: readonly Event[], type: string) =>
  events.filter(({ event_type }) => event_type === type)

describe('a shop of the funnel', () => {
  it('is the same each time, and touches nothing without faults', () => {
    const { all, touched } = eventsOf()
    expect(all).toEqual(eventsOf().all)
    expect(touched).toBe(0)
    expect(all.length).toBeGreaterThan(40_000)
  })

  it('has as many visits as asked for in the mean of a week, and buyers among 3 to 5 % of them', () => {
    const { all } = eventsOf(undefined, undefined, 7)
    const visits = new Set(all.map(({ session_id }) => session_id)).size
    // The days' own luck has a deviation of 5 %, their mean one of 2 %.
    expect(Math.abs(visits / (7 * 1_440) / 20 - 1)).toBeLessThan(0.06)
    const share = ofType(all, 'purchase').length / visits
    expect(share).toBeGreaterThan(0.03)
    expect(share).toBeLessThan(0.05)
  })

  it('loses the purchases of a segment, and counts each', () => {
    const { within, touched } = eventsOf({ of: 'purchases', segment: 'payment_method=paypal' })
    const purchases = ofType(within, 'purchase')
    expect(purchases.filter(({ payment_method }) => payment_method === 'paypal')).toEqual([])
    expect(purchases.length).toBeGreaterThan(touched)
    expect(touched).toBeGreaterThan(20)
  })

  it('loses everything behind a checkout that is broken', () => {
    const { within } = eventsOf({ of: 'checkouts' })
    expect(ofType(within, 'checkout_started')).toEqual([])
    expect(ofType(within, 'add_to_cart').length).toBeGreaterThan(100)
  })

  it('does not record an event type that vanishes, and goes on behind it', () => {
    const { within } = eventsOf({ of: 'events', segment: 'event_type=add_to_cart' })
    expect(ofType(within, 'add_to_cart')).toEqual([])
    expect(ofType(within, 'purchase').length).toBeGreaterThan(50)
  })

  it('leaves out prices, or multiplies them', () => {
    const left = eventsOf({ of: 'prices' }).within
    expect(left.filter(({ price }) => price !== undefined)).toEqual([])
    const mean = (events: readonly Event[]) =>
      events.reduce((sum, { price = 0 }) => sum + price, 0) / events.length
    const halved = ofType(eventsOf({ of: 'prices', factor: 0.5 }).within, 'product_view')
    expect(mean(halved) / mean(ofType(eventsOf().within, 'product_view'))).toBeCloseTo(0.5, 1)
  })

  it('has no events in hours in which it is closed', () => {
    const closed: Life = (hour, { hours }) => (hours < 12 ? { ...hour, traffic: 0 } : hour)
    const { all } = eventsOf(undefined, closed)
    expect(all.filter(({ event_time }) => event_time < startMs + 12 * hourMs)).toEqual([])
    expect(all.length).toBeGreaterThan(20_000)
  })
})
