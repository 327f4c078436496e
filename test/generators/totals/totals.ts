import type { Basket } from '../../../producer/basket.ts'
import { meanDepth } from '../../../producer/incident.ts'
import { levelsOf, type MinuteLevel } from '../../../producer/level.ts'
import type { Plan } from '../../../producer/plan.ts'
import { poisson, type Uniform, uniformOf } from '../../../producer/random.ts'
import { funnel } from '../../../producer/shop.ts'
import { binomial } from '../binomial.ts'
import { botTotals } from './bot-totals.ts'
import { columnCount, columns, type ShopColumn } from './columns.ts'
import { type Cut, cutSegments } from './cuts.ts'
import { delivered, faulted } from './fault-totals.ts'
import { type MinuteCounts, pricedOrdersOf } from './minute-counts.ts'
import { type SegmentTotals, segmentTotals } from './segment-totals.ts'
import { createTemplates, lagMinutes, type Templates } from './templates.ts'

export interface MinuteTotals extends MinuteCounts {
  readonly startMs: number
  readonly segments: readonly SegmentTotals[]
}

const minuteMs = 60_000

/**
 * The plan's minutes, drawn from the shop's model without drawing every event: the levels are the very ones of
 * `eventsOf`, the sessions come from walked templates, and what an incident does is drawn minute by minute.
 */
export function* totalsOf(plan: Plan): Generator<MinuteTotals> {
  const { shop, seed, incidents } = plan
  const uniform = uniformOf(seed, 'totals')
  const segmentUniform = uniformOf(seed, 'segment totals')
  const faultUniform = uniformOf(seed, 'fault totals')
  const { browsing, carting } = templatesOf(seed, shop.basket)
  const sums = new Float64Array(columnCount * lagMinutes)
  for (const level of levelsOf(shop, seed, plan.startMs - lagMinutes * minuteMs, incidents)) {
    if (level.startMs >= plan.endMs) return
    const { startMs } = level
    const sessions = poisson(uniform, level.sessionRate)
    const carts = binomial(uniform, sessions, level.cartShare)
    browsing.add(uniform, sessions - carts, sums)
    carting.add(uniform, carts, sums)
    if (startMs >= plan.startMs) {
      const cut = cutSegments(segmentUniform, incidents, startMs, sums.subarray(0, columnCount))
      const whole = disturbed(uniform, faultUniform, plan, level, cut)
      const counts = delivered(
        faultUniform,
        incidents,
        startMs,
        faulted(faultUniform, incidents, startMs, whole)
      )
      const shop = { ...counts, checkouts: counts.checkoutsStarted }
      yield { startMs, ...counts, segments: segmentTotals(segmentUniform, cut.row, cut.before, shop) }
    }
    sums.copyWithin(0, columnCount)
    sums.fill(0, columnCount * (lagMinutes - 1))
  }
}

/** Of the last seed alone, whose plans have them in common: to walk them takes longer than most plans. */
let walked:
  | {
      readonly seed: number
      readonly basket: Basket
      readonly browsing: Templates
      readonly carting: Templates
    }
  | undefined

function templatesOf(
  seed: number,
  basket: Basket
): { readonly browsing: Templates; readonly carting: Templates } {
  if (walked?.seed !== seed || walked.basket !== basket)
    walked = {
      seed,
      basket,
      browsing: createTemplates(seed, false, 300, basket),
      carting: createTemplates(seed, true, 600, basket)
    }
  return walked
}

function disturbed(
  uniform: Uniform,
  spare: Uniform,
  plan: Plan,
  level: MinuteLevel,
  { row }: Cut
): MinuteCounts {
  const fromMs = level.startMs
  const toMs = fromMs + minuteMs
  const depth = (kind: Parameters<typeof meanDepth>[1], agoMs = 0) =>
    meanDepth(plan.incidents, kind, fromMs - agoMs, toMs - agoMs)
  const sumOf = (column: ShopColumn) => row[columns[column]] as number
  const at = (column: ShopColumn) => Math.round(sumOf(column))

  const stopped = depth('producer_stops')
  const recorded = (count: number) => count - binomial(uniform, count, stopped)
  const broken = depth('checkout_bug')
  const brokenBefore = depth('checkout_bug', funnel.paymentGapMs)
  const failing = depth('payment_outage')

  const plannedOrders = recorded(at('orders'))
  const attempts = plannedOrders - binomial(uniform, plannedOrders, brokenBefore)
  const failed = binomial(uniform, attempts, failing)
  const retries = binomial(uniform, failed, funnel.retryShare)
  const orders = attempts - failed + (retries - binomial(uniform, retries, failing))
  const plannedCheckouts = recorded(at('checkouts'))
  const checkoutsStarted = plannedCheckouts - binomial(uniform, plannedCheckouts, broken / 2) + retries

  const keptShare = at('orders') > 0 ? orders / at('orders') : 0
  const purchases = Math.max(orders, Math.round(at('purchases') * keptShare))
  const cartAdds = recorded(at('cartAdds'))
  const missing = depth('missing_prices')
  const unpriced = binomial(uniform, purchases, missing)
  const missingShare = Math.min(1, missing + funnel.missingPriceShare)
  const pricedShare = purchases > 0 ? (keptShare * (purchases - unpriced)) / purchases : 0
  const discount = depth('flash_sale') > 0 ? 0.88 : 1

  const visits = recorded(at('visits'))
  const planned = at('purchases') + at('checkouts')
  const events = recorded(at('events') - planned) + purchases + checkoutsStarted
  const bots = botTotals(uniform, level, depth('bot_flood'))
  const pricedPurchases = purchases - unpriced
  const pricedOrders = pricedOrdersOf({ orders, purchases, pricedPurchases })
  const cartingSessions = Math.min(recorded(at('cartingSessions')), cartAdds)
  const missingPrices = unpriced + binomial(uniform, cartAdds + checkoutsStarted, missingShare)

  const seen = (column: ShopColumn) => at(column) - binomial(spare, at(column), stopped)
  const refunds = seen('refunds')
  // A cheaper product adds the logarithm of the discount to its own.
  const logShift = Math.round(1_000 * Math.log(discount))
  const pricedOrderShare = at('orders') > 0 ? pricedOrders / at('orders') : 0
  const logs = sumOf('priceLogs') * pricedOrderShare
  return {
    events: events + bots.events,
    visits: visits + bots.visits,
    cartingSessions,
    purchasingSessions: orders,
    visitors: seen('visitors') + binomial(spare, bots.visits, 0.6),
    productViews: seen('productViews') + Math.round(bots.events / 2),
    searches: seen('searches') + Math.round(bots.events * 0.3),
    cartAdds,
    cartRemovals: seen('cartRemovals'),
    checkoutsStarted,
    orders,
    purchases,
    pricedPurchases,
    revenue: sumOf('revenue') * pricedShare * discount,
    revenueSquares: sumOf('revenueSquares') * pricedShare * discount ** 2,
    priceLogs: logs + logShift * pricedOrders,
    priceLogSquares:
      sumOf('priceLogSquares') * pricedOrderShare + 2 * logShift * logs + logShift ** 2 * pricedOrders,
    units: Math.max(purchases, Math.round(sumOf('units') * keptShare)),
    refunds,
    refunded: at('refunds') > 0 ? (sumOf('refunded') * refunds) / at('refunds') : 0,
    missingPrices,
    invalidPrices: 0,
    duplicates: 0,
    late: 0
  }
}
