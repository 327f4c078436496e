import { expect, test } from 'vitest'
import { withRememberedComparisons } from '../../../../detectors/baseline/remembered-comparisons.ts'
import type { BaselineComparison, Series } from '../../../../detectors/baseline/series.ts'

/** A series that says how often it was asked and changed. */
function countingSeries() {
  let changes = 0
  let asked = 0
  const change = () => {
    changes += 1
  }
  const series: Series = {
    ...{ enter: change, train: change, forget: change, settle: change, remember: change },
    compare(span, skip = 0) {
      asked += 1
      return { observed: 100 * changes + 10 * span + skip } as BaselineComparison
    },
    single: () => undefined,
    trainedWindows: () => 7
  }
  return { series: withRememberedComparisons(series), asked: () => asked }
}

test('a span is compared once until the series changes, whatever changes it', () => {
  const { series, asked } = countingSeries()
  const observed = (span: number, skip?: number) => series.compare(span, skip)?.observed
  expect([observed(3), observed(3), observed(5), asked()]).toEqual([30, 30, 50, 2])
  const changes = [
    () => series.enter({ window: 1, localMs: 1 }, undefined),
    () => series.train(),
    () => series.forget(1, true),
    () => series.settle(1),
    () => series.remember(1)
  ]
  for (const [index, change] of changes.entries()) {
    change()
    expect([observed(3), observed(3)]).toEqual(Array(2).fill(100 * (index + 1) + 30))
    expect(asked()).toBe(3 + index)
  }
})

test('what is asked of a part of a span is asked each time', () => {
  const { series, asked } = countingSeries()
  expect([series.compare(5, 2)?.observed, series.compare(5, 2)?.observed, asked()]).toEqual([52, 52, 2])
  expect([series.compare(5, 0)?.observed, series.compare(5)?.observed, asked()]).toEqual([50, 50, 3])
  expect(series.trainedWindows()).toBe(7)
})
