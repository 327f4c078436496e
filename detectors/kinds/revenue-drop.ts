import { type Detector, evidenceOf } from '../detector.ts'
import { amountOf, countOf, whole } from '../measure.ts'
import { droppedBy } from '../rules.ts'
import { severityOf } from '../severity.ts'
import type { ShopSeries } from '../shop.ts'
import { sweep } from '../sweep.ts'
import type { RevenueDropOptions } from '../types.ts'

/** Revenue below its baseline: fewer purchases, or purchases of less value. */
export function revenueDrop(series: ShopSeries, options: RevenueDropOptions): Detector {
  const measure = amountOf(series.purchases, series.purchaseValue, series.usualPurchaseValue)
  const events = countOf(series.events)
  const orders = countOf(series.ordersPerEvent)
  return {
    kind: 'revenue_drop',
    trained: () => Math.min(series.purchases.trained(), series.purchaseValue.trained()),
    judge(words) {
      const found = sweep({
        direction: 'drop',
        measure,
        rule: droppedBy(options.drop),
        mildRule: droppedBy(options.drop / 2),
        span: options
      })
      if (!found) return undefined
      const { observed, expected } = found.measured
      const drop = 1 - observed / expected
      const change = `${words.money(expected)} → ${words.money(observed)}`
      const traffic = shareLeft(events(whole(found.span)))
      const ordersEach = shareLeft(orders(whole(found.span)))
      const ordersLeft = traffic === null || ordersEach === null ? null : traffic * ordersEach
      return {
        metric: 'revenue',
        severity: severityOf(options.severity, options.raiseDrop, drop),
        span: found.span,
        value: observed,
        expected,
        details: `Revenue dropped by ${words.share(drop)} from baseline (${change} in ${words.span(found.span)}). ${cause(observed / expected, ordersLeft, traffic)}`,
        evidence: {
          ...evidenceOf(found),
          orders_share: ordersLeft && Math.round(ordersLeft * 1_000) / 1_000,
          events_share: traffic
        }
      }
    }
  }
}

function shareLeft(measured: { observed: number; expected: number } | undefined): number | null {
  return measured && measured.expected > 0
    ? Math.round((measured.observed / measured.expected) * 1_000) / 1_000
    : null
}

function cause(revenueLeft: number, ordersLeft: number | null, trafficLeft: number | null): string {
  if (trafficLeft !== null && trafficLeft < 0.6)
    return 'Traffic is down too: possible outage or loss of data.'
  if (ordersLeft !== null && ordersLeft > 0.8 && revenueLeft < 0.75 * ordersLeft) {
    return 'Orders still come in: possible wrong or missing prices.'
  }
  return 'Possible payment system failure.'
}
