import { type Detector, evidenceOf } from '../detector.ts'
import { shareOf } from '../measure.ts'
import { allOf, zScoreBeyond } from '../rules.ts'
import { severityOf } from '../severity.ts'
import type { ShopSeries } from '../shop.ts'
import { type Rule, sweep } from '../sweep.ts'
import type { CartAbandonmentOptions } from '../types.ts'

/** The share of sessions with a cart that do not buy; seen from those that do. */
export function cartAbandonmentSpike(series: ShopSeries, options: CartAbandonmentOptions): Detector {
  const measure = shareOf(series.cartPurchases)
  const above: Rule = ({ observed, exposure }) => 1 - observed / exposure > options.above
  const risen =
    (points: number): Rule =>
    ({ observed, expected, exposure }) =>
      (expected - observed) / exposure >= points
  return {
    kind: 'cart_abandonment_spike',
    trained: series.cartPurchases.trained,
    judge(words) {
      const found = sweep({
        direction: 'drop',
        measure,
        rule: allOf(above, risen(options.points), zScoreBeyond(-options.zScore)),
        mildRule: risen(options.points / 2),
        span: options
      })
      if (!found) return undefined
      const { observed, expected, exposure } = found.measured
      const rate = 1 - observed / exposure
      const usual = Math.max(0, 1 - expected / exposure)
      return {
        metric: 'cart_abandonment_rate',
        severity: severityOf(options.severity, options.raiseRate, rate),
        span: found.span,
        value: rate,
        expected: usual,
        details: `Cart abandonment rose to ${words.share(rate)} from a baseline of ${words.share(usual)} (${words.count(exposure)} carts in ${words.span(found.span)}). Possible fault between cart and payment.`,
        evidence: evidenceOf(found)
      }
    }
  }
}
