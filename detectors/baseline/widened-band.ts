import type { Expectation } from '../stats/significance.ts'
import type { BaselineComparison, Series } from './series.ts'

/** A series whose levels may stray `factor` times as far as they are known to; 1 leaves it as it is. */
export function withWidenedBand<S extends Pick<Series, 'compare' | 'single'>>(
  series: S,
  factor: () => number
): S {
  const widen = (seen: BaselineComparison | undefined): BaselineComparison | undefined => {
    const by = factor()
    if (!seen || by === 1) return seen
    const wider = (one: Expectation): Expectation => ({ ...one, levelSd: one.levelSd * by })
    return { ...seen, expectation: wider(seen.expectation), usual: seen.usual && wider(seen.usual) }
  }
  return {
    ...series,
    compare: (span: number, skip?: number) => widen(series.compare(span, skip)),
    single: (span: number, ago: number) => widen(series.single(span, ago))
  }
}
