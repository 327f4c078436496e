import { describe, expect, test } from 'vitest'
import { rateSeries } from '../../../../detectors/baseline/rate-series.ts'
import type { Series } from '../../../../detectors/baseline/series.ts'
import { countOf } from '../../../../detectors/rules/measurement.ts'
import { droppedBy } from '../../../../detectors/rules/thresholds.ts'
import { scanWindows } from '../../../../detectors/rules/window-scan.ts'
import { detectorDefaults } from '../../../support/detector-defaults.ts'

const spans = [1, 2, 3, 5, 10]
const options = { spans, minWindows: 2, maxPValue: 1e-5 }

/** Sixty windows of 20 in 100 that were learned, then `counts` that were not. */
function seriesOf(counts: readonly number[]): Series {
  const series = rateSeries({ baseline: detectorDefaults.baseline, spans, windowMs: 60_000 })
  const enter = (window: number, count: number) =>
    series.enter({ window, localMs: window * 60_000 }, { count, exposure: 100 })
  for (let window = 1_000; window < 1_060; window += 1) {
    enter(window, window % 2 === 0 ? 18 : 22)
    series.train()
  }
  counts.forEach((count, i) => {
    enter(1_060 + i, count)
    series.forget(1, true)
  })
  return series
}

const drop = (counts: readonly number[], more: Partial<typeof options> = {}) =>
  scanWindows({
    direction: 'drop',
    measure: countOf(seriesOf(counts)),
    rule: droppedBy(0.5),
    mildRule: droppedBy(0.25),
    span: { ...options, ...more }
  })

describe('a sweep over trailing sums', () => {
  test('reports the shortest span that is improbable', () => {
    expect(drop([0, 0])).toMatchObject({ span: 2, measured: { observed: 0, windows: 2 } })
    expect(drop([8, 8, 8])).toBeUndefined()
    expect(drop([8, 8, 8, 8, 8, 8])?.span).toBe(5)
  })

  test('one window never suffices, unless the configuration says so', () => {
    expect(drop([0])).toBeUndefined()
    expect(drop([0], { minWindows: 1, maxPValue: 0.01 })?.span).toBe(1)
  })

  test('what rests on one odd window is not reported', () => {
    expect(drop([20, 0])).toBeUndefined()
    expect(drop([0, 20, 20])).toBeUndefined()
  })

  test('what is over is not reported again', () => {
    expect(drop([0, 0, 0, 0, 0])?.span).toBe(2)
    expect(drop([0, 0, 0, 0, 0, 20, 20])).toBeUndefined()
  })

  test('what the rule allows is not reported, however improbable', () => {
    expect(drop([12, 12, 12, 12, 12, 12, 12, 12, 12, 12], { maxPValue: 0.09 })).toBeUndefined()
  })
})
