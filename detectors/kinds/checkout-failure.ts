import { phrase } from '../../src/language/phrase.ts'
import { shareFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import { shareOf } from '../rules/measurement.ts'
import { checkLadder, ladder, part, scanning, section, severity } from '../rules/options.ts'
import { severityOfDrop } from '../rules/severity.ts'
import { dropScan } from '../rules/thresholds.ts'
import { share } from '../rules/units.ts'
import { shareValue, watchOf } from '../rules/watch.ts'
import { scanWindows } from '../rules/window-scan.ts'
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
  tuning: { key: 'drop', stricter: 'higher', unit: 'share', finds: 'purchases' },
  options: section(
    {
      ...scanning({ improbable: 1e-3 }),
      /** Share below the baseline. */
      drop: part(0.5),
      severity: severity('high'),
      raise_drop: ladder(share, { critical: 0.8 })
    },
    (value, issue) => checkLadder(issue, 'raise_drop', value.severity, value.drop, value.raise_drop)
  ),
  create(series, options) {
    const success = series.share('checkout_success_rate')
    const scan = dropScan(shareOf(success), options.drop, options)
    return {
      trainedWindows: success.trainedWindows,
      watches: [watchOf('checkout_success_rate', scan, shareValue)],
      judge({ figure }) {
        const found = scanWindows(scan)
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
