import { phrase, type Said } from '../../src/language/phrase.ts'
import { hourMs } from '../../src/time/units.ts'
import { type EarlierFindings, type Found, shareFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import type { Figures } from '../rules/format.ts'
import { createHourlyLeak, type HourlyLeak, leakFound, longestHours } from '../rules/hourly-leak.ts'
import { countOf, type Measure, type Measured, shareOf } from '../rules/measurement.ts'
import { checkLadder, ladder, maxPValue, part, scanning, section, severity, spans } from '../rules/options.ts'
import { whole } from '../rules/ranges.ts'
import { severityOfDrop } from '../rules/severity.ts'
import { createSlowLeak } from '../rules/slow-leak.ts'
import { droppedBy } from '../rules/thresholds.ts'
import { share } from '../rules/units.ts'
import { isBelowUsual } from '../rules/usual-hour.ts'
import { shareValue, watchOf } from '../rules/watch.ts'
import { type Rule, type ScanHit, type ScanOptions, scanWindows } from '../rules/window-scan.ts'
import { ofPurchases } from '../segments/explainable.ts'

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
    const measure = shareOf(conversion)
    const buyers = countOf(series.count('purchasing_sessions'))
    const slowBuyers = countOf(slowSeries.count('purchasing_sessions'))
    const hours = shop.hours('conversion_rate')
    const leakOfHours = createHourlyLeak({
      conversion: shop.recentHours('conversion_rate', longestHours),
      buyers: shop.recentHours('purchasing_sessions', longestHours),
      dispersion: () => conversion.compare(1)?.expectation.dispersion ?? 1,
      leastDrop: options.slowDrop,
      maxPValue: options.slowMaxPValue
    })
    const slowLeak = createSlowLeak({
      measure: shareOf(slowSeries.share('conversion_rate')),
      spans: options.slowSpans,
      leastDrop: options.slowDrop,
      maxPValue: options.slowMaxPValue
    })
    const countries = shop.mix('country', 'conversion_rate')
    /** Of this hour of the day; undefined before the second day. */
    let usualHour: ReturnType<typeof hours.usual>
    const leftByHour = (windows: number) =>
      usualHour === undefined ? 1 - unknownHour * Math.min(1, (windows * shop.windowMs) / hourMs) : 1
    const low: Rule = ({ observed, expected, exposure, windows }) =>
      observed < options.below * exposure && observed <= options.lowFactor * leftByHour(windows) * expected
    const far: Rule = measured => droppedBy(1 - (1 - options.drop) * leftByHour(measured.windows))(measured)
    /** Windows since the newest one of a sudden drop: what is over is no leak. */
    let windowsSinceDrop = Number.POSITIVE_INFINITY

    const quick: ScanOptions = {
      direction: 'drop',
      measure,
      rule: measured => low(measured) || far(measured),
      mildRule: droppedBy((1 - options.lowFactor) / 2),
      span: options
    }

    /** A fault that was found in these hours is why they are low, and it is told. */
    function wasSudden({ hours: leaking }: HourlyLeak, earlier: EarlierFindings): boolean {
      const windows = Math.round((leaking * hourMs) / shop.windowMs)
      return windowsSinceDrop < windows || faultMetrics.some(metric => earlier.found(metric, windows))
    }

    function drop(figure: Figures, earlier: EarlierFindings): Found | undefined {
      const sudden = scanWindows(quick)
      windowsSinceDrop = sudden ? 0 : windowsSinceDrop + 1
      const leak = sudden ? undefined : slowLeak(windowsSinceDrop)
      const found = sudden ?? leak
      if (!found) return undefined
      // A slow leak may be in the buyers' baseline too; bots that stay for hours are found as traffic.
      const mayBeBots = sudden !== undefined || earlier.found('events', found.span)
      const mostProbable = earlier.rose('events', found.span) ? options.maxPValue : 1
      if (mayBeBots && !fewerBuy(sudden ? buyers : slowBuyers, found, mostProbable)) return undefined
      const usual = {
        usual: usualHour,
        shift: countries.shift(found.span, leak?.back ?? found.span),
        leastDrop: (1 - options.lowFactor) / 2,
        maxPValue: options.maxPValue
      }
      if (!isBelowUsual(found.measured, usual)) return undefined
      return {
        ...shareFound(found),
        metric: 'conversion_rate',
        severity: severityOfDrop(options.severity, options.raiseDrop, found.measured),
        said: saidOf(found, figure),
        excludeFromTraining: sudden ? ['conversion_rate', 'purchasing_sessions'] : []
      }
    }

    return {
      trainedWindows: conversion.trainedWindows,
      watches: [watchOf('conversion_rate', quick, shareValue)],
      judge({ figure }, earlier) {
        usualHour = hours.usual()
        const ofHours = leakOfHours()
        const found = drop(figure, earlier)
        if (found || !ofHours || wasSudden(ofHours, earlier)) return found
        return leakFound(ofHours, { figure, severity: options.severity, windowMs: shop.windowMs })
      }
    }
  }
})

/** Whose findings say why fewer buy. */
const faultMetrics = ['revenue', 'checkout_success_rate', 'cart_abandonment_rate', 'events', 'cart_adds']

/** Before the second day: how much of a rate the time of day alone may take away within an hour. */
const unknownHour = 0.15

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
