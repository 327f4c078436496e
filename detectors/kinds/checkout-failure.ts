import { phrase } from '../../src/language/phrase.ts'
import { shareFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import { shareOf } from '../rules/measurement.ts'
import { checkLadder, ladder, part, scanning, section, severity } from '../rules/options.ts'
import { severityOfDrop } from '../rules/severity.ts'
import { scanDrop } from '../rules/thresholds.ts'
import { share } from '../rules/units.ts'
import { ofPurchases } from '../segments/explainable.ts'

/** Fewer orders of the checkouts that were started. */
export const checkoutFailure = defineKind({
  kind: 'checkout_failure',
  metric: 'checkout_success_rate',
  summary: 'Far fewer checkouts than usual become orders.',
  adviceOn: segmentAdvice,
  area: 'revenue',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  explainable: ofPurchases,
  options: section(
    {
      ...scanning(),
      /** Share below the baseline. */
      drop: part(0.5),
      severity: severity('high'),
      raise_drop: ladder(share, { critical: 0.8 })
    },
    (value, issue) => checkLadder(issue, 'raise_drop', value.severity, value.drop, value.raise_drop)
  ),
  create(series, options) {
    const success = series.share('checkout_success_rate')
    const measure = shareOf(success)
    return {
      trainedWindows: success.trainedWindows,
      judge({ figure }) {
        const found = scanDrop(measure, options.drop, options)
        if (!found) return undefined
        const { observed, expected, exposure } = found.measured
        const drop = 1 - observed / expected
        return {
          ...shareFound(found),
          metric: 'checkout_success_rate',
          severity: severityOfDrop(options.severity, options.raiseDrop, found.measured),
          said: [
            phrase('finding.checkout_failure.dropped', {
              drop: figure.share(drop),
              expected: figure.share(expected / exposure),
              observed: figure.share(observed / exposure),
              checkouts: figure.count(exposure),
              span: figure.span(found.span)
            }),
            phrase('finding.checkout_failure.possible')
          ]
        }
      }
    }
  }
})
