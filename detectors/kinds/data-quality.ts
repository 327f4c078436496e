import { type Detector, evidenceOf, type Found } from '../detector.ts'
import { type Measure, meanOf, shareOf } from '../measure.ts'
import { allOf, droppedBy, roseTo } from '../rules.ts'
import type { ShopSeries } from '../shop.ts'
import { type Rule, sweep } from '../sweep.ts'
import type { DataQualityOptions } from '../types.ts'
import type { Words } from '../words.ts'

/** Prices that are missing, events that are invalid, or purchases whose amounts are of another order. */
export function dataQuality(series: ShopSeries, options: DataQualityOptions): Detector {
  const span = { ...options, improbable: options.improbable / 3 }
  const frequent =
    (above: number): Rule =>
    ({ observed, exposure }) =>
      observed > above * exposure

  function faults(measure: Measure, metric: string, what: string, words: Words): Found | undefined {
    const found = sweep({
      direction: 'rise',
      measure,
      rule: measured => frequent(options.above)(measured) && roseTo(options.factor)(measured),
      mildRule: frequent(options.above / 2),
      span
    })
    if (!found) return undefined
    const { observed, expected, exposure } = found.measured
    return {
      metric,
      severity: options.severity,
      span: found.span,
      value: observed / exposure,
      expected: expected / exposure,
      details: `${what} in ${percent(observed / exposure)} of ${words.count(exposure)} events in ${words.span(found.span)}, usually in ${percent(expected / exposure)}. Possible fault in the shop's tracking or catalogue.`,
      evidence: evidenceOf(found)
    }
  }

  function values(words: Words): Found | undefined {
    const measure = meanOf(series.usualPurchaseValue)
    const { valueRise, valueFall } = options
    const shared = { measure, span }
    const found =
      sweep({
        ...shared,
        direction: 'rise',
        rule: allOf(roseTo(valueRise), isSpreadOut),
        mildRule: roseTo(Math.sqrt(valueRise))
      }) ??
      sweep({
        ...shared,
        direction: 'drop',
        rule: droppedBy(1 - valueFall),
        mildRule: droppedBy(1 - Math.sqrt(valueFall))
      })
    if (!found) return undefined
    const { observed, expected, exposure } = found.measured
    return {
      metric: 'revenue',
      severity: options.severity,
      span: found.span,
      value: observed,
      expected,
      details: `Purchases are worth ${words.money(observed / exposure)} in the mean of ${words.count(exposure)} in ${words.span(found.span)}, usually ${words.money(expected / exposure)}. Possible wrong prices.`,
      evidence: evidenceOf(found)
    }
  }

  return {
    kind: 'data_quality',
    trained: () => Math.min(series.missingPrices.trained(), series.invalidEvents.trained()),
    judge(words) {
      return (
        faults(shareOf(series.missingPrices), 'missing_price_rate', 'Prices are missing', words) ??
        faults(shareOf(series.invalidEvents), 'invalid_rate', 'Faults', words) ??
        values(words)
      )
    }
  }
}

/** Not the doing of a few great orders: the mean stays above its baseline by the amounts' own spread. */
const isSpreadOut: Rule = ({ observed, expected, exposure, standardError }) =>
  (observed - expected) / exposure >= 3 * standardError

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`
}
