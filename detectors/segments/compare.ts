import type { BaselineComparison } from '../baseline/series.ts'
import { counted, type Measure } from '../rules/measurement.ts'
import type { Range } from '../rules/ranges.ts'
import { countTail, type Direction, type Expectation } from '../stats/significance.ts'
import { columnOf, type Quantity, whole, windowsColumn } from './columns.ts'
import type { Dimension } from './dimension.ts'
import type { Past } from './past.ts'
import { unitOf } from './segment-variance.ts'

/** A value of a dimension, in one of its quantities. */
export interface Subject {
  readonly dimension: Dimension
  readonly place: number
  readonly quantity: Quantity
}

/** What a value is compared with: all of its dimension, or all of the shop, but for the places left out. */
export interface Others {
  readonly among: number
  /** For a span. */
  readonly without: (span: number) => readonly number[]
}

/**
 * A value's count against what the others of its dimension had in the same windows, times its usual odds among them. It
 * must be improbable by the odds of late and by those of the time of day; shown is the expectation that is closer.
 */
export function oddsMeasure(subject: Subject, others: Others, direction: Direction): Measure {
  const series: Parameters<Range>[0] = {
    compare: (span, skip = 0) => judged(subject, others, direction, span, span - skip, 0),
    single: (span, ago) => judged(subject, others, direction, span, ago + 1, ago)
  }
  return function measureByOdds(range) {
    const seen = range(series)
    if (!seen) return undefined
    const { observed, expectation, usual = expectation } = seen
    const nearest = nearestOf(direction, [expectation, usual])
    return {
      ...counted({ ...seen, expectation: nearest }),
      baseline: nearest === expectation ? 'rolling' : 'time_of_day',
      probability: (direction, value = observed) =>
        Math.max(countTail(direction, value, expectation), countTail(direction, value, usual))
    }
  }
}

/** Of a drop, the least that was expected; of a rise, the most. */
function nearestOf(
  direction: Direction,
  [first, ...rest]: readonly [Expectation, ...Expectation[]]
): Expectation {
  const isNearer = (one: Expectation, other: Expectation) =>
    direction === 'drop' ? one.mean < other.mean : one.mean > other.mean
  return rest.reduce((nearest, one) => (isNearer(one, nearest) ? one : nearest), first)
}

function judged(
  { dimension, place, quantity }: Subject,
  { among, without }: Others,
  direction: Direction,
  span: number,
  from: number,
  to: number
): BaselineComparison | undefined {
  const [recent, ...sameTimes] = dimension.pasts(span)
  if (!recent) return undefined
  const column = columnOf(place, quantity)
  const leftOut = [
    column,
    ...without(span).flatMap(other => (other === place ? [] : columnOf(other, quantity)))
  ]
  const unit = unitOf(recent.sums, quantity)
  const all = columnOf(among, quantity)
  const rest = leftOut.reduce(
    (sum, one) => sum - dimension.sum(one, from, to) / unit,
    dimension.sum(all, from, to) / unit
  )
  const dispersion = dimension.dispersion(place, quantity)
  const counts = (sums: Float64Array): Counts => ({
    own: (sums[column] as number) / unit,
    rest: leftOut.reduce((sum, one) => sum - (sums[one] as number), sums[all] as number) / unit
  })
  function expected({ sums, baseline, newer }: Past): Expectation {
    const before = counts(sums)
    const { own } = before
    const trend = newer === undefined ? 0 : trendOf(before, counts(newer()), dispersion)
    const ahead = (sums[windowsColumn] as number) / 2 + span / 2
    const drift = direction === 'drop' ? Math.min(0, trend * ahead) : Math.max(0, trend * ahead)
    const odds = before.rest > 0 ? (own / before.rest) * Math.exp(drift / (sums[windowsColumn] as number)) : 0
    const mean = Math.max(0, rest) * odds
    const known = own > 0 ? 1 / own : 1
    const variance =
      dimension.spread(place, quantity, baseline) + dispersion * (known + 1 / Math.max(rest, 1))
    return { mean, dispersion, levelSd: Math.sqrt(variance) }
  }
  const expectation = expected(recent)
  if (!(expectation.mean > 0)) return undefined
  const [usual, ...usuals] = sameTimes.map(expected)
  const windows = dimension.sum(windowsColumn, from, to)
  return {
    observed: dimension.sum(column, from, to) / unit,
    squares: 0,
    exposure: windows,
    windows,
    rate: expectation.mean / Math.max(1, windows),
    unit: 1,
    filterVariance: 0,
    expectation,
    usual: usual && nearestOf(direction, [usual, ...usuals]),
    baseline: 'rolling'
  }
}

interface Counts {
  readonly own: number
  readonly rest: number
}

/**
 * How far the logarithm of a value's odds moves in as many windows as its past has, by its two halves; the less, the more
 * chance alone would show. A share may have a curve over the day, of which the past lags behind.
 */
function trendOf(whole: Counts, newer: Counts, dispersion: number): number {
  const older = { own: whole.own - newer.own, rest: whole.rest - newer.rest }
  const least = Math.min(older.own, older.rest, newer.own, newer.rest)
  if (!(least > 0)) return 0
  const change = Math.log(newer.own / newer.rest / (older.own / older.rest))
  const chance = dispersion * (1 / newer.own + 1 / older.own + 1 / newer.rest + 1 / older.rest)
  return (2 * change ** 3) / (change ** 2 + chance)
}

/** All of the dimension, without the values that rose. */
export const amongDimension = (risen: (span: number) => readonly number[]): Others => ({
  among: whole,
  without: risen
})
