import { z } from 'zod'
import { phrase } from '../../src/language/phrase.ts'
import type { RecentDays } from '../baseline/recent-days.ts'
import type { RegisteredSeries } from '../baseline/series-registry.ts'
import { shareFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import { countOf, type Measure, shareOf } from '../rules/measurement.ts'
import { checkLadder, ladder, section } from '../rules/options.ts'
import type { Range } from '../rules/ranges.ts'
import { severityOf } from '../rules/severity.ts'
import { rising, shareRiseScan } from '../rules/share-rise.ts'
import { shareValue, watchOf } from '../rules/watch.ts'
import { scanWindows } from '../rules/window-scan.ts'

/**
 * Refunds per order, where they are more than the orders of now, and those of the busiest of the last days, explain: the
 * refunds of a promotion come days after it.
 */
export const refundSpike = defineKind({
  kind: 'refund_spike',
  metric: 'refund_rate',
  summary: 'Far more refunds for each order than usual.',
  adviceOn: segmentAdvice,
  area: 'revenue',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  tuning: { key: 'factor', stricter: 'higher', unit: 'number' },
  options: section(
    {
      ...rising(0.05, 3),
      /** By how many times its baseline the rate is. */
      raise_factor: ladder(z.number(), { high: 8 })
    },
    (value, issue) => checkLadder(issue, 'raise_factor', value.severity, value.factor, value.raise_factor)
  ),
  create(series, options, shop) {
    const rate = series.rate('refund_rate')
    const scan = shareRiseScan(manyOf(series, shop.days('orders')), options)
    return {
      trainedWindows: rate.trainedWindows,
      watches: [watchOf('refund_rate', scan, shareValue)],
      judge({ figure }) {
        const found = scanWindows(scan)
        if (!found) return undefined
        const { observed, expected, exposure } = found.measured
        return {
          ...shareFound(found),
          metric: 'refund_rate',
          severity: severityOf(options.severity, options.raiseFactor, observed / expected),
          said: [
            phrase('finding.refund_spike.rose', {
              now: figure.smallShare(observed / exposure),
              usual: figure.smallShare(expected / exposure),
              refunds: figure.count(observed),
              orders: figure.count(exposure),
              span: figure.span(found.span)
            }),
            phrase('finding.refund_spike.possible')
          ],
          excludeFromTraining: ['refund_rate', 'refunds']
        }
      }
    }
  }
})

/** How much less improbable than their share of the orders the number of refunds may be. */
const countWeight = 0.001

/**
 * Refunds against those that orders of now would have, or those of this time of day if as many were ordered before as
 * on the busiest day of late, whichever is more. Where orders stop, refunds of earlier ones continue.
 */
function manyOf(series: RegisteredSeries, days: RecentDays): Measure {
  const ofOrders = shareOf(series.rate('refund_rate'))
  const refunds = series.count('refunds')
  const ofTime = countOf(refunds)

  /** After the busiest day of late, at this time of a usual day. */
  function afterBusiest(range: Range): number {
    const { baseline, usual, expectation } = range(refunds) ?? {}
    const ofUsualDay = baseline === 'time_of_day' ? usual : expectation
    return days.lift() * (ofUsualDay?.mean ?? 0)
  }

  return function refundsMeasure(range) {
    const rate = ofOrders(range)
    const count = ofTime(range)
    if (!rate || !count) return undefined
    const ofDays = Math.max(count.expected, afterBusiest(range))
    const lift = count.expected > 0 ? ofDays / count.expected : 1
    return {
      ...rate,
      expected: Math.max(rate.expected, ofDays),
      probability: (direction, value = rate.observed) =>
        Math.max(rate.probability(direction, value), countWeight * count.probability(direction, value / lift))
    }
  }
}
