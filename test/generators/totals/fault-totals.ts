import { type Incident, meanDepth } from '../../../producer/incident.ts'
import type { Uniform } from '../../../producer/random.ts'
import { binomial } from '../binomial.ts'
import { type MinuteCounts, pricedOrdersOf } from './minute-counts.ts'

const minuteMs = 60_000
const hundredthLog = Math.round(1_000 * Math.log(1 / 100))

/** What wrong and unreadable prices make of a minute. */
export function faulted(
  uniform: Uniform,
  incidents: readonly Incident[],
  fromMs: number,
  counts: MinuteCounts
): MinuteCounts {
  const depth = (kind: Incident['kind'], segment?: string) =>
    meanDepth(incidents, kind, fromMs, fromMs + minuteMs, segment)
  const { pricedPurchases } = counts
  const divided = binomial(uniform, pricedPurchases, depth('price_bug'))
  const share = pricedPurchases > 0 ? divided / pricedPurchases : 0
  const orders = pricedOrdersOf(counts)
  const right = {
    ...counts,
    revenue: counts.revenue * (1 - 0.99 * share),
    revenueSquares: counts.revenueSquares * (1 - 0.9999 * share),
    priceLogs: counts.priceLogs + share * orders * hundredthLog,
    priceLogSquares:
      counts.priceLogSquares +
      2 * hundredthLog * counts.priceLogs * share +
      share * orders * hundredthLog ** 2
  }
  const texts = depth('schema_change', 'field=price')
  if (texts === 0) return right
  const lost = binomial(uniform, pricedPurchases, texts)
  const kept = pricedPurchases > 0 ? 1 - lost / pricedPurchases : 0
  const elsewhere = counts.cartAdds + counts.checkoutsStarted + counts.cartRemovals + counts.refunds
  return {
    ...scaled(right, ['revenue', 'revenueSquares', 'priceLogs', 'priceLogSquares'], kept),
    pricedPurchases: pricedPurchases - lost,
    invalidPrices: lost + binomial(uniform, elsewhere, texts)
  }
}

/** Counts of records: those that come twice are counted twice, those that come late not at all. */
const recordCounts = [
  'events',
  'productViews',
  'searches',
  'cartAdds',
  'cartRemovals',
  'checkoutsStarted',
  'purchases',
  'refunds',
  'missingPrices',
  'invalidPrices'
] as const
/** Of distinct things, and of how many records each has. */
const distinctCounts = {
  visits: 'events',
  visitors: 'events',
  cartingSessions: 'cartAdds',
  orders: 'purchases',
  purchasingSessions: 'purchases'
} as const

/** What a minute comes to where records are delivered again, or 5 to 20 minutes late. */
export function delivered(
  uniform: Uniform,
  incidents: readonly Incident[],
  fromMs: number,
  counts: MinuteCounts
): MinuteCounts {
  const toMs = fromMs + minuteMs
  const again = meanDepth(incidents, 'duplicate_flood', fromMs, toMs)
  const gone = meanDepth(incidents, 'late_burst', fromMs, toMs)
  const comingLate = meanDepth(incidents, 'late_burst', fromMs - 20 * minuteMs, toMs - 5 * minuteMs)
  const late = binomial(uniform, counts.events, comingLate)
  if (again === 0 && gone === 0) return { ...counts, late }
  const drawn = { ...counts, late }
  for (const name of recordCounts) {
    drawn[name] += binomial(uniform, counts[name], again) - binomial(uniform, counts[name], gone)
  }
  drawn.duplicates = Math.max(0, drawn.events - counts.events)
  for (const [name, records] of Object.entries(distinctCounts) as [
    keyof typeof distinctCounts,
    (typeof distinctCounts)[keyof typeof distinctCounts]
  ][]) {
    const each = counts[name] > 0 ? counts[records] / counts[name] : 1
    const left = counts[name] - binomial(uniform, counts[name], gone ** each)
    drawn[name] = Math.min(left, Math.max(0, drawn[records]))
  }
  const kept = counts.purchases > 0 ? drawn.purchases / counts.purchases : 0
  drawn.pricedPurchases = Math.min(drawn.purchases, Math.round(counts.pricedPurchases * kept))
  drawn.units = Math.round(counts.units * kept)
  const ordersKept = counts.orders > 0 ? drawn.orders / counts.orders : 0
  const ofOrders = ['priceLogs', 'priceLogSquares'] as const
  const whole = scaled(scaled(drawn, ['revenue', 'revenueSquares'], kept), ofOrders, ordersKept)
  return { ...whole, refunded: counts.refunds > 0 ? (counts.refunded * drawn.refunds) / counts.refunds : 0 }
}

function scaled(counts: MinuteCounts, names: readonly (keyof MinuteCounts)[], share: number): MinuteCounts {
  return { ...counts, ...Object.fromEntries(names.map(name => [name, counts[name] * share])) }
}
