import { type Detector, evidenceOf } from '../detector.ts'
import { countOf, whole } from '../measure.ts'
import type { ShopSeries } from '../shop.ts'
import type { DataLossOptions } from '../types.ts'

/** No event at all, where there should have been many. The one finding that a single window can make. */
export function dataLoss(series: ShopSeries, options: DataLossOptions): Detector {
  const measure = countOf(series.events)
  const share = options.improbable / options.spans.length
  return {
    kind: 'data_loss',
    trained: series.events.trained,
    judge(words) {
      for (const span of options.spans) {
        const measured = measure(whole(span))
        if (!measured || measured.windows < span) continue
        if (measured.observed > 0) return undefined
        if (measured.expected < options.minExpected) continue
        const probability = measured.probability('drop')
        if (probability > share) continue
        return {
          metric: 'events',
          severity: options.severity,
          span,
          value: 0,
          expected: measured.expected,
          details: `No event in ${words.span(span)} where ${words.count(measured.expected)} were expected. Possible stop of the shop's tracking or of its delivery.`,
          evidence: evidenceOf({ span, measured, probability })
        }
      }
      return undefined
    }
  }
}
