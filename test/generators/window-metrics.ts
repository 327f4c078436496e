import type { MinuteTotals } from '../../producer/totals.ts'
import type { MetricValue, WindowMetrics } from '../../src/metrics/types.ts'

/** A minute's totals as the closed window that the pipeline would have made of them. */
export function windowMetricsOf(totals: MinuteTotals): WindowMetrics {
  const priceable = totals.cartAdds + totals.checkoutsStarted + totals.purchases
  const { events } = totals
  return {
    start: totals.startMs,
    end: totals.startMs + 60_000,
    complete: true,
    records: events,
    segments: [],
    values: new Map([
      ['events', count(events)],
      ['visits', count(totals.visits)],
      ['orders', count(totals.orders)],
      ['revenue', sum(totals.revenue, totals.pricedPurchases, totals.revenueSquares)],
      ['carting_sessions', count(totals.cartingSessions)],
      ['purchasing_sessions', count(totals.purchasingSessions)],
      ['checkouts_started', count(totals.checkoutsStarted)],
      ['cart_adds', count(totals.cartAdds)],
      [
        'cart_abandonment_rate',
        ratio(totals.cartingSessions - totals.purchasingSessions, totals.cartingSessions, 0)
      ],
      ['checkout_success_rate', ratio(totals.orders, totals.checkoutsStarted)],
      ['missing_price_rate', ratio(totals.missingPrices, priceable)],
      ['invalid_rate', ratio(totals.missingPrices, events)],
      ['late_rate', ratio(0, events)],
      ['dead_letter_rate', ratio(0, events)]
    ])
  }
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
