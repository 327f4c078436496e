import type { Uniform } from '../../../producer/random.ts'
import {
  columns,
  type Dimension,
  dimensions,
  placesOf,
  type SegmentColumn,
  segmentCounts,
  segmentOffsets
} from './columns.ts'
import { resized } from './resize.ts'

/** What a minute of one segment comes to. Money in units of the currency. */
export interface SegmentTotals {
  readonly dimension: Dimension
  readonly value: string
  readonly events: number
  readonly cartAdds: number
  readonly checkoutsStarted: number
  /** Distinct orders with a purchase in the segment. */
  readonly orders: number
  readonly purchases: number
  readonly pricedPurchases: number
  readonly revenue: number
  readonly revenueSquares: number
}

type Count = (typeof segmentCounts)[number]

/** What of the whole shop its segments are to add up to. */
export interface ShopTotals extends Record<Count, number> {
  readonly pricedPurchases: number
  readonly revenue: number
  readonly revenueSquares: number
}

/**
 * The segments of a minute, of the sums that its sessions come to (`row`) and of what an incident left of them. In
 * `before` stand the shop's sums that `row`'s segments of a dimension are parts of.
 */
export function segmentTotals(
  uniform: Uniform,
  row: Float64Array,
  before: (dimension: Dimension) => Float64Array,
  shop: ShopTotals
): readonly SegmentTotals[] {
  return dimensions.flatMap(dimension => {
    const places = placesOf[dimension]
    const read = (column: SegmentColumn) =>
      places.map(place => row[place.column + segmentOffsets[column]] as number)
    const whole = before(dimension)
    const kept = (column: Count): readonly number[] => {
      // Only purchases and refunds name a method of payment.
      const like = dimension === 'payment_method' && column === 'events' ? 'purchases' : column
      const counts = read(column)
      const of = whole[columns[like]] as number
      const sum = counts.reduce((all, count) => all + count, 0)
      return resized(uniform, counts, of === 0 ? 0 : Math.round((sum * shop[like]) / of))
    }
    const counts = Object.fromEntries(segmentCounts.map(column => [column, kept(column)])) as Record<
      Count,
      readonly number[]
    >
    const orders = withRoom(counts.orders, counts.purchases)
    const priced = resized(uniform, counts.purchases, shop.pricedPurchases)
    const amounts = (column: 'revenue' | 'revenueSquares') =>
      shared(read(column), read('purchases'), priced, shop[column])
    const revenue = amounts('revenue')
    const revenueSquares = amounts('revenueSquares')
    return places.map(({ value }, at) => ({
      dimension,
      value,
      events: counts.events[at] as number,
      cartAdds: counts.cartAdds[at] as number,
      checkoutsStarted: counts.checkouts[at] as number,
      orders: orders[at] as number,
      purchases: counts.purchases[at] as number,
      pricedPurchases: priced[at] as number,
      revenue: revenue[at] as number,
      revenueSquares: revenueSquares[at] as number
    }))
  })
}

/** No segment has more orders than purchases: what is too much lies where there is room. */
function withRoom(orders: readonly number[], purchases: readonly number[]): readonly number[] {
  const fitting = orders.map((count, at) => Math.min(count, purchases[at] as number))
  let homeless = orders.reduce((sum, count, at) => sum + count - (fitting[at] as number), 0)
  return fitting.map((count, at) => {
    const more = Math.min(homeless, (purchases[at] as number) - count)
    homeless -= more
    return count + more
  })
}

/** The total shared out by what each had, as far as its purchases are still there. */
function shared(
  amounts: readonly number[],
  purchases: readonly number[],
  left: readonly number[],
  total: number
): readonly number[] {
  const amount = amounts.reduce((all, one) => all + one, 0)
  const mean =
    amount /
    Math.max(
      1,
      purchases.reduce((all, one) => all + one, 0)
    )
  const raw = left.map((count, at) => {
    const had = purchases[at] as number
    return count * (had > 0 ? (amounts[at] as number) / had : mean)
  })
  const sum = raw.reduce((all, one) => all + one, 0)
  return raw.map(one => (sum > 0 ? (one * total) / sum : 0))
}
