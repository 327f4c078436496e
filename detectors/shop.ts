import type { MetricValue, WindowMetrics } from '../src/metrics/types.ts'
import { type CountSeries, countSeries } from './count-series.ts'
import { rateSeries, shareSeries, valueSeries } from './rate-series.ts'
import type { Series, SeriesOptions } from './series.ts'
import type { Reading } from './track.ts'

/** What is followed of a shop. A new metric is a line here and a line in `readings`. */
export interface ShopSeries {
  readonly events: CountSeries
  /** Beyond one in each window: what one visitor does shows in the events, not here. */
  readonly furtherVisits: Series
  /** Whether orders and cart adds keep up with the traffic. */
  readonly ordersPerEvent: Series
  readonly cartAddsPerEvent: Series
  readonly purchases: Series
  readonly purchaseValue: Series
  /** The same without the weight of rare great orders. */
  readonly usualPurchaseValue: Series
  readonly checkoutSuccess: Series
  readonly cartPurchases: Series
  readonly missingPrices: Series
  readonly invalidEvents: Series
}

const eventsOfVisit = 6
const minutesOfVisit = 3

/** In usual purchases. */
const greatestUsual = 5

export function createShopSeries(options: SeriesOptions): ShopSeries {
  return {
    events: countSeries(options, eventsOfVisit),
    furtherVisits: countSeries(options, minutesOfVisit),
    ordersPerEvent: rateSeries(options),
    cartAddsPerEvent: rateSeries(options),
    purchases: countSeries(options, 2),
    purchaseValue: valueSeries(options),
    usualPurchaseValue: valueSeries(options, greatestUsual),
    checkoutSuccess: shareSeries(options),
    cartPurchases: shareSeries(options),
    missingPrices: rateSeries(options),
    invalidEvents: rateSeries(options)
  }
}

type Read = (value: MetricValue, window: WindowMetrics) => Reading

const count: Read = ({ numerator }) => ({ count: numerator, exposure: 1 })
const perEvent: Read = ({ numerator }, { values }) => ({
  count: numerator,
  exposure: values.get('events')?.numerator ?? 0
})
const amounts: Read = ({ numerator, sampleSize, squares }) => ({
  count: numerator,
  exposure: sampleSize,
  squares
})
const ratio: Read = ({ numerator, denominator }) => ({ count: Math.max(0, numerator), exposure: denominator })

const readings: { readonly [name in keyof ShopSeries]: readonly [metric: string, read: Read] } = {
  events: ['events', count],
  furtherVisits: ['visits', ({ numerator }) => ({ count: Math.max(0, numerator - 1), exposure: 1 })],
  ordersPerEvent: ['orders', perEvent],
  cartAddsPerEvent: ['cart_adds', perEvent],
  purchases: ['revenue', ({ sampleSize }) => ({ count: sampleSize, exposure: 1 })],
  purchaseValue: ['revenue', amounts],
  usualPurchaseValue: ['revenue', amounts],
  checkoutSuccess: ['checkout_success_rate', ratio],
  cartPurchases: [
    'cart_abandonment_rate',
    ({ numerator, denominator }) => ({ count: Math.max(0, denominator - numerator), exposure: denominator })
  ],
  missingPrices: ['missing_price_rate', ratio],
  invalidEvents: ['invalid_rate', ratio]
}

export const seriesNames = Object.keys(readings) as readonly (keyof ShopSeries)[]

/** What a window says of a series; undefined where it is incomplete or has not the metric. */
export function readingOf(window: WindowMetrics, name: keyof ShopSeries): Reading | undefined {
  const [metric, read] = readings[name]
  const value = window.complete ? window.values.get(metric) : undefined
  return value && read(value, window)
}
