import { categoryShares, countryShares, deviceShares, paymentShares } from '../../../producer/catalogue.ts'

/** What a session adds to a minute, whole. Logarithms are those of priced purchases' amounts, in thousandths. */
const shopColumns = [
  'events',
  'visits',
  'cartingSessions',
  'cartAdds',
  'checkouts',
  'orders',
  'purchases',
  'revenue',
  'revenueSquares',
  'visitors',
  'productViews',
  'searches',
  'cartRemovals',
  'units',
  'refunds',
  'refunded',
  'priceLogs',
  'priceLogSquares'
] as const
export type ShopColumn = (typeof shopColumns)[number]
export const columns = Object.fromEntries(shopColumns.map((name, column) => [name, column])) as Record<
  ShopColumn,
  number
>

/** What it adds to each of its segments, by places behind the segment's own. */
const segmentColumns = [
  'events',
  'cartAdds',
  'checkouts',
  'orders',
  'purchases',
  'revenue',
  'revenueSquares'
] as const
export type SegmentColumn = (typeof segmentColumns)[number]
export const segmentOffsets = Object.fromEntries(
  segmentColumns.map((name, offset) => [name, offset])
) as Record<SegmentColumn, number>
/** Those that are drawn as whole numbers. */
export const segmentCounts = ['events', 'cartAdds', 'checkouts', 'orders', 'purchases'] as const

export const dimensions = ['country', 'device', 'payment_method', 'category'] as const
export type Dimension = (typeof dimensions)[number]

/** A value of a dimension and its first column. */
export interface SegmentPlace {
  readonly dimension: Dimension
  readonly value: string
  readonly column: number
}

const values: Record<Dimension, readonly (readonly [string, number])[]> = {
  country: countryShares,
  device: deviceShares,
  payment_method: paymentShares,
  category: categoryShares
}

export const places: readonly SegmentPlace[] = dimensions
  .flatMap(dimension => values[dimension].map(([value]) => ({ dimension, value })))
  .map((place, index) => ({ ...place, column: shopColumns.length + index * segmentColumns.length }))

const ofDimension = (dimension: Dimension) => places.filter(place => place.dimension === dimension)
export const placesOf: Record<Dimension, readonly SegmentPlace[]> = {
  country: ofDimension('country'),
  device: ofDimension('device'),
  payment_method: ofDimension('payment_method'),
  category: ofDimension('category')
}

export const columnCount = shopColumns.length + places.length * segmentColumns.length
