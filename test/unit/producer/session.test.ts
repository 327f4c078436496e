import { describe, expect, test } from 'vitest'
import { botEventsPerSession, walkBot } from '../../../producer/bot.ts'
import { createCatalogue } from '../../../producer/catalogue.ts'
import type { Incident, IncidentKind } from '../../../producer/incident.ts'
import { uniformOf } from '../../../producer/random.ts'
import { walkSession } from '../../../producer/session.ts'
import { eventsPerSession, funnel } from '../../../producer/shop.ts'
import type { Step, Surroundings } from '../../../producer/step.ts'

const surroundings = (purpose: string, incidents: readonly Incident[] = []): Surroundings => ({
  uniform: uniformOf(5, purpose),
  detour: uniformOf(5, `${purpose} detours`),
  catalogue: createCatalogue(1),
  basket: 'usual' as const,
  incidents
})
const visitor = { paymentMethod: 'paypal', luck: 0.5 }

function walked(sessions: number, carting: boolean, incidents: readonly Incident[] = []): Step[][] {
  const around = surroundings('test', incidents)
  return Array.from({ length: sessions }, () => {
    const steps: Step[] = []
    walkSession(around, visitor, 0, carting, step => steps.push(step))
    return steps
  })
}

const always = (kind: IncidentKind, depth: number): Incident => ({ kind, startMs: 0, endMs: 1e9, depth })
const shareWith = (sessions: readonly Step[][], type: Step['type']) =>
  sessions.filter(steps => steps.some(step => step.type === type)).length / sessions.length

describe('a session', () => {
  test('begins with a page view and goes forward in time', () => {
    for (const steps of walked(500, true)) {
      expect(steps[0]?.type).toBe('page_view')
      expect(steps.map(({ timeMs }) => timeMs)).toEqual(
        steps.map(({ timeMs }) => timeMs).sort((a, b) => a - b)
      )
    }
  })

  test('walks the funnel: no purchase without a checkout, no checkout without a cart', () => {
    for (const steps of walked(2_000, true)) {
      const first = (type: Step['type']) => {
        const index = steps.findIndex(step => step.type === type)
        return index < 0 ? Number.POSITIVE_INFINITY : index
      }
      expect(first('add_to_cart')).toBeLessThan(Number.POSITIVE_INFINITY)
      if (first('purchase') < steps.length) expect(first('checkout_started')).toBeLessThan(first('purchase'))
      if (first('checkout_started') < steps.length) {
        expect(first('add_to_cart')).toBeLessThan(first('checkout_started'))
      }
    }
  })

  test('comes to a checkout and to an order in the shares of the funnel', () => {
    const sessions = walked(20_000, true)
    expect(shareWith(sessions, 'checkout_started')).toBeCloseTo(funnel.checkoutShare, 2)
    expect(shareWith(sessions, 'purchase')).toBeCloseTo(funnel.checkoutShare * funnel.paymentShare, 2)
  })

  test('has as many events in the mean as the shop says', () => {
    const events = (carting: boolean) => walked(40_000, carting).flat().length / 40_000
    const mean = funnel.cartShare * events(true) + (1 - funnel.cartShare) * events(false)
    expect(Math.abs(mean / eventsPerSession - 1)).toBeLessThan(0.015)
  })
})

describe('what is done to a session', () => {
  test('a total payment outage leaves checkouts and no purchase', () => {
    const sessions = walked(5_000, true, [always('payment_outage', 1)])
    expect(shareWith(sessions, 'purchase')).toBe(0)
    expect(shareWith(sessions, 'checkout_started')).toBeCloseTo(funnel.checkoutShare, 1)
  })

  test('a payment outage spares the share above its depth, and what a second try saves', () => {
    const sessions = walked(20_000, true, [always('payment_outage', 0.6)])
    const saved = 0.4 + 0.6 * funnel.retryShare * 0.4
    const usual = funnel.checkoutShare * funnel.paymentShare
    expect(shareWith(sessions, 'purchase')).toBeCloseTo(usual * saved, 2)
  })

  test('a method that is out is paid by no more; half of those who try once more take another', () => {
    const outage = { ...always('method_outage', 1), segment: 'payment_method=paypal' }
    const sessions = walked(20_000, true, [outage])
    const methods = new Set(sessions.flat().map(({ paymentMethod }) => paymentMethod))
    expect(methods).toEqual(new Set([undefined, 'card', 'invoice', 'apple_pay']))
    const usual = funnel.checkoutShare * funnel.paymentShare
    expect(shareWith(sessions, 'purchase')).toBeCloseTo(usual * funnel.retryShare * 0.5, 2)
  })

  test('a checkout bug takes its share of purchases, and half of that of checkouts', () => {
    const sessions = walked(20_000, true, [always('checkout_bug', 0.8)])
    expect(shareWith(sessions, 'purchase')).toBeCloseTo(funnel.checkoutShare * funnel.paymentShare * 0.2, 2)
    expect(shareWith(sessions, 'checkout_started')).toBeCloseTo(funnel.checkoutShare * 0.6, 2)
  })

  test('missing prices leave out prices and nothing else', () => {
    const steps = walked(5_000, true, [always('missing_prices', 1)]).flat()
    const priced = steps.filter(({ price }) => price !== undefined).map(({ type }) => type)
    expect(new Set(priced)).toEqual(new Set(['remove_from_cart', 'refund']))
    expect(steps.some(({ type }) => type === 'purchase')).toBe(true)
  })

  test('a bot views and searches many times and never fills a cart', () => {
    const around = surroundings('bots')
    const steps: Step[] = []
    for (let bot = 0; bot < 1_000; bot += 1) walkBot(around, visitor, 0, step => steps.push(step))
    expect(steps.length / 1_000 / botEventsPerSession).toBeCloseTo(1, 1)
    expect(new Set(steps.map(({ type }) => type))).toEqual(new Set(['page_view', 'search', 'product_view']))
  })
})
