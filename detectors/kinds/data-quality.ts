import { z } from 'zod'
import { phrase } from '../../src/language/phrase.ts'
import { amountFound, type Found } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { createFaultRises } from '../rules/fault-rises.ts'
import type { Words } from '../rules/format.ts'
import { greatestUsual, meanOf } from '../rules/measurement.ts'
import { part, section } from '../rules/options.ts'
import { rising, shareRiseDetector } from '../rules/share-rise.ts'
import { allOf, droppedBy, roseTo } from '../rules/thresholds.ts'
import { partValue } from '../rules/watch.ts'
import { type Rule, scanWindows } from '../rules/window-scan.ts'

/** Prices that are missing, events that are invalid, or purchases whose amounts are far from usual. */
export const dataQuality = defineKind({
  kind: 'data_quality',
  metric: 'missing_price_rate',
  summary: 'Prices are missing or far from usual, or events are invalid.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  tuning: { key: 'above', stricter: 'higher', unit: 'share' },
  options: section({
    ...rising(0.05, 2),
    /** The mean amount of a purchase may not rise to this many times its baseline, nor fall to this share of it. */
    value_rise: z.number().gt(1).default(2),
    value_fall: part(0.4)
  }),
  create(series, options, { warmupWindows }) {
    const amounts = meanOf(series.mean('revenue', greatestUsual))
    const priceLevel = series.logs('price_level')
    const span = { ...options, maxPValue: options.maxPValue / 3 }
    const faults = createFaultRises(series, { ...span, warmupWindows })
    const invalidEvents = shareRiseDetector('invalid_rate', series.otherFaults(), span, figures => [
      phrase('finding.data_quality.faults', figures),
      phrase('finding.data_quality.possible')
    ])

    /** Where the price level is known, order_value_shift finds it sooner. */
    function values({ figure }: Words): Found | undefined {
      if (priceLevel.trainedWindows() > 0) return undefined
      const { valueRise, valueFall } = options
      const shared = { measure: amounts, span }
      const found =
        scanWindows({
          ...shared,
          direction: 'rise',
          rule: allOf(roseTo(valueRise), isSpreadOut),
          mildRule: roseTo(Math.sqrt(valueRise))
        }) ??
        scanWindows({
          ...shared,
          direction: 'drop',
          rule: droppedBy(1 - valueFall),
          mildRule: droppedBy(1 - Math.sqrt(valueFall))
        })
      if (!found) return undefined
      const { observed, expected, exposure } = found.measured
      return {
        ...amountFound(found),
        metric: 'revenue',
        severity: options.severity,
        measure: amounts,
        said: [
          phrase('finding.data_quality.purchases_worth', {
            now: figure.money(observed / exposure),
            purchases: figure.count(exposure),
            span: figure.span(found.span),
            usual: figure.money(expected / exposure)
          }),
          phrase('finding.data_quality.prices')
        ],
        excludeFromTraining: ['revenue', 'average_order_value', 'price_level']
      }
    }

    return {
      trainedWindows: () =>
        Math.min(series.faults('missing_price_rate').trainedWindows(), invalidEvents.trainedWindows()),
      watches: [
        ...faults.watches,
        ...(invalidEvents.watches ?? []).map(watch => ({ ...watch, shown: partValue }))
      ],
      judge(words, earlier, window) {
        return faults.judge(words) ?? invalidEvents.judge(words, earlier, window) ?? values(words)
      }
    }
  }
})

/** Not caused by a few large orders: the mean stays above its baseline by the amounts' own spread. */
const isSpreadOut: Rule = ({ observed, expected, exposure, standardError }) =>
  (observed - expected) / exposure >= 3 * standardError
