import { describe, expect, test } from 'vitest'
import { createSeriesRegistry } from '../../../../detectors/baseline/series-registry.ts'
import { detectorDefaults } from '../../../support/detector-defaults.ts'
import { minuteMs, startMs } from '../shop-windows.ts'

interface Shift {
  /** The `suspect_for` of the configuration. */
  readonly suspectMs: number
  readonly windowMs?: number
  /** Counts of the windows from the shift on. */
  readonly counts: readonly number[]
}

/** 300 windows of 400 visits, and then others; gives how many of the newest windows are set aside with each of these. */
function setAside({ suspectMs, windowMs = minuteMs, counts }: Shift): number[] {
  const registry = createSeriesRegistry({ baseline: { ...detectorDefaults.baseline, suspectMs }, windowMs })
  registry.over([1, 5]).count('visits')
  const [followed] = registry.followed
  if (followed?.outlierGate === undefined) throw new Error('the series has no gate')
  const { series, outlierGate } = followed
  const steady = Array.from({ length: 300 }, () => 400)
  const first = startMs / windowMs
  const all = [...steady, ...counts].map((count, index) => {
    series.enter({ window: first + index, localMs: startMs + index * windowMs }, { count, exposure: 1 })
    const windows = outlierGate.windows(first + index)
    if (windows > 0) series.forget(windows, false)
    else series.train()
    return windows
  })
  expect(all.slice(0, steady.length)).toEqual(steady.map(() => 0))
  return all.slice(steady.length)
}

const times = (count: number, value: number) => Array.from({ length: count }, () => value)

describe('a series that leaves its baseline', () => {
  test.each([
    { suspectMs: 60 * minuteMs, windowMs: minuteMs, limit: 60 },
    { suspectMs: 10 * minuteMs, windowMs: minuteMs, limit: 10 },
    { suspectMs: 60 * minuteMs, windowMs: 5 * minuteMs, limit: 12 }
  ])(
    'is set aside until $suspectMs ms after its last usual window, with windows of $windowMs ms, and then its new level is learned',
    ({ suspectMs, windowMs, limit }) => {
      const windows = setAside({ suspectMs, windowMs, counts: times(limit + 10, 800) })
      // The first five are noticed together.
      const from = windows.indexOf(5)
      expect(windows.slice(from, from + limit)).toEqual([5, ...times(limit - 6, 1), ...times(5, 0)])
    }
  )

  test('is set aside no longer than until it is back, however long it might be', () => {
    const windows = setAside({
      suspectMs: 60 * minuteMs,
      counts: [...times(10, 800), ...times(20, 400)]
    })
    expect(windows).toEqual([0, 5, ...times(10, 1), ...times(18, 0)])
  })
})

test('a price level that leaves its baseline by less than a finding takes is set aside', () => {
  const registry = createSeriesRegistry({ baseline: detectorDefaults.baseline, windowMs: minuteMs })
  registry.over([1, 5]).logs('price_level')
  const [followed] = registry.followed
  const aside = Array.from({ length: 130 }, (_, index) => {
    const window = startMs / minuteMs + index
    // Ten amounts of 20 and 80 units, from then on of 13 and 53 units, each as the logarithm of ten-thousandths.
    const logs = [12.2, 13.6].map(log => log - (index < 120 ? 0 : 0.4))
    const reading = {
      count: logs.reduce((sum, log) => sum + 5 * log, 0),
      exposure: 10,
      squares: logs.reduce((sum, log) => sum + 5 * log ** 2, 0)
    }
    followed?.series.enter({ window, localMs: window * minuteMs }, reading)
    const windows = followed?.outlierGate?.windows(window) ?? 0
    if (windows > 0) followed?.series.forget(windows, false)
    else followed?.series.train()
    return windows
  })
  expect(aside.indexOf(5)).toBe(124)
  expect(aside.slice(125)).toEqual(times(5, 1))
})
