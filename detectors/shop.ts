import type { MetricValue, WindowMetrics } from '../src/metrics/types.ts'
import type { BaselineOptions } from './baseline.ts'
import { type CountSeries, countSeries } from './count-series.ts'
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
  /** A ratio whose numerator follows its denominator after a while. */
  share(metric: string): Series
  /** What is left of such a ratio to 1. */
  remainder(metric: string): Series
  /** A ratio whose numerator comes with its denominator. */
  rate(metric: string): Series
  /** A count for each of another one. */
  per(metric: string, each: string): Series
}

/** A series with what a window says of it; undefined where the window is incomplete or has not the metric. */
export interface Followed {
  readonly series: Series
  readonly oddity: Oddity
  read(window: WindowMetrics): Reading | undefined
}

export interface Shop {
  /** Series that are compared over these trailing sums. */
  over(spans: readonly number[]): ShopSeries
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

type Read = (value: MetricValue, window: WindowMetrics) => Reading

const counted: Read = ({ numerator }) => ({ count: numerator, exposure: 1 })
const ratio: Read = ({ numerator, denominator }) => ({ count: Math.max(0, numerator), exposure: denominator })

/** Makes each series when it is first asked for. */
export function createShop(options: ShopOptions): Shop {
  const followed: Followed[] = []
  const known = new Map<string, Series>()

  return {
    followed,
    over(spans) {
      const parts: SeriesOptions = { ...options, spans: withBunch(spans) }
      function follow<S extends Series>(name: string, metric: string, make: () => S, read: Read): S {
        const key = `${name} of ${metric} over ${parts.spans}`
        const there = known.get(key)
        if (there) return there as S
        const series = make()
        known.set(key, series)
        followed.push({
          series,
          oddity: createOddity(series, parts.spans, options.baseline.suspectMs / options.windowMs),
          read(window) {
            const value = window.complete ? window.values.get(metric) : undefined
            return value && read(value, window)
          }
        })
        return series
      }
      const countOf = (name: string, metric: string, read: Read) =>
        follow(name, metric, () => countSeries(parts, bunches[metric] ?? usualBunch), read)

      return {
        count: metric => countOf('count', metric, counted),
        further: metric =>
          countOf('further', metric, ({ numerator }) => ({ count: Math.max(0, numerator - 1), exposure: 1 })),
        terms: metric => countOf('terms', metric, ({ sampleSize }) => ({ count: sampleSize, exposure: 1 })),
        mean: (metric, cap = Number.POSITIVE_INFINITY) =>
          follow(
            `mean to ${cap}`,
            metric,
            () => valueSeries(parts, cap),
            ({ numerator, sampleSize, squares }) => ({ count: numerator, exposure: sampleSize, squares })
          ),
        share: metric => follow('share', metric, () => shareSeries(parts), ratio),
        remainder: metric =>
          follow(
            'remainder',
            metric,
            () => shareSeries(parts),
            ({ numerator, denominator }) => ({
              count: Math.max(0, denominator - numerator),
              exposure: denominator
            })
          ),
        rate: metric => follow('rate', metric, () => rateSeries(parts), ratio),
        per: (metric, each) =>
          follow(
            `per ${each}`,
            metric,
            () => rateSeries(parts),
            ({ numerator }, { values }) => ({ count: numerator, exposure: values.get(each)?.numerator ?? 0 })
          )
      }
    }
  }
}

/** What is odd is looked for in a short span too, whatever the kind looks at. */
function withBunch(spans: readonly number[]): readonly number[] {
  return [...new Set([bunchSpan, ...spans])].sort((a, b) => a - b)
}
