import type { BaselineComparison, Series } from './series.ts'

/**
 * Keeps what a series was compared to until it changes: the outlier gate and several kinds ask for the same spans of
 * one window.
 */
export function withRememberedComparisons<S extends Series>(series: S): S {
  const seen: (BaselineComparison | undefined)[] = []
  const askedAt: number[] = []
  /** Counts the changes of the series. */
  let version = 1
  const changing =
    <Given extends unknown[]>(change: (...given: Given) => void) =>
    (...given: Given): void => {
      version += 1
      change(...given)
    }
  return {
    ...series,
    enter: changing(series.enter),
    train: changing(series.train),
    forget: changing(series.forget),
    settle: changing(series.settle),
    remember: changing(series.remember),
    compare(span: number, skip = 0) {
      if (skip !== 0) return series.compare(span, skip)
      if (askedAt[span] !== version) {
        askedAt[span] = version
        seen[span] = series.compare(span)
      }
      return seen[span]
    }
  }
}
