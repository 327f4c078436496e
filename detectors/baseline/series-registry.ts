import type { MetricDefinition, WindowMetrics } from '../../src/metrics/types.ts'
import { dayMs, hourMs } from '../../src/time/units.ts'
import { createWatchedSeries, type WatchedSeries } from '../general/watched-series.ts'
import type { Reading } from './comparison.ts'
import { createFieldShares, type FieldShares } from './field-shares.ts'
import { createHourlyHistory, type HourlyHistory } from './hourly-history.ts'
import { createMixHistory, type MixHistory } from './mix-history.ts'
import { createNamedSeries } from './named-series.ts'
import type { BaselineOptions } from './options.ts'
import { createOutlierGate, type OutlierGate } from './outlier-gate.ts'
import { counted, type Read, readOf, summed } from './readings.ts'
import { createRecentDays, type RecentDays } from './recent-days.ts'
import { createRecentHours, type RecentHours } from './recent-hours.ts'
import { withRememberedComparisons } from './remembered-comparisons.ts'
import { createRowIndex } from './row-index.ts'
import { burstSpan, type Learner, type Series, type SeriesOptions } from './series.ts'
import { createSlowShares } from './slow-shares.ts'
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

/** A mix is compared with that of some hours before. */
const mixMs = 9 * hourMs
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
  const rows = createRowIndex()
  let stretch = 1
  const definitions = new Map(options.metrics?.map(metric => [metric.name, metric]))

  function follow<Own extends Learner>(metric: string, series: Own, read: Read): Own {
    followed.push({ metric, series, read: readOf(({ values }) => values.get(metric), read) })
    return series
  }

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
      return follow(metric, book, summed)
    },
    /** A metric by how rare its values are. */
    watched(metric: string): WatchedSeries {
      const series = createWatchedSeries(options.windowMs, definitions.get(metric))
      return follow(metric, { ...series, probability: () => series.probability(stretch) }, summed)
    },
    /** The last whole hours of a metric, up to so many, beside its usual ones. */
    recentHours(metric: string, longest: number): RecentHours {
      return follow(metric, createRecentHours(this.hours(metric), longest), summed)
    },
    /** What a count's greatest day of late was, of a usual one. */
    days: (metric: string): RecentDays => follow(metric, createRecentDays(options.windowMs), counted),
    /** How the values of a dimension share the events; of what the metric is found in, nothing is learned. */
    mix(dimension: string, metric: string): MixHistory {
      const windowsOf = (ms: number) => Math.max(1, Math.round(ms / options.windowMs))
      const mix = createMixHistory(dimension, windowsOf(mixMs), windowsOf(dayMs))
      followed.push({ metric, series: mix, read: mix.read })
      return mix
    },
    /** Fields among the events of each type, compared over these trailing sums. */
    fields(spans: readonly number[]): FieldShares {
      const { windowMs, baseline } = options
      const shares = createSlowShares({ windowMs, baseline, spans: withBurstSpan(spans) })
      const fields = createFieldShares(shares, share => withWidenedBand(share, () => stretch))
      followed.push({ metric: 'field_rate', series: fields, read: fields.read })
      return fields
    },
    /** Series that are compared over these trailing sums, with a baseline of their own where one is given. */
    over(spans: readonly number[], baseline?: Partial<BaselineOptions>) {
      const parts: SeriesOptions = {
        windowMs: options.windowMs,
        baseline: { ...options.baseline, ...baseline },
        spans: withBurstSpan(spans)
      }
      const suspectWindows = parts.baseline.suspectMs / parts.windowMs
      function register<S extends Series>(
        [name, metric, segment]: readonly [name: string, metric: string, segment?: string],
        make: (parts: SeriesOptions) => S,
        read: Followed['read']
      ): S {
        const key = JSON.stringify([name, metric, segment, parts.spans, baseline])
        const there = known.get(key)
        if (there) return there as S
        const series = withRememberedComparisons(make(parts))
        const judged = withWidenedBand(series, () => stretch)
        known.set(key, judged)
        followed.push({
          metric,
          series: judged,
          ...(segment === undefined && {
            outlierGate: createOutlierGate(series, parts.spans, suspectWindows)
          }),
          read
        })
        return judged
      }
      return createNamedSeries(register, rows)
    }
  }
}

/** What is odd is looked for in a short span too, whatever the kind looks at. */
function withBurstSpan(spans: readonly number[]): readonly number[] {
  return [...new Set([burstSpan, ...spans])].sort((a, b) => a - b)
}
