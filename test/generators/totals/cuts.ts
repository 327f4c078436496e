import { type Incident, type IncidentKind, meanDepth } from '../../../producer/incident.ts'
import type { Uniform } from '../../../producer/random.ts'
import { funnel } from '../../../producer/shop.ts'
import { binomial } from '../binomial.ts'
import {
  columns,
  type Dimension,
  places,
  placesOf,
  type SegmentColumn,
  type SegmentPlace,
  type ShopColumn,
  segmentCounts,
  segmentOffsets
} from './columns.ts'
import { resized } from './resize.ts'

/** A minute's sums behind what the incidents of one segment took. */
export interface Cut {
  readonly row: Float64Array
  /** The shop's sums that the row's segments of a dimension are parts of: each is cut in its own dimension only. */
  before(dimension: Dimension): Float64Array
}

const minuteMs = 60_000
const kinds: Partial<Record<Dimension, IncidentKind>> = {
  country: 'country_outage',
  payment_method: 'method_outage',
  category: 'category_outage'
}
/** Of visitors whose products are gone: look at others. Of the events that the rest still had before it, for each. */
const stayShare = 0.5
const eventsOfLeaver = 1.6

export function cutSegments(
  uniform: Uniform,
  incidents: readonly Incident[],
  fromMs: number,
  sums: Float64Array
): Cut {
  const hit = incidents.some(
    ({ segment, startMs, endMs }) => segment !== undefined && startMs < fromMs + minuteMs && endMs > fromMs
  )
  if (!hit) return { row: sums, before: () => sums }
  const row = sums.slice()
  const befores = new Map<Dimension, Float64Array>()
  for (const place of places) {
    const { dimension, value } = place
    const kind = kinds[dimension]
    const depth = kind ? meanDepth(incidents, kind, fromMs, fromMs + minuteMs, `${dimension}=${value}`) : 0
    if (depth === 0) continue
    const before = befores.get(dimension) ?? sums.slice()
    befores.set(dimension, before)
    const book = bookOf(row, before)
    if (kind === 'country_outage') cutCountry(uniform, book, place, depth)
    else if (kind === 'method_outage') cutMethod(uniform, book, place, depth)
    else cutCategory(uniform, book, place, depth)
  }
  return { row, before: dimension => befores.get(dimension) ?? sums }
}

type Book = ReturnType<typeof bookOf>

function bookOf(row: Float64Array, before: Float64Array) {
  const add = (sums: Float64Array, column: number, change: number) => {
    sums[column] = Math.max(0, (sums[column] as number) + change)
  }
  const ofShop = (column: ShopColumn) => row[columns[column]] as number
  const addToShop = (column: ShopColumn, change: number) => {
    add(row, columns[column], change)
    add(before, columns[column], change)
  }
  return {
    ofShop,
    addToShop,
    of: (place: SegmentPlace, column: SegmentColumn) => row[place.column + segmentOffsets[column]] as number,
    addTo(place: SegmentPlace, column: SegmentColumn, change: number) {
      add(row, place.column + segmentOffsets[column], change)
      addToShop(column, change)
    },
    /** Purchases of a segment that go, with what they came to. */
    losePurchases(place: SegmentPlace, lost: number) {
      const had = row[place.column + segmentOffsets.purchases] as number
      if (had === 0) return
      for (const column of ['revenue', 'revenueSquares'] as const) {
        const gone = ((row[place.column + segmentOffsets[column]] as number) * lost) / had
        add(row, place.column + segmentOffsets[column], -gone)
        addToShop(column, -gone)
      }
      const share = lost / Math.max(lost, ofShop('purchases'))
      for (const column of ['priceLogs', 'priceLogSquares'] as const) {
        addToShop(column, -ofShop(column) * share)
      }
      addToShop('units', -Math.round(ofShop('units') * share))
      add(row, place.column + segmentOffsets.purchases, -lost)
      addToShop('purchases', -lost)
    }
  }
}

/** Whole sessions are gone, and what they would have added to anything. */
function cutCountry(uniform: Uniform, book: Book, place: SegmentPlace, depth: number): void {
  const share = book.of(place, 'events') / Math.max(1, book.ofShop('events'))
  const sessions = [
    'visits',
    'visitors',
    'cartingSessions',
    'productViews',
    'searches',
    'cartRemovals',
    'refunds'
  ] as const
  const refund = book.ofShop('refunded') / Math.max(1, book.ofShop('refunds'))
  for (const column of sessions) {
    const lost = binomial(uniform, Math.round(book.ofShop(column)), share * depth)
    book.addToShop(column, -lost)
    if (column === 'refunds') book.addToShop('refunded', -lost * refund)
  }
  for (const column of segmentCounts) {
    const lost = binomial(uniform, Math.round(book.of(place, column)), depth)
    if (column === 'purchases') book.losePurchases(place, lost)
    else book.addTo(place, column, -lost)
  }
}

/** Payments fail; of those who try once more half take another method. */
function cutMethod(uniform: Uniform, book: Book, place: SegmentPlace, depth: number): void {
  const orders = Math.round(book.of(place, 'orders'))
  const failed = binomial(uniform, orders, depth)
  const tried = binomial(uniform, failed, funnel.retryShare)
  const switched = binomial(uniform, tried, 0.5)
  const saved = tried - switched - binomial(uniform, tried - switched, depth)
  const lost = failed - saved
  if (orders === 0) return
  const linesOfOrder = book.of(place, 'purchases') / orders
  const amount = book.of(place, 'revenue') / book.of(place, 'purchases')
  const square = book.of(place, 'revenueSquares') / book.of(place, 'purchases')
  const lines = lost === orders ? book.of(place, 'purchases') : Math.round(lost * linesOfOrder)
  book.addTo(place, 'orders', -lost)
  book.losePurchases(place, lines)
  book.addTo(place, 'events', -lines)
  book.addToShop('checkouts', tried)
  book.addToShop('events', tried)
  const others = placesOf.payment_method.filter(other => other !== place)
  const weights = others.map(other => 1 + Math.round(book.of(other, 'orders')))
  const gained = resized(uniform, weights, weights.reduce((sum, weight) => sum + weight, 0) + switched)
  for (const [at, other] of others.entries()) {
    const more = (gained[at] as number) - (weights[at] as number)
    if (more === 0) continue
    const moreLines = Math.max(more, Math.round(more * linesOfOrder))
    book.addTo(other, 'orders', more)
    book.addTo(other, 'purchases', moreLines)
    book.addTo(other, 'events', moreLines)
    book.addTo(other, 'revenue', moreLines * amount)
    book.addTo(other, 'revenueSquares', moreLines * square)
    book.addToShop('units', moreLines)
  }
}

/** Its products are gone: half of those who came for them look at others, half leave with what is in their carts. */
function cutCategory(uniform: Uniform, book: Book, place: SegmentPlace, depth: number): void {
  const others = placesOf.category.filter(other => other !== place)
  const taken = (column: SegmentColumn) => binomial(uniform, Math.round(book.of(place, column)), depth)
  const spread = (column: SegmentColumn, count: number) => {
    const weights = others.map(other => 1 + Math.round(book.of(other, column)))
    const more = resized(uniform, weights, weights.reduce((sum, weight) => sum + weight, 0) + count)
    return more.map((weight, at) => weight - (weights[at] as number))
  }
  const cartAdds = taken('cartAdds')
  const lines = taken('purchases')
  const events = Math.min(Math.round(book.of(place, 'events')), cartAdds + lines + taken('events'))
  const leaving = Math.round((1 - stayShare) * events)
  const amount = book.of(place, 'revenue') / Math.max(1, book.of(place, 'purchases'))
  const square = book.of(place, 'revenueSquares') / Math.max(1, book.of(place, 'purchases'))
  const orders = Math.round(book.of(place, 'orders'))
  const gone = depth === 1 ? orders : Math.min(orders, lines)
  book.addToShop('productViews', -Math.max(0, leaving - Math.round((cartAdds + lines) / 2)))
  book.addTo(place, 'events', depth === 1 ? -book.of(place, 'events') : -events)
  book.addTo(place, 'cartAdds', -cartAdds)
  book.losePurchases(place, lines)
  book.addTo(place, 'orders', -gone)
  const stays = { events: events - leaving, cartAdds: cartAdds / 2, purchases: lines / 2, orders: gone / 2 }
  for (const column of ['events', 'cartAdds', 'purchases', 'orders'] as const) {
    for (const [at, more] of spread(column, Math.round(stays[column])).entries()) {
      const other = others[at] as SegmentPlace
      book.addTo(other, column, more)
      if (column !== 'purchases') continue
      book.addTo(other, 'revenue', more * amount)
      book.addTo(other, 'revenueSquares', more * square)
      book.addToShop('units', more)
    }
  }
  const fewer = Math.round(leaving * (eventsOfLeaver - 1))
  book.addToShop('events', -Math.min(fewer, book.ofShop('events')))
}
