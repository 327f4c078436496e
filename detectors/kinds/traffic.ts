import type { Severity } from '../../src/detect/types.ts'
import { type Detector, evidenceOf } from '../detector.ts'
import { countOf, type Measured, whole } from '../measure.ts'
import { allOf, droppedBy, roseTo, zScoreBeyond } from '../rules.ts'
import { severityOf, worse } from '../severity.ts'
import type { ShopSeries } from '../shop.ts'
import { sweep } from '../sweep.ts'
import type { TrafficDropOptions, TrafficSpikeOptions } from '../types.ts'

/** More events than usual. Where orders or cart adds rise with them it is a good day, not a flood. */
export function trafficSpike(series: ShopSeries, options: TrafficSpikeOptions): Detector {
  const measure = countOf(series.events)
  const orders = countOf(series.ordersPerEvent)
  const cartAdds = countOf(series.cartAddsPerEvent)
  return {
    kind: 'traffic_spike',
    trained: series.events.trained,
    judge(words) {
      const found = sweep({
        direction: 'rise',
        measure,
        rule: allOf(zScoreBeyond(options.zScore), roseTo(1 + options.leastRise)),
        mildRule: zScoreBeyond(options.zScore / 3),
        span: options
      })
      if (!found) return undefined
      const { measured, span } = found
      const { observed, expected } = measured
      const rise = observed / expected
      const ordersRise = rise * followed(orders(whole(span)))
      const cartsRise = rise * followed(cartAdds(whole(span)))
      const isGood = Math.max(ordersRise, cartsRise) >= rise ** options.goodDayShare
      const severity = severityOf(options.severity, options.raiseZScore, measured.zScore())
      const change = `${words.count(expected)} → ${words.count(observed)} events in ${words.span(span)}`
      return {
        metric: 'events',
        severity: isGood ? options.goodDaySeverity : severity,
        span,
        value: observed,
        expected,
        details: `Traffic rose to ${rise.toFixed(1)} times its baseline (${change}). ${
          isGood
            ? 'Orders or carts rise with it: most likely a good day.'
            : 'Orders do not follow: possible bots.'
        }`,
        evidence: {
          ...evidenceOf(found),
          orders_share: Math.round(ordersRise * 1_000) / 1_000,
          cart_adds_share: Math.round(cartsRise * 1_000) / 1_000
        }
      }
    }
  }
}

/** Observed ÷ expected per event, one count more or less where there are few: 1 where it kept up with the traffic. */
function followed(measured: Measured | undefined): number {
  return measured ? (measured.observed + 0.5) / (measured.expected + 0.5) : 0
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
        rule: allOf(zScoreBeyond(-options.zScore), droppedBy(options.leastDrop)),
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
