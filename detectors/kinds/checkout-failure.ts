import { type Detector, evidenceOf } from '../detector.ts'
import { shareOf } from '../measure.ts'
import { droppedBy } from '../rules.ts'
import { severityOf } from '../severity.ts'
import type { ShopSeries } from '../shop.ts'
import { sweep } from '../sweep.ts'
import type { CheckoutFailureOptions } from '../types.ts'

/** Fewer orders of the checkouts that were started. */
export function checkoutFailure(series: ShopSeries, options: CheckoutFailureOptions): Detector {
  const measure = shareOf(series.checkoutSuccess)
  return {
    kind: 'checkout_failure',
    trained: series.checkoutSuccess.trained,
    judge(words) {
      const found = sweep({
        direction: 'drop',
        measure,
        rule: droppedBy(options.drop),
        mildRule: droppedBy(options.drop / 2),
        span: options
      })
      if (!found) return undefined
      const { observed, expected, exposure } = found.measured
      const drop = 1 - observed / expected
      const change = `${words.share(expected / exposure)} → ${words.share(observed / exposure)}`
      return {
        metric: 'checkout_success_rate',
        severity: severityOf(options.severity, options.raiseDrop, drop),
        span: found.span,
        value: observed / exposure,
        expected: expected / exposure,
        details: `Checkout success dropped by ${words.share(drop)} from baseline (${change} of ${words.count(exposure)} checkouts in ${words.span(found.span)}). Possible checkout or payment failure.`,
        evidence: evidenceOf(found)
      }
    }
  }
}
