import { countZScore, type Expectation } from '../stats/significance.ts'
import type { BaselineComparison, Series } from './series.ts'

/** Beyond this a span is set aside before it moves the baseline that it may have to be judged against. */
const outlierZScore = 3.5
/** Within this the series is back where it was. */
const backZScore = 1.5
const shortestSpan = 2
const backSpan = 3
const longestSpan = 15

/**
 * Follows whether a series has left its baseline, in either direction, by less than a finding takes. It lasts until the
 * series is back or `limit` windows have gone by: then the new level is learned.
 */
export function createOutlierGate(series: Series, spans: readonly number[], limit: number) {
  const tested = spans.filter(span => span >= shortestSpan && span <= longestSpan)
  let since = Number.NaN
  let sign = 0
  return {
    /** Whether the series is away from its baseline. */
    isOdd: () => sign !== 0,
    /** What the series shows is its baseline from now on. */
    reset(): void {
      sign = 0
    },
    /** The windows in which the series is at its usual level again, after another one was believed: 0 where it is not. */
    backAtUsual(): number {
      if (sign === 0) return 0
      const seen = series.compare(backSpan)
      if (!seen?.usual || seen.windows < backSpan || seen.exposure <= 0) return 0
      const isUsual = Math.abs(zScoreFrom(seen, seen.usual)) < backZScore
      return isUsual && sign * zScoreFrom(seen, seen.expectation) > outlierZScore ? backSpan : 0
    },
    /** How many of the newest windows are odd, up to `limit` windows after the first: 0 where none is. */
    windows(window: number): number {
      if (sign !== 0 && sign * zScoreOf(series, backSpan) < backZScore) sign = 0
      if (sign !== 0) return window - since < limit ? 1 : 0
      for (const span of tested) {
        const z = zScoreOf(series, span)
        if (Math.abs(z) <= outlierZScore) continue
        sign = Math.sign(z)
        since = window - span
        return span
      }
      return 0
    }
  }
}

function zScoreOf(series: Series, span: number): number {
  const seen = series.compare(span)
  if (!seen || seen.windows < Math.min(span, backSpan) || seen.exposure <= 0) return 0
  return zScoreFrom(seen, seen.expectation)
}

const zScoreFrom = ({ observed, unit }: BaselineComparison, { mean, dispersion, levelSd }: Expectation) =>
  countZScore(observed / unit, { mean: mean / unit, dispersion: dispersion / unit, levelSd })

export type OutlierGate = ReturnType<typeof createOutlierGate>
