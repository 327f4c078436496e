import type { MetricDefinition, MetricValue, WindowMetrics } from '../../src/metrics/types.ts'
import type { Segment } from '../../src/window/segment.ts'
import type { Reading } from './comparison.ts'
import { countSeries } from './count-series.ts'
import { createHourlyHistory, type HourlyHistory } from './hourly-history.ts'
import { logSeries } from './log-series.ts'
import type { BaselineOptions } from './options.ts'
import { createOutlierGate, type OutlierGate } from './outlier-gate.ts'
import { numberSeries, rateSeries, shareSeries, valueSeries } from './rate-series.ts'
import {
  amounts,
  counted,
  further,
  logarithms,
  type Read,
  ratio,
  readOf,
  remaining,
  type Source,
  sampled,
  summed,
  termsOf
} from './readings.ts'
import { burstSpan, type Learner, type Series, type SeriesOptions } from './series.ts'
import { slowShareSeries } from './slow-share-series.ts'
import { withWidenedBand } from './widened-band.ts'

/** A series with what a window says of it; undefined where the window is incomplete or has not the metric. */
interface Followed {
  readonly metric: string
  readonly series: Learner
  /** Absent of what does not take odd windows for wrong ones. */
  readonly outlierGate?: OutlierGate
  read(window: WindowMetrics): Reading | undefined
}

export interface SeriesRegistryOptions {
  readonly baseline: BaselineOptions
  readonly windowMs: number
  readonly metrics?: readonly MetricDefinition[]
}

/** How many of a count come together, until it is learned. */
const burstSizes: Readonly<Record<string, number>> = { events: 6, visits: 3 }
const usualBurstSize = 2
/** Weeks are compared with those before. */
const bookDays = 28

export type SeriesRegistry = ReturnType<typeof createSeriesRegistry>
export type RegisteredSeries = ReturnType<SeriesRegistry['over']>

/** Makes each series when it is first asked for. */
export function createSeriesRegistry(options: SeriesRegistryOptions) {
  const followed: Followed[] = []
  const all: readonly Followed[] = followed
  const known = new Map<string, Series>()
  const books = new Map<string, HourlyHistory>()
  const fieldOf = createFieldIndex()
  let stretch = 1
  const definitions = new Map(options.metrics?.map(metric => [metric.name, metric]))

  return {
    /** All that was asked for. */
    followed: all,
    /** From now on levels may stray so many times as far before they are odd. */
    widen(factor: number): void {
      stretch = factor
    },
    windowMs: options.windowMs,
    /** A series that has learned from fewer is not judged. */
    warmupWindows: Math.ceil(options.baseline.warmupMs / options.windowMs),
    /** How a metric is made; undefined of one that is not known. */
    definition: (metric: string) => definitions.get(metric),
    /** Sums of the hours of the last weeks, of any metric. */
    hours(metric: string): HourlyHistory {
      const there = books.get(metric)
      if (there) return there
      const book = createHourlyHistory({ windowMs: options.windowMs, days: bookDays })
      books.set(metric, book)
      followed.push({ metric, series: book, read: readOf(({ values }) => values.get(metric), summed) })
      return book
    },
    /** Series that are compared over these trailing sums, with a baseline of their own where one is given. */
    over(spans: readonly number[], baseline?: Partial<BaselineOptions>) {
      const parts: SeriesOptions = {
        windowMs: options.windowMs,
        baseline: { ...options.baseline, ...baseline },
        spans: withBurstSpan(spans)
      }
      const suspectWindows = parts.baseline.suspectMs / parts.windowMs
      function follow<S extends Series>(
        name: string,
        metric: string,
        make: (parts: SeriesOptions) => S,
        read: Read,
        field?: string
      ): S {
        const key = JSON.stringify([name, metric, field, parts.spans, baseline])
        const there = known.get(key)
        if (there) return there as S
        const series = make(parts)
        const judged = withWidenedBand(series, () => stretch)
        known.set(key, judged)
        followed.push({
          metric,
          series: judged,
          ...(field === undefined && { outlierGate: createOutlierGate(series, parts.spans, suspectWindows) }),
          read: readOf(
            field === undefined ? ({ values }) => values.get(metric) : fieldOf(metric, field),
            read
          )
        })
        return judged
      }
      const bunched = (metric: string) => (parts: SeriesOptions) =>
        countSeries(parts, burstSizes[metric] ?? usualBurstSize)

      /** The series of a shop by what they are made of. The same question gives the same series. */
      return {
        /** A count of a window, with a curve over the day. */
        count: (metric: string) => follow('count', metric, bunched(metric), counted),
        /** The same beyond one in each window: what a single one does shows elsewhere, not here. */
        further: (metric: string) => follow('further', metric, bunched(metric), further),
        /** How many amounts a sum is made of. */
        terms: (metric: string) => follow('terms', metric, bunched(metric), termsOf),
        /** The mean of a sum's amounts. The greatest one of a window counts as no more than `cap` usual ones. */
        mean: (metric: string, cap?: number) =>
          follow(`mean to ${cap}`, metric, parts => valueSeries(parts, cap), amounts),
        /** The mean logarithm of amounts, of a metric that is one. */
        logs: (metric: string) => follow('logs', metric, logSeries, logarithms),
        /** A ratio whose numerator follows its denominator after a while. */
        share: (metric: string) => follow('share', metric, shareSeries, ratio),
        /** What is left of such a ratio to 1. */
        remainder: (metric: string) => follow('remainder', metric, shareSeries, remaining),
        /** A ratio whose numerator comes with its denominator. */
        rate: (metric: string) => follow('rate', metric, rateSeries, ratio),
        /** The same of a field of the events, and what is left of it to 1. */
        fieldRate: (metric: string, field: string) => follow('rate', metric, slowShareSeries, ratio, field),
        fieldRemainder: (metric: string, field: string) =>
          follow('remainder', metric, slowShareSeries, remaining, field),
        /** A number that is neither a count nor made of them, such as a quantile. */
        number: (metric: string) => follow('number', metric, numberSeries, sampled),
        /** A count for each of another one. */
        per: (metric: string, each: string) =>
          follow(`per ${each}`, metric, rateSeries, ({ numerator }, { values }) => ({
            count: numerator,
            exposure: values.get(each)?.numerator ?? 0
          }))
      }
    }
  }
}

/** What is odd is looked for in a short span too, whatever the kind looks at. */
function withBurstSpan(spans: readonly number[]): readonly number[] {
  return [...new Set([burstSpan, ...spans])].sort((a, b) => a - b)
}

/** A window's rows of fields. Its segments are many: they are gone through once. */
function createFieldIndex() {
  let newest: WindowMetrics | undefined
  const index = new Map<string, MetricValue>()
  const keyOf = (metric: string, segment: Segment) => `${metric} ${segment}`
  return function fieldOf(metric: string, field: string): Source {
    const key = keyOf(metric, `field=${field}`)
    return window => {
      if (window !== newest) {
        newest = window
        index.clear()
        for (const row of window.segments) {
          if (row.dimension === 'field') index.set(keyOf(row.metric, row.segment), row)
        }
      }
      return index.get(key)
    }
  }
}
