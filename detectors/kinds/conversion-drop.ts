import { phrase, type Said } from '../../src/language/phrase.ts'
import { shareFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import type { Figures } from '../rules/format.ts'
import { countOf, type Measure, type Measured, shareOf } from '../rules/measurement.ts'
import { checkLadder, ladder, maxPValue, part, scanning, section, severity, spans } from '../rules/options.ts'
import { newest, whole } from '../rules/ranges.ts'
import { severityOfDrop } from '../rules/severity.ts'
import { droppedBy } from '../rules/thresholds.ts'
import { share } from '../rules/units.ts'
import { shareValue, watchOf } from '../rules/watch.ts'
import { type Rule, type ScanHit, type ScanOptions, scanWindows } from '../rules/window-scan.ts'
import { ofPurchases } from '../segments/explainable.ts'
import { countTail } from '../stats/significance.ts'

/**
 * Fewer of the visits buy: at once, or as a slow leak, which only a baseline with a long memory does not follow. If there
 * are merely more visits, for example bots, the number of buyers is as usual.
 */
export const conversionDrop = defineKind({
  kind: 'conversion_drop',
  metric: 'conversion_rate',
  summary: 'Far fewer visits than usual end in a purchase.',
  adviceOn: segmentAdvice,
  area: 'revenue',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  explainable: ofPurchases,
  tuning: {
    key: 'drop',
    stricter: 'higher',
    unit: 'share',
    finds: 'purchases',
    beside: ['traffic_spike', 'data_loss']
  },
  options: section(
    {
      ...scanning(),
      /** Below this, the rate may not fall to `low_factor` of its baseline; above it, not by `drop`. */
      below: part(0.03),
      low_factor: part(0.8),
      drop: part(0.4),
      /** Over these trailing sums it may not fall by `slow_drop`, against what wanders no faster than this. */
      slow_spans: spans([30, 60, 120, 180, 240]),
      slow_drop: part(0.2),
      slow_wander_per_hour: part(0.01),
      slow_improbable: maxPValue(1e-4),
      severity: severity('medium'),
      raise_drop: ladder(share, { high: 0.4, critical: 0.8 })
    },
    (value, issue) => checkLadder(issue, 'raise_drop', value.severity, value.drop, value.raise_drop)
  ),
  create(series, options, shop) {
    const conversion = series.share('conversion_rate')
    const slowSeries = shop.over(options.slowSpans, { rateWanderPerHour: options.slowWanderPerHour })
    const slowConversion = slowSeries.share('conversion_rate')
    const measure = shareOf(conversion)
    const slowMeasure = shareOf(slowConversion)
    const buyers = countOf(series.count('purchasing_sessions'))
    const slowBuyers = countOf(slowSeries.count('purchasing_sessions'))
    const hours = shop.hours('conversion_rate')
    const countries = shop.mix('country', 'conversion_rate')
    const low: Rule = ({ observed, expected, exposure }) =>
      observed < options.below * exposure && observed <= options.lowFactor * expected
    const far = droppedBy(options.drop)
    const leaks = options.slowSpans.flatMap(back =>
      options.slowSpans.filter(span => span <= back && span <= longestLeak).map(span => ({ back, span }))
    )
    // A short span is another draw more often: by its length, all lead to as many errors of chance in a day.
    const longest = Math.max(...leaks.map(({ span }) => span))
    const leastProbable = (span: number) => (options.slowMaxPValue / leaks.length) * (span / longest)
    /** Windows since the newest one of a sudden drop: what is over is no leak. */
    let windowsSinceDrop = Number.POSITIVE_INFINITY

    const quick: ScanOptions = {
      direction: 'drop',
      measure,
      rule: measured => low(measured) || far(measured),
      mildRule: droppedBy((1 - options.lowFactor) / 2),
      span: options
    }

    /** A leak shows best in the newest windows, against the baseline of hours before. */
    function slow(): (ScanHit & { readonly back: number }) | undefined {
      const rule = droppedBy(options.slowDrop)
      for (const { back, span } of leaks) {
        if (span > windowsSinceDrop) continue
        const measured = slowMeasure(newest(back, span))
        if (!measured || measured.windows < span / 2 || !rule(measured)) continue
        const probability = measured.probability('drop')
        if (probability > leastProbable(span)) continue
        const lately = slowMeasure(newest(back, latelyWindows))
        if (lately && dropOf(lately) >= stillShare * dropOf(measured))
          return { span, back, measured, probability }
      }
      return undefined
    }

    /** What would buy at the usual rate of this hour, or if only the countries' shares had changed, whichever is less. */
    function usualOf({ span, measured: { expected, exposure } }: ScanHit, back: number): number {
      const usualRate = hours.usualRate()
      const ofHour = usualRate === undefined ? expected : usualRate * exposure
      return Math.min(ofHour, expected * countries.shift(span, back))
    }

    return {
      trainedWindows: conversion.trainedWindows,
      watches: [watchOf('conversion_rate', quick, shareValue)],
      judge({ figure }, earlier) {
        const sudden = scanWindows(quick)
        windowsSinceDrop = sudden ? 0 : windowsSinceDrop + 1
        const leak = sudden ? undefined : slow()
        const found = sudden ?? leak
        if (!found) return undefined
        // A slow leak may be in the buyers' baseline too; bots that stay for hours are found as traffic.
        const mayBeBots = sudden !== undefined || earlier.found('events', found.span)
        const mostProbable = earlier.rose('events', found.span) ? options.maxPValue : 1
        if (mayBeBots && !fewerBuy(sudden ? buyers : slowBuyers, found, mostProbable)) return undefined
        const leastDrop = (1 - options.lowFactor) / 2
        const usual = usualOf(found, leak?.back ?? found.span)
        if (!isBelow(found.measured, usual, leastDrop, options.maxPValue)) return undefined
        return {
          ...shareFound(found),
          metric: 'conversion_rate',
          severity: severityOfDrop(options.severity, options.raiseDrop, found.measured),
          said: saidOf(found, figure),
          excludeFromTraining: sudden ? ['conversion_rate', 'purchasing_sessions'] : []
        }
      }
    }
  }
})

/** A quarter of a long span is long too: a leak is over when these newest windows do not show it. */
const latelyWindows = 15
const stillShare = 0.6
/** More windows than this reach too far back into how it was before. */
const longestLeak = 120

/** How far the usual rate of an hour strays, in logarithms. */
const usualSpread = 0.07
const mildlyImprobable = 0.01

/**
 * A return to the usual level, or a drop that the mix explains, is none. The more of a drop is explained, the less
 * probable the rest must be: every night is a draw.
 */
function isBelow(
  { observed, expected, exposure, dispersion }: Measured,
  mean: number,
  drop: number,
  maxPValue: number
): boolean {
  if (!(mean < expected)) return true
  if (observed > (1 - drop) * mean) return false
  const explained = Math.log(expected / mean) / Math.log(expected / Math.max(observed, leastCount))
  const expectation = { mean, dispersion, levelSd: usualSpread, trials: exposure }
  const improbable = mildlyImprobable ** (1 - explained) * maxPValue ** explained
  return countTail('drop', observed, expectation) <= improbable
}

/** Nothing seen is less than one, not never. */
const leastCount = 0.5

const dropOf = ({ observed, expected }: Measured) => 1 - observed / expected

const saidOf = ({ measured, span }: ScanHit, figure: Figures): Said => [
  phrase('finding.conversion_drop.dropped', {
    drop: figure.share(dropOf(measured)),
    expected: figure.smallShare(measured.expected / measured.exposure),
    observed: figure.smallShare(measured.observed / measured.exposure),
    visits: figure.count(measured.exposure),
    span: figure.span(span)
  }),
  phrase('finding.conversion_drop.possible')
]

/**
 * At least half of the drop, in logarithms, is in the number of those who buy. In a flood of visits nobody knows who
 * might buy: there that number alone is the evidence.
 */
function fewerBuy(buyers: Measure, { span, measured }: ScanHit, mostProbable: number): boolean {
  const count = buyers(whole(span))
  if (!count || !(count.expected > 0)) return true
  if (count.observed / count.expected > Math.sqrt(measured.observed / measured.expected)) return false
  return count.probability('drop') <= mostProbable
}
