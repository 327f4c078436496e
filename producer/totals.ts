import { botEventsPerSession } from './bot.ts'
import { meanDepth } from './incident.ts'
import { levelsOf, type MinuteLevel } from './level.ts'
import type { Plan } from './plan.ts'
import { binomial, poisson, type Uniform, uniformOf } from './random.ts'
import { eventsPerSession, funnel } from './shop.ts'
import { columnCount, columns, createTemplates, lagMinutes } from './templates.ts'

/** What a minute of the stream comes to, as if its events had been counted. Money in units of the currency. */
export interface MinuteTotals {
  readonly startMs: number
  readonly events: number
  /** Distinct sessions with an event, with an add_to_cart, with a purchase. */
  readonly visits: number
  readonly cartingSessions: number
  readonly purchasingSessions: number
  readonly cartAdds: number
  readonly checkoutsStarted: number
  /** Distinct orders; an order has a purchase event per line. */
  readonly orders: number
  readonly purchases: number
  /** Purchases with a price, the sum of their amounts and of the amounts' squares. */
  readonly pricedPurchases: number
  readonly revenue: number
  readonly revenueSquares: number
  /** Of cart adds, checkouts and purchases: without a price. */
  readonly missingPrices: number
}

const minuteMs = 60_000

/**
 * The plan's minutes, drawn from the shop's model without drawing every event: the levels are the very ones of
 * `eventsOf`, the sessions come from walked templates, and what an incident does is drawn minute by minute.
 */
export function* totalsOf(plan: Plan): Generator<MinuteTotals> {
  const { shop, seed, incidents } = plan
  const uniform = uniformOf(seed, 'totals')
  const browsing = createTemplates(seed, false, 300)
  const carting = createTemplates(seed, true, 600)
  const sums = new Float64Array(columnCount * lagMinutes)
  for (const level of levelsOf(shop, seed, plan.startMs - lagMinutes * minuteMs, incidents)) {
    if (level.startMs >= plan.endMs) return
    const sessions = poisson(uniform, level.sessionRate)
    const carts = binomial(uniform, sessions, level.cartShare)
    browsing.add(uniform, sessions - carts, sums)
    carting.add(uniform, carts, sums)
    if (level.startMs >= plan.startMs) yield disturbed(uniform, plan, level, sums)
    sums.copyWithin(0, columnCount)
    sums.fill(0, columnCount * (lagMinutes - 1))
  }
}

function disturbed(uniform: Uniform, plan: Plan, level: MinuteLevel, sums: Float64Array): MinuteTotals {
  const fromMs = level.startMs
  const toMs = fromMs + minuteMs
  const depth = (kind: Parameters<typeof meanDepth>[1], agoMs = 0) =>
    meanDepth(plan.incidents, kind, fromMs - agoMs, toMs - agoMs)
  const at = (column: number) => Math.round(sums[column] as number)

  const stopped = depth('producer_stops')
  const recorded = (count: number) => count - binomial(uniform, count, stopped)
  const broken = depth('checkout_bug')
  const brokenBefore = depth('checkout_bug', funnel.paymentGapMs)
  const failing = depth('payment_outage')

  const plannedOrders = recorded(at(columns.orders))
  const attempts = plannedOrders - binomial(uniform, plannedOrders, brokenBefore)
  const failed = binomial(uniform, attempts, failing)
  const retries = binomial(uniform, failed, funnel.retryShare)
  const orders = attempts - failed + (retries - binomial(uniform, retries, failing))
  const plannedCheckouts = recorded(at(columns.checkouts))
  const checkoutsStarted = plannedCheckouts - binomial(uniform, plannedCheckouts, broken / 2) + retries

  const keptShare = at(columns.orders) > 0 ? orders / at(columns.orders) : 0
  const purchases = Math.max(orders, Math.round(at(columns.purchases) * keptShare))
  const cartAdds = recorded(at(columns.cartAdds))
  const missing = depth('missing_prices')
  const unpriced = binomial(uniform, purchases, missing)
  const missingShare = Math.min(1, missing + funnel.missingPriceShare)
  const pricedShare = purchases > 0 ? (keptShare * (purchases - unpriced)) / purchases : 0
  const discount = depth('flash_sale') > 0 ? 0.88 : 1

  const visits = recorded(at(columns.visits))
  const planned = at(columns.purchases) + at(columns.checkouts)
  const events = recorded(at(columns.events) - planned) + purchases + checkoutsStarted
  const bots = botTotals(uniform, level, depth('bot_flood'))
  return {
    startMs: fromMs,
    events: events + bots.events,
    visits: visits + bots.visits,
    cartingSessions: Math.min(recorded(at(columns.cartingSessions)), cartAdds),
    purchasingSessions: orders,
    cartAdds,
    checkoutsStarted,
    orders,
    purchases,
    pricedPurchases: purchases - unpriced,
    revenue: (sums[columns.revenue] as number) * pricedShare * discount,
    revenueSquares: (sums[columns.revenueSquares] as number) * pricedShare * discount ** 2,
    missingPrices: unpriced + binomial(uniform, cartAdds + checkoutsStarted, missingShare)
  }
}

/** A bot is there for some 45 s: a visit in nearly two minutes, half of its events in the minute it starts in. */
function botTotals(uniform: Uniform, level: MinuteLevel, depth: number): { events: number; visits: number } {
  if (depth <= 0) return { events: 0, visits: 0 }
  const rate = (level.expectedSessions * eventsPerSession * depth) / botEventsPerSession
  const started = poisson(uniform, rate)
  const visits = started + binomial(uniform, started, 0.7)
  const events = poisson(uniform, ((started + rate) / 2) * botEventsPerSession)
  return { events: Math.max(visits, events), visits }
}
