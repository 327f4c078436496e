import { z } from 'zod'
import type { RegisteredSeries } from '../baseline/series-registry.ts'
import { shareFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import { countOf, type Measure, shareOf } from '../rules/measurement.ts'
import { checkLadder, ladder, section } from '../rules/options.ts'
import { severityOf } from '../rules/severity.ts'
import { rising, scanShareRise } from '../rules/share-rise.ts'

/** Refunds per order, where the refunds themselves are many for the time of day. */
export const refundSpike = defineKind({
  kind: 'refund_spike',
  title: 'Refund spike',
  metric: 'refund_rate',
  summary: 'Far more refunds for each order than usual.',
  checkFirst: 'Read the reasons of the newest refunds: one product, one carrier, or one account behind them.',
  adviceOn: segmentAdvice,
  area: 'revenue',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  options: section(
    {
      ...rising(0.05, 3),
      /** By how many times its baseline the rate is. */
      raise_factor: ladder(z.number(), { high: 8 })
    },
    (value, issue) => checkLadder(issue, 'raise_factor', value.severity, value.factor, value.raise_factor)
  ),
  create(series, options) {
    const rate = series.rate('refund_rate')
    const measure = manyOf(series)
    return {
      trainedWindows: rate.trainedWindows,
      judge(words) {
        const found = scanShareRise(measure, options)
        if (!found) return undefined
        const { observed, expected, exposure } = found.measured
        const usual = words.smallShare(expected / exposure)
        return {
          ...shareFound(found),
          metric: 'refund_rate',
          severity: severityOf(options.severity, options.raiseFactor, observed / expected),
          details: `Refunds rose to ${words.smallShare(observed / exposure)} of the orders, usually ${usual} (${words.count(observed)} refunds for ${words.count(exposure)} orders in ${words.span(found.span)}). Possible faulty goods, wrong prices or abuse.`,
          excludeFromTraining: ['refund_rate', 'refunds']
        }
      }
    }
  }
})

/** How much less improbable than their share of the orders the number of refunds may be. */
const countWeight = 0.001

/** Where orders stop, refunds of earlier ones continue: their number has to be improbable too. */
function manyOf(series: RegisteredSeries): Measure {
  const ofOrders = shareOf(series.rate('refund_rate'))
  const ofTime = countOf(series.count('refunds'))
  return function refundsMeasure(range) {
    const rate = ofOrders(range)
    const count = ofTime(range)
    if (!rate || !count) return undefined
    return {
      ...rate,
      probability: (direction, value) =>
        Math.max(rate.probability(direction, value), countWeight * count.probability(direction))
    }
  }
}
