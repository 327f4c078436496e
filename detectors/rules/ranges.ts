import type { BaselineComparison, Series } from '../baseline/series.ts'
import type { Expectation } from '../stats/significance.ts'

/** Which windows of a series are meant: the same for all series that a measure reads. */
export type Range = (series: Pick<Series, 'compare' | 'single'>) => BaselineComparison | undefined

export const whole =
  (span: number): Range =>
  series =>
    series.compare(span)

export const newest =
  (span: number, windows: number): Range =>
  series =>
    series.compare(span, span - windows)

export const single =
  (span: number, ago: number): Range =>
  series =>
    series.single(span, ago)

/** A span without some of its windows. */
export const without =
  (span: number, agos: readonly number[]): Range =>
  series => {
    const all = series.compare(span)
    return all && agos.reduce((rest, ago) => minus(rest, series.single(span, ago)), all)
  }

/** The same against the level of before another one was believed, where that is remembered. */
export const againstFormer =
  (range: Range): Range =>
  series => {
    const seen = range(series)
    if (!seen?.former) return seen
    const { former, exposure } = seen
    const rate = exposure > 0 ? former.mean / exposure : seen.rate
    return { ...seen, rate, expectation: former, usual: undefined }
  }

function minus(all: BaselineComparison, part: BaselineComparison | undefined): BaselineComparison {
  if (!part) return all
  const left = (whole: Expectation, taken: Expectation) => ({
    ...whole,
    mean: Math.max(0, whole.mean - taken.mean),
    ...(whole.trials !== undefined && { trials: whole.trials - (taken.trials ?? 0) })
  })
  return {
    ...all,
    observed: Math.max(0, all.observed - part.observed),
    squares: Math.max(0, all.squares - part.squares),
    exposure: all.exposure - part.exposure,
    windows: all.windows - part.windows,
    expectation: left(all.expectation, part.expectation),
    usual: all.usual && part.usual && left(all.usual, part.usual)
  }
}
