import { gamma, poisson, type Uniform, uniformOf } from '../../../../producer/random.ts'
import type { MetricValue, SegmentValue, WindowMetrics } from '../../../../src/metrics/types.ts'
import type { Segment } from '../../../../src/window/segment.ts'

/** A shop whose events and orders are drawn segment by segment. */
export interface SegmentShop {
  readonly seed: number
  readonly ordersPerMinute: number
  readonly windowMs?: number
  /** Times the usual rate; what is done to the shop. */
  readonly rate?: (cell: Cell, atMs: number) => number
  /** The shape of the day, 1 in the mean. */
  readonly day?: (atMs: number) => number
}

/** What an event or an order is of. */
export interface Cell {
  readonly of: 'events' | 'orders'
  readonly country: string
  readonly category: string
  /** Of events. */
  readonly device?: string
  /** Of orders. */
  readonly method?: string
}

const countries = { US: 0.4, DE: 0.25, GB: 0.15, FR: 0.12, NL: 0.08 }
const methods = { card: 0.5, paypal: 0.3, klarna: 0.15, bank: 0.05 }
const categories = { shoes: 0.25, shirts: 0.2, bags: 0.18, hats: 0.15, toys: 0.12, books: 0.1 }
const devices = { mobile: 0.6, desktop: 0.35, tablet: 0.05 }

export const minuteMs = 60_000
const dayMs = 86_400_000
/** A Monday, 00:00 UTC. */
export const startMs = Date.UTC(2026, 8, 7)

/** Events of an order and of a visit, orders that come together, and what one is worth in the mean. */
const eventsPerOrder = 40
const eventsPerVisit = 5
const ordersPerBuyer = 1.2
const orderValue = 60

const usualDay = (atMs: number) => 1 + 0.6 * Math.sin((2 * Math.PI * (atMs % dayMs)) / dayMs - 1.8)

const combined = 'country × payment_method'

/**
 * A window of the shop. Each dimension is drawn by itself, around means that are those of all cells together: a payment
 * method that fails takes its part of every country and category with it.
 */
export function windowAt(shop: SegmentShop, index: number): WindowMetrics {
  const windowMs = shop.windowMs ?? minuteMs
  const start = startMs + index * windowMs
  const uniform = uniformOf(shop.seed, `window ${index}`)
  const { rate = () => 1, day = usualDay } = shop
  const orders = (shop.ordersPerMinute * day(start) * windowMs) / minuteMs
  const eventMeans = new Float64Array(drawnSegments.length)
  const orderMeans = new Float64Array(drawnSegments.length)
  for (const cell of cells) {
    const mean = orders * cell.share * rate(cell, start)
    const means = cell.of === 'events' ? eventMeans : orderMeans
    for (const at of cell.drawnAt) means[at] = (means[at] as number) + mean
  }
  const counts = keptSegments.map(({ dimension, segment }) => ({
    dimension,
    segment,
    events: 0,
    orders: 0,
    money: 0
  }))
  const total = { events: 0, orders: 0, money: 0 }
  for (const [at, { dimension, keptAt }] of drawnSegments.entries()) {
    const eventsNow = bunched(uniform, (eventMeans[at] as number) * eventsPerOrder, eventsPerVisit)
    const ordersNow = bunched(uniform, orderMeans[at] as number, ordersPerBuyer)
    const money = moneyOf(uniform, ordersNow)
    for (const kept of keptAt) {
      const sums = counts[kept] as Counted
      // An order is an event of its own.
      sums.events += eventsNow + ordersNow
      sums.orders += ordersNow
      sums.money += money
    }
    if (dimension === 'country') total.events += eventsNow
    if (dimension !== combined) continue
    total.events += ordersNow
    total.orders += ordersNow
    total.money += money
  }
  return {
    start,
    end: start + windowMs,
    complete: true,
    records: total.events,
    values: new Map([
      ['events', count(total.events)],
      ['orders', count(total.orders)],
      [
        'revenue',
        { ...count(total.money), sampleSize: total.orders, squares: 2 * orderValue ** 2 * total.orders }
      ]
    ]),
    segments: counts.flatMap(({ dimension, segment, events, orders, money }): SegmentValue[] => [
      ...(events > 0 ? [{ metric: 'events', dimension, segment, ...count(events) }] : []),
      ...(orders > 0
        ? [
            { metric: 'orders', dimension, segment, ...count(orders) },
            { metric: 'revenue', dimension, segment, ...count(money), sampleSize: orders }
          ]
        : [])
    ])
  }
}

interface Counted extends Place {
  events: number
  orders: number
  money: number
}

interface Place {
  readonly dimension: string
  readonly segment: Segment
}

/** Every cell, its share of the shop, and the segments that are drawn of it. */
const shares = Object.entries(countries).flatMap(([country, ofCountry]) =>
  Object.entries(categories).flatMap(([category, ofCategory]) => {
    const share = ofCountry * ofCategory
    const inCategory = placeOf('category', category)
    const inCountry = placeOf('country', country)
    return [
      ...Object.entries(devices).map(([device, ofDevice]) => {
        const segments = [inCountry, inCategory, placeOf('device', device)]
        return { of: 'events' as const, country, category, device, share: share * ofDevice, segments }
      }),
      ...Object.entries(methods).map(([method, ofMethod]) => {
        const both: Segment = `country=${country} × payment_method=${method}`
        const segments = [{ dimension: combined, segment: both }, inCategory]
        return { of: 'orders' as const, country, category, method, share: share * ofMethod, segments }
      })
    ]
  })
)

/** What is kept of a segment that is drawn: of two dimensions together, each of them too. */
const keptOf = ({ dimension, segment }: Place): readonly Place[] =>
  dimension === combined
    ? [...segment.split(' × ').map(partOf), { dimension, segment }]
    : [{ dimension, segment }]

function partOf(part: string): Place {
  const [dimension = '', value = ''] = part.split('=')
  return placeOf(dimension, value)
}

function placeOf(dimension: string, value: string): Place {
  return { dimension, segment: `${dimension}=${value}` }
}

const distinct = (places: readonly Place[]) => [
  ...new Map(places.map(place => [place.segment, place])).values()
]
const indexIn = (places: readonly Place[], { segment }: Place) =>
  places.findIndex(place => place.segment === segment)

// A window is drawn some ten thousand times: its segments are found by their places, not by their names.
const drawnPlaces = distinct(shares.flatMap(({ segments }) => segments))
const keptSegments = distinct(drawnPlaces.flatMap(keptOf))
const drawnSegments = drawnPlaces.map(place => ({
  ...place,
  keptAt: keptOf(place).map(kept => indexIn(keptSegments, kept))
}))
const cells = shares.map(({ segments, ...cell }) => ({
  ...cell,
  drawnAt: segments.map(place => indexIn(drawnPlaces, place))
}))

/** A Poisson number of bunches whose sizes are of this mean. */
function bunched(uniform: Uniform, mean: number, size: number): number {
  const bunches = poisson(uniform, mean / size)
  return bunches === 0 ? 0 : bunches + poisson(uniform, bunches * (size - 1))
}

function moneyOf(uniform: Uniform, orders: number): number {
  return orders === 0 ? 0 : gamma(uniform, orders, orders * orderValue)
}

function count(number: number): MetricValue {
  return { value: number, numerator: number, denominator: 1, sampleSize: number, squares: 0 }
}
