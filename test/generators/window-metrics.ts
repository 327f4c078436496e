import type { MetricValue, SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import { pricedOrdersOf } from './totals/minute-counts.ts'
import type { MinuteTotals } from './totals/totals.ts'

/** A minute's totals as the closed window that the pipeline would have made of them. */
export function windowMetricsOf(totals: MinuteTotals): WindowMetrics {
  const priceable = totals.cartAdds + totals.checkoutsStarted + totals.purchases
  const { events } = totals
  const pricedOrders = pricedOrdersOf(totals)
  return {
    start: totals.startMs,
    end: totals.startMs + 60_000,
    complete: true,
    records: events,
    segments: [...segmentRows(totals), ...unpricedRows(totals)],
    values: new Map([
      ['events', count(events)],
      ['visits', count(totals.visits)],
      ['visitors', count(totals.visitors)],
      ['product_views', count(totals.productViews)],
      ['searches', count(totals.searches)],
      ['cart_removals', count(totals.cartRemovals)],
      ['units', sum(totals.units, totals.purchases, leastSquares(totals.units, totals.purchases))],
      ['refunds', count(totals.refunds)],
      ['refund_rate', ratio(totals.refunds, totals.orders)],
      [
        'net_revenue',
        sum(
          totals.revenue - totals.refunded,
          pricedOrders + totals.refunds,
          totals.revenueSquares + leastSquares(totals.refunded, totals.refunds)
        )
      ],
      ['orders', count(totals.orders)],
      ['revenue', sum(totals.revenue, pricedOrders, totals.revenueSquares)],
      ['carting_sessions', count(totals.cartingSessions)],
      ['purchasing_sessions', count(totals.purchasingSessions)],
      ['checkouts_started', count(totals.checkoutsStarted)],
      ['cart_adds', count(totals.cartAdds)],
      [
        'cart_abandonment_rate',
        ratio(totals.cartingSessions - totals.purchasingSessions, totals.cartingSessions, 0)
      ],
      ['checkout_success_rate', ratio(totals.orders, totals.checkoutsStarted)],
      ['conversion_rate', ratio(totals.purchasingSessions, totals.visits)],
      ['average_order_value', ratio(totals.revenue, totals.orders)],
      ['missing_price_rate', ratio(totals.missingPrices, priceable)],
      ['invalid_rate', ratio(totals.missingPrices + totals.invalidPrices, events)],
      ['price_level', mean(totals.priceLogs / 1_000, pricedOrders, totals.priceLogSquares / 1_000_000)],
      ['duplicate_rate', ratio(totals.duplicates, events)],
      ['late_rate', ratio(totals.late, events + totals.late)],
      ['dead_letter_rate', ratio(0, events + totals.late)]
    ])
  }
}

/** What lacks its price, by type; of carts and checkouts each its part. */
function unpricedRows(totals: MinuteTotals): SegmentValue[] {
  const { cartAdds, checkoutsStarted, purchases, pricedPurchases, missingPrices } = totals
  const unpricedPurchases = purchases - pricedPurchases
  const others = Math.max(0, missingPrices - unpricedPurchases)
  const unpricedCarts = Math.round((others * cartAdds) / Math.max(1, cartAdds + checkoutsStarted))
  const rows = [
    ['add_to_cart', unpricedCarts, cartAdds],
    ['checkout_started', others - unpricedCarts, checkoutsStarted],
    ['purchase', unpricedPurchases, purchases]
  ] as const
  return rows.flatMap(([type, unpriced, all]): SegmentValue[] =>
    all === 0
      ? []
      : [
          {
            metric: 'missing_price_rate',
            dimension: 'event_type',
            segment: `event_type=${type}`,
            ...ratio(unpriced, all),
            squares: unpriced
          }
        ]
  )
}

function segmentRows({ segments }: MinuteTotals): SegmentValue[] {
  const categorised = segments.reduce(
    (all, { dimension, events }) => (dimension === 'category' ? all + events : all),
    0
  )
  return segments.flatMap(totals => {
    const { dimension, value } = totals
    const rows: [string, MetricValue][] = [
      ['events', count(totals.events)],
      ['cart_adds', count(totals.cartAdds)],
      ['checkouts_started', count(totals.checkoutsStarted)],
      ['orders', count(totals.orders)],
      ['revenue', sum(totals.revenue, totals.pricedPurchases, totals.revenueSquares)]
    ]
    if (dimension === 'category') rows.push(['category_share', ratio(totals.events, categorised)])
    return rows.flatMap(([metric, of]) =>
      of.numerator === 0 && of.sampleSize === 0
        ? []
        : [{ metric, dimension, segment: `${dimension}=${value}`, ...of }]
    )
  })
}

/** Of terms whose own squares are not known: as if all were the same. */
function leastSquares(total: number, terms: number): number {
  return terms > 0 ? total ** 2 / terms : 0
}

function mean(total: number, terms: number, squares: number): MetricValue {
  return { ...ratio(total, terms), squares }
}

function count(number: number): MetricValue {
  return { value: number, numerator: number, denominator: 1, sampleSize: number, squares: 0 }
}

function sum(total: number, terms: number, squares: number): MetricValue {
  return { value: total, numerator: total, denominator: 1, sampleSize: terms, squares }
}

function ratio(numerator: number, denominator: number, least = Number.NEGATIVE_INFINITY): MetricValue {
  const value = denominator > 0 ? Math.max(least, numerator / denominator) : null
  return { value, numerator, denominator, sampleSize: denominator, squares: 0 }
}
