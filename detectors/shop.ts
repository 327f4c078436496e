import type { MetricValue, WindowMetrics } from '../src/metrics/types.ts'
import type { BaselineOptions } from './baseline.ts'
import { type CountSeries, countSeries } from './count-series.ts'
import { logSeries } from './log-series.ts'
import { createOddity, type Oddity } from './odd-span.ts'
import { rateSeries, shareSeries, valueSeries } from './rate-series.ts'
import { bunchSpan, type Series, type SeriesOptions } from './series.ts'
import type { Reading } from './track.ts'

/** The series of a shop by what they are made of. The same question gives the same series. */
export interface ShopSeries {
  /** A count of a window, with a curve over the day. */
  count(metric: string): CountSeries
  /** The same beyond one in each window: what a single one does shows elsewhere, not here. */
  further(metric: string): CountSeries
  /** How many amounts a sum is made of. */
  terms(metric: string): CountSeries
  /** The mean of a sum's amounts. The greatest one of a window counts as no more than `cap` usual ones. */
  mean(metric: string, cap?: number): Series
  /** The mean logarithm of amounts, of a metric that is one. */
  logs(metric: string): Series
  /** A ratio whose numerator follows its denominator after a while. */
  share(metric: string): Series
  /** What is left of such a ratio to 1. */
  remainder(metric: string): Series
  /** A ratio whose numerator comes with its denominator. */
  rate(metric: string): Series
  /** The same of a segment. */
  rateOf(metric: string, segment: string): Series
  /** A count for each of another one. */
  per(metric: string, each: string): Series
}

/** A series with what a window says of it; undefined where the window is incomplete or has not the metric. */
export interface Followed {
  readonly metric: string
  readonly series: Series
  readonly oddity: Oddity
  read(window: WindowMetrics): Reading | undefined
}

export interface Shop {
  readonly windowMs: number
  /** Series that are compared over these trailing sums, with a baseline of their own where one is given. */
  over(spans: readonly number[], baseline?: Partial<BaselineOptions>): ShopSeries
  /** Every series that was asked for. */
  readonly followed: readonly Followed[]
}

export interface ShopOptions {
  readonly baseline: BaselineOptions
  readonly windowMs: number
}

/** How many of a count come together, until it is learned. */
const bunches: Readonly<Record<string, number>> = { events: 6, visits: 3 }
const usualBunch = 2

type Source = (window: WindowMetrics) => MetricValue | undefined
type Read = (value: MetricValue, window: WindowMetrics) => Reading

const counted: Read = ({ numerator }) => ({ count: numerator, exposure: 1 })
const further: Read = ({ numerator }) => ({ count: Math.max(0, numerator - 1), exposure: 1 })
const termsOf: Read = ({ sampleSize }) => ({ count: sampleSize, exposure: 1 })
const amounts: Read = ({ numerator, sampleSize, squares }) => ({
  count: numerator,
  exposure: sampleSize,
  squares
})
const ratio: Read = ({ numerator, denominator }) => ({ count: Math.max(0, numerator), exposure: denominator })
const remaining: Read = ({ numerator, denominator }) => ({
  count: Math.max(0, denominator - numerator),
  exposure: denominator
})

/** The logarithms come of amounts in units, and go on of ten-thousandths of a unit. */
const logOfUnit = Math.log(10_000)
const logarithms: Read = ({ numerator, sampleSize, squares }) => ({
  count: numerator + sampleSize * logOfUnit,
  exposure: sampleSize,
  squares: squares + 2 * logOfUnit * numerator + sampleSize * logOfUnit ** 2
})

/** Makes each series when it is first asked for. */
export function createShop(options: ShopOptions): Shop {
  const followed: Followed[] = []
  const known = new Map<string, Series>()
  const segmentOf = createSegmentIndex()

  return {
    followed,
    windowMs: options.windowMs,
    over(spans, baseline) {
      const parts: SeriesOptions = {
        windowMs: options.windowMs,
        baseline: { ...options.baseline, ...baseline },
        spans: withBunch(spans)
      }
      const place = JSON.stringify([parts.spans, baseline])
      function follow<S extends Series>(
        name: string,
        metric: string,
        make: (parts: SeriesOptions) => S,
        read: Read,
        source: Source = ({ values }) => values.get(metric)
      ): S {
        const key = `${name} of ${metric} over ${place}`
        const there = known.get(key)
        if (there) return there as S
        const series = make(parts)
        known.set(key, series)
        followed.push({
          metric,
          series,
          oddity: createOddity(series, parts.spans, parts.baseline.suspectMs / parts.windowMs),
          read(window) {
            const value = window.complete ? source(window) : undefined
            return value && read(value, window)
          }
        })
        return series
      }
      const bunched = (metric: string) => (parts: SeriesOptions) =>
        countSeries(parts, bunches[metric] ?? usualBunch)

      return {
        count: metric => follow('count', metric, bunched(metric), counted),
        further: metric => follow('further', metric, bunched(metric), further),
        terms: metric => follow('terms', metric, bunched(metric), termsOf),
        mean: (metric, cap) => follow(`mean to ${cap}`, metric, parts => valueSeries(parts, cap), amounts),
        logs: metric => follow('logs', metric, logSeries, logarithms),
        share: metric => follow('share', metric, shareSeries, ratio),
        remainder: metric => follow('remainder', metric, shareSeries, remaining),
        rate: metric => follow('rate', metric, rateSeries, ratio),
        rateOf: (metric, segment) =>
          follow(`rate ${segment}`, metric, rateSeries, ratio, window => segmentOf(window, metric, segment)),
        per: (metric, each) =>
          follow(`per ${each}`, metric, rateSeries, ({ numerator }, { values }) => ({
            count: numerator,
            exposure: values.get(each)?.numerator ?? 0
          }))
      }
    }
  }
}

/** What is odd is looked for in a short span too, whatever the kind looks at. */
function withBunch(spans: readonly number[]): readonly number[] {
  return [...new Set([bunchSpan, ...spans])].sort((a, b) => a - b)
}

/** A window's segments by name. They are many: a window is gone through once. */
function createSegmentIndex() {
  let newest: WindowMetrics | undefined
  const index = new Map<string, MetricValue>()
  return function segmentOf(window: WindowMetrics, metric: string, segment: string) {
    if (window !== newest) {
      newest = window
      index.clear()
      for (const row of window.segments)
        if (row.dimension === 'field') index.set(`${row.metric} ${row.segment}`, row)
    }
    return index.get(`${metric} ${segment}`)
  }
}
