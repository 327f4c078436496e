import type { Severity } from '../../src/detect/types.ts'
import { type Detector, evidenceOf } from '../detector.ts'
import { countOf, type Measured, whole } from '../measure.ts'
import { zScoreBeyond } from '../rules.ts'
import { severityOf, worse } from '../severity.ts'
import type { ShopSeries } from '../shop.ts'
import { sweep } from '../sweep.ts'
import type { TrafficDropOptions, TrafficSpikeOptions } from '../types.ts'

/** More events than usual. Where orders or cart adds rise with them it is a good day, not a flood. */
export function trafficSpike(series: ShopSeries, options: TrafficSpikeOptions): Detector {
  const measure = countOf(series.events)
  const orders = countOf(series.orders)
  const cartAdds = countOf(series.cartAdds)
  return {
    kind: 'traffic_spike',
    trained: series.events.trained,
    judge(words) {
      const found = sweep({
        direction: 'rise',
        measure,
        rule: zScoreBeyond(options.zScore),
        mildRule: zScoreBeyond(options.zScore / 3),
        span: options
      })
      if (!found) return undefined
      const { measured, span } = found
      const { observed, expected } = measured
      const ordersRise = riseOf(orders(whole(span)))
      const cartsRise = riseOf(cartAdds(whole(span)))
      const good = Math.log(observed / expected) * options.goodDayShare
      const isGood = Math.max(ordersRise, cartsRise) >= good
      const severity = severityOf(options.severity, options.raiseZScore, measured.zScore())
      const change = `${words.count(expected)} → ${words.count(observed)} events in ${words.span(span)}`
      return {
        metric: 'events',
        severity: isGood ? options.goodDaySeverity : severity,
        span,
        value: observed,
        expected,
        details: `Traffic rose to ${(observed / expected).toFixed(1)} times its baseline (${change}). ${
          isGood
            ? 'Orders or carts rise with it: most likely a good day.'
            : 'Orders do not follow: possible bots.'
        }`,
        evidence: {
          ...evidenceOf(found),
          orders_share: Math.round(Math.exp(ordersRise) * 1_000) / 1_000,
          cart_adds_share: Math.round(Math.exp(cartsRise) * 1_000) / 1_000
        }
      }
    }
  }
}

/** Logarithm of observed ÷ expected; one count more or less where there are few. */
function riseOf(measured: Measured | undefined): number {
  return measured ? Math.log((measured.observed + 0.5) / (measured.expected + 0.5)) : Number.NEGATIVE_INFINITY
}

/** Fewer events than usual. */
export function trafficDrop(series: ShopSeries, options: TrafficDropOptions): Detector {
  const measure = countOf(series.events)
  return {
    kind: 'traffic_drop',
    trained: series.events.trained,
    judge(words) {
      const found = sweep({
        direction: 'drop',
        measure,
        rule: zScoreBeyond(-options.zScore),
        mildRule: zScoreBeyond(-options.zScore / 3),
        span: options
      })
      if (!found) return undefined
      const { measured, span } = found
      const { observed, expected } = measured
      const drop = 1 - observed / expected
      const severity: Severity = worse(
        severityOf(options.severity, options.raiseZScore, -measured.zScore()),
        severityOf(options.severity, options.raiseDrop, drop)
      )
      const change = `${words.count(expected)} → ${words.count(observed)} events in ${words.span(span)}`
      return {
        metric: 'events',
        severity,
        span,
        value: observed,
        expected,
        details: `Traffic dropped by ${words.share(drop)} from baseline (${change}). Possible outage of the shop or of its tracking.`,
        evidence: evidenceOf(found)
      }
    }
  }
}
