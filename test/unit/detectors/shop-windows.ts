import { uniformOf } from '../../../producer/random.ts'
import type { MetricValue, SegmentValue, WindowMetrics } from '../../../src/metrics/types.ts'

/** A minute of a small shop of 20 orders a minute: what is given replaces what is usual. */
export interface Minute {
  readonly events: number
  readonly cartAdds: number
  readonly carting: number
  readonly checkouts: number
  readonly orders: number
  readonly orderValue: number
  /** Of cart adds, checkouts and purchases: without a price. */
  readonly unpriced: number
  readonly invalid: number
  /** Of the orders: with a currency that is none. */
  readonly currencyless: number
}

export const minuteMs = 60_000
/** A Monday, 10:00 UTC. */
export const startMs = Date.UTC(2026, 8, 7, 10)

/** Minute `index` with some luck, the same for the same index. */
export function usualMinute(index: number): Minute {
  const uniform = uniformOf(index, 'minute')
  const around = (mean: number) =>
    Math.round(mean + (uniform() + uniform() + uniform() - 1.5) * 2 * Math.sqrt(mean))
  return {
    events: around(800),
    cartAdds: around(75),
    carting: around(57),
    checkouts: around(24),
    orders: around(20),
    orderValue: 50 + 10 * uniform(),
    unpriced: 0,
    invalid: 0,
    currencyless: 0
  }
}

export function windowOf(index: number, minute: Minute, complete = true): WindowMetrics {
  const { events, cartAdds, carting, checkouts, orders, orderValue, unpriced, invalid, currencyless } = minute
  const start = startMs + index * minuteMs
  const priced = Math.max(
    0,
    orders - currencyless - Math.round((unpriced * orders) / Math.max(1, cartAdds + checkouts + orders))
  )
  return {
    start,
    end: start + minuteMs,
    complete,
    records: events,
    segments: faultRows(minute),
    values: new Map<string, MetricValue>([
      ['events', count(events)],
      ['orders', count(orders)],
      ['cart_adds', count(cartAdds)],
      [
        'revenue',
        {
          value: priced * orderValue,
          numerator: priced * orderValue,
          denominator: 1,
          sampleSize: priced,
          squares: priced * orderValue ** 2 * 1.6
        }
      ],
      ['cart_abandonment_rate', ratio(carting - orders, carting)],
      ['checkout_success_rate', ratio(orders, checkouts)],
      ['missing_price_rate', ratio(unpriced, cartAdds + checkouts + orders)],
      ['invalid_price_rate', ratio(0, orders)],
      ['invalid_currency_rate', ratio(currencyless, orders)],
      ['invalid_rate', ratio(invalid, events)]
    ])
  }
}

export const silence: Minute = {
  events: 0,
  cartAdds: 0,
  carting: 0,
  checkouts: 0,
  orders: 0,
  orderValue: 0,
  unpriced: 0,
  invalid: 0,
  currencyless: 0
}

/** Prices are missing of carts, checkouts and purchases alike. */
function faultRows({ cartAdds, checkouts, orders, unpriced, currencyless }: Minute): SegmentValue[] {
  const all = Math.max(1, cartAdds + checkouts + orders)
  const rowOf = (metric: string, type: string, faulty: number, of: number): SegmentValue => ({
    metric,
    dimension: 'event_type',
    segment: `event_type=${type}`,
    ...ratio(faulty, of),
    squares: faulty
  })
  const unpricedOf = (type: string, of: number) =>
    of === 0 ? [] : [rowOf('missing_price_rate', type, Math.round((unpriced * of) / all), of)]
  return [
    ...unpricedOf('add_to_cart', cartAdds),
    ...unpricedOf('checkout_started', checkouts),
    ...unpricedOf('purchase', orders),
    ...(currencyless > 0 ? [rowOf('invalid_currency_rate', 'purchase', currencyless, orders)] : [])
  ]
}

function count(number: number): MetricValue {
  return { value: number, numerator: number, denominator: 1, sampleSize: number, squares: 0 }
}

function ratio(numerator: number, denominator: number): MetricValue {
  return {
    value: denominator > 0 ? numerator / denominator : null,
    numerator,
    denominator,
    sampleSize: denominator,
    squares: 0
  }
}
