import { gamma, integer, normal, poisson, type Uniform, uniformOf } from '../../producer/random.ts'
import { binomial } from './binomial.ts'
import { localTimes, type MarketWeek } from './market-day.ts'
import type { MinuteTotals } from './totals/totals.ts'

/**
 * A shop of another structure than the fixture producer's: days with a luck of their own, a level that is an AR(1)
 * process, local time with summer time, visits without memory, a purchase per order, gamma baskets with rare bulk
 * orders, a promotion day.
 */
export interface Market {
  readonly seed: number
  readonly ordersPerMinute: number
  readonly startMs: number
  readonly days: number
  readonly timeZone: string
  readonly week: MarketWeek
  /** What a week's traffic is of that of the week before. */
  readonly growth: number
  /** The day of the stream, counted from 0, on which a promotion runs from 8 to 22 local time. */
  readonly promotionDay: number | undefined
  readonly incidents: readonly MarketIncident[]
}

export const marketIncidentKinds = [
  'outage',
  'flood',
  'collapse',
  'gap',
  'price_fault',
  'missing_prices'
] as const
type MarketIncidentKind = (typeof marketIncidentKinds)[number]

export interface MarketIncident {
  readonly kind: MarketIncidentKind
  readonly startMs: number
  readonly endMs: number
  /** Of purchases, checkouts, records, prices; for a flood, bot events beside the usual ones. */
  readonly depth: number
  /** Of a price fault: what a wrong price is divided by. */
  readonly divisor?: number
}

/** A minute with what each of its purchases came to, undefined where the price was left out. */
export interface MarketMinute extends MinuteTotals {
  readonly amounts: readonly (number | undefined)[]
}

export const minuteMs = 60_000
export const visitsPerOrder = 24
const cartShare = 0.11
const eventsPerVisit = 1.7
const basketMean = 64
const basketShape = 1.7

/** The minutes of the market, one after the other. */
export function* marketTotals(market: Market): Generator<MarketMinute> {
  const uniform = uniformOf(market.seed, 'market')
  const localTime = localTimes(market.timeZone)
  const firstDate = localTime(market.startMs).date
  let date = Number.NaN
  let dayFactor = 1
  let dayConversion = 1
  let level = normal(uniform)
  const levelMemory = 0.997
  for (let at = market.startMs; at < market.startMs + market.days * 1_440 * minuteMs; at += minuteMs) {
    const local = localTime(at)
    if (local.date !== date) {
      date = local.date
      dayFactor = Math.exp(0.1 * normal(uniform))
      dayConversion = Math.exp(0.04 * normal(uniform))
    }
    level = levelMemory * level + Math.sqrt(1 - levelMemory ** 2) * normal(uniform)
    const promoted = date - firstDate === market.promotionDay && local.hours >= 8 && local.hours < 22
    const mean =
      market.ordersPerMinute *
      visitsPerOrder *
      market.week.traffic(local) *
      market.growth ** ((date - firstDate) / 7) *
      dayFactor *
      Math.exp(0.07 * level) *
      (promoted ? 1.9 : 1)
    const conversion = dayConversion * market.week.conversion(local) * (promoted ? 1.25 : 1)
    yield minuteOf(uniform, market.incidents, at, mean, conversion)
  }
}

function minuteOf(
  uniform: Uniform,
  incidents: readonly MarketIncident[],
  at: number,
  mean: number,
  conversion: number
): MarketMinute {
  const depthOf = (kind: MarketIncidentKind) =>
    Math.max(
      0,
      ...incidents
        .filter(one => one.kind === kind && at < one.endMs && at + minuteMs > one.startMs)
        .map(one => (one.depth * (Math.min(at + minuteMs, one.endMs) - Math.max(at, one.startMs))) / minuteMs)
    )
  const kept = 1 - depthOf('gap')
  const visits = binomial(uniform, poisson(uniform, gamma(uniform, mean / 0.4, mean)), kept)
  const views = poisson(uniform, visits * (eventsPerVisit - 1))
  const cartingSessions = binomial(uniform, visits, cartShare * conversion)
  const cartAdds = cartingSessions + poisson(uniform, cartingSessions * 0.4)
  const checkouts = poisson(uniform, (visits > 0 ? 1 : 0) * mean * kept * 0.05 * conversion)
  const checkoutsStarted = checkouts - binomial(uniform, checkouts, depthOf('collapse') / 2)
  const attempts = binomial(uniform, checkouts, 1 / (visitsPerOrder * 0.05))
  const standing = attempts - binomial(uniform, attempts, depthOf('collapse'))
  const orders = standing - binomial(uniform, standing, depthOf('outage'))
  const bots = poisson(uniform, mean * eventsPerVisit * depthOf('flood'))

  const missing = depthOf('missing_prices') + 0.004
  const wrong = depthOf('price_fault')
  const divisor = incidents.find(one => one.kind === 'price_fault' && at < one.endMs)?.divisor ?? 1
  let revenue = 0
  let revenueSquares = 0
  const amounts: (number | undefined)[] = []
  for (let i = 0; i < orders; i += 1) {
    const bulk = uniform() < 0.008 ? integer(uniform, 6, 20) : 1
    const amount = gamma(uniform, basketShape, basketMean) * bulk
    const shown = Math.round((uniform() < wrong ? amount / divisor : amount) * 100) / 100
    if (uniform() < missing) {
      amounts.push(undefined)
      continue
    }
    amounts.push(shown)
    revenue += shown
    revenueSquares += shown * shown
  }
  const pricedPurchases = amounts.filter(amount => amount !== undefined).length
  const visitors = Math.max(visits, orders)
  const logs = amounts.flatMap(amount => (amount ? [Math.round(1_000 * Math.log(amount))] : []))
  return {
    startMs: at,
    amounts,
    events: visitors + views + cartAdds + checkoutsStarted + orders + bots,
    visits: visitors + Math.ceil(bots / 12),
    cartingSessions,
    purchasingSessions: orders,
    cartAdds,
    checkoutsStarted,
    orders,
    purchases: orders,
    pricedPurchases,
    revenue,
    revenueSquares,
    priceLogs: logs.reduce((sum, log) => sum + log, 0),
    priceLogSquares: logs.reduce((sum, log) => sum + log * log, 0),
    visitors: 0,
    productViews: visitors + views + bots - (visitors + Math.ceil(bots / 12)),
    searches: 0,
    cartRemovals: 0,
    units: orders,
    refunds: 0,
    refunded: 0,
    invalidPrices: 0,
    duplicates: 0,
    late: 0,
    segments: [],
    missingPrices: orders - pricedPurchases + binomial(uniform, cartAdds + checkoutsStarted, missing)
  }
}
