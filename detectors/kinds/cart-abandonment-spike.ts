import { phrase } from '../../src/language/phrase.ts'
import { amountFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import { shareOf } from '../rules/measurement.ts'
import { checkLadder, ladder, part, positive, scanning, section, severity } from '../rules/options.ts'
import { severityOf } from '../rules/severity.ts'
import { allOf, zScoreBeyond } from '../rules/thresholds.ts'
import { share } from '../rules/units.ts'
import { restValue, watchOf } from '../rules/watch.ts'
import { type Rule, type ScanOptions, scanWindows } from '../rules/window-scan.ts'
import { ofOthers } from '../segments/explainable.ts'

/** More of the sessions with a cart do not buy; measured by those that do. */
export const cartAbandonmentSpike = defineKind({
  kind: 'cart_abandonment_spike',
  metric: 'cart_abandonment_rate',
  summary: 'Far more sessions than usual leave a filled cart.',
  adviceOn: segmentAdvice,
  area: 'technical',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  explainable: ofOthers,
  tuning: { key: 'points', stricter: 'higher', unit: 'share', finds: 'purchases' },
  options: section(
    {
      ...scanning(),
      z_score: positive(2.5),
      /** The rate must be above this and above its baseline by `points`. */
      above: part(0.7),
      points: part(0.1),
      severity: severity('medium'),
      raise_rate: ladder(share, { high: 0.8 })
    },
    (value, issue) => checkLadder(issue, 'raise_rate', value.severity, value.above, value.raise_rate)
  ),
  create(series, options) {
    const bought = series.remainder('cart_abandonment_rate')
    const measure = shareOf(bought)
    const above: Rule = ({ observed, exposure }) => 1 - observed / exposure > options.above
    const risen =
      (points: number): Rule =>
      ({ observed, expected, exposure }) =>
        (expected - observed) / exposure >= points
    const scan: ScanOptions = {
      direction: 'drop',
      measure,
      rule: allOf(above, risen(options.points), zScoreBeyond(-options.zScore)),
      mildRule: risen(options.points / 2),
      span: options
    }
    return {
      trainedWindows: bought.trainedWindows,
      watches: [watchOf('cart_abandonment_rate', scan, restValue)],
      judge({ figure }) {
        const found = scanWindows(scan)
        if (!found) return undefined
        const { observed, expected, exposure } = found.measured
        const rate = 1 - observed / exposure
        const usual = Math.max(0, 1 - expected / exposure)
        return {
          ...amountFound(found),
          metric: 'cart_abandonment_rate',
          severity: severityOf(options.severity, options.raiseRate, rate),
          value: rate,
          expected: usual,
          said: [
            phrase('finding.cart_abandonment_spike.rose', {
              rate: figure.share(rate),
              usual: figure.share(usual),
              carts: figure.count(exposure),
              purchases: figure.count(observed),
              span: figure.span(found.span)
            }),
            phrase('finding.cart_abandonment_spike.possible')
          ]
        }
      }
    }
  }
})
