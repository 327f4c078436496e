import type { MinuteCounts } from './totals/minute-counts.ts'
import type { SegmentTotals } from './totals/segment-totals.ts'
import type { MinuteTotals } from './totals/totals.ts'

/** Where visitors from abroad come from. */
const country = 'BR'

/**
 * The minutes of a shop with visitors from abroad, who have their own day: those of `buyers` look and buy, those of
 * `lookers` only look. All three have the same minutes.
 */
export function* withAbroad(
  home: Iterable<MinuteTotals>,
  buyers: Iterable<MinuteTotals>,
  lookers: Iterable<MinuteTotals>
): Generator<MinuteTotals> {
  const others = [buyers, lookers].map(minutes => minutes[Symbol.iterator]())
  for (const { startMs, segments, ...counts } of home) {
    const [buying, looking] = others.map(minutes => minutes.next().value)
    if (!buying || !looking) return
    const looks = browsing(looking)
    yield {
      startMs,
      ...sumOf(counts, sumOf(buying, looks)),
      segments: [...segments, fromAbroad(buying, looks)]
    }
  }
}

/** Of visits that look, and put nothing into a cart. */
function browsing(all: MinuteTotals): MinuteCounts {
  const { events, visits, visitors, productViews, searches } = all
  const sales = all.cartAdds + all.cartRemovals + all.checkoutsStarted + all.purchases + all.refunds
  return { ...nothing, events: Math.max(0, events - sales), visits, visitors, productViews, searches }
}

/** Those who buy and those who look are of one country. */
const fromAbroad = (buying: MinuteTotals, { events }: MinuteCounts): SegmentTotals => ({
  ...ofCountry(buying, country),
  events: buying.events + events
})

/** A minute as if all of it were of one country. */
export function ofCountry(minute: MinuteTotals, value: string): SegmentTotals {
  const { events, cartAdds, checkoutsStarted, orders } = minute
  const { purchases, pricedPurchases, revenue, revenueSquares } = minute
  const counts = { events, cartAdds, checkoutsStarted, orders, purchases, pricedPurchases, revenue }
  return { dimension: 'country', value, ...counts, revenueSquares }
}

const nothing: MinuteCounts = {
  events: 0,
  visits: 0,
  cartingSessions: 0,
  purchasingSessions: 0,
  visitors: 0,
  productViews: 0,
  searches: 0,
  cartAdds: 0,
  cartRemovals: 0,
  checkoutsStarted: 0,
  orders: 0,
  purchases: 0,
  pricedPurchases: 0,
  revenue: 0,
  revenueSquares: 0,
  priceLogs: 0,
  priceLogSquares: 0,
  units: 0,
  refunds: 0,
  refunded: 0,
  missingPrices: 0,
  invalidPrices: 0,
  duplicates: 0,
  late: 0
}

const names = Object.keys(nothing).filter(isCount)

function isCount(name: string): name is keyof MinuteCounts {
  return Object.hasOwn(nothing, name)
}

function sumOf(one: MinuteCounts, other: MinuteCounts): MinuteCounts {
  const sum = { ...nothing }
  for (const name of names) Object.assign(sum, { [name]: one[name] + other[name] })
  return sum
}
