import { describe, expect, test } from 'vitest'
import { createRecentHours } from '../../../../detectors/baseline/recent-hours.ts'

const hour = 3_600_000
const minutes = 60_000

/** Half-hour windows of so many hours from the epoch: 10 of 100 in each, but for those of `rateOf`. */
function afterHours(hours: number, rateOf: (hour: number) => number = () => 0.1, isKnown = true) {
  const recent = createRecentHours({ usualRateOf: () => (isKnown ? 0.1 : undefined) }, 6)
  const answers: ReturnType<typeof recent.last>[] = []
  for (let window = 0; window <= 2 * hours; window += 1) {
    const localMs = window * 30 * minutes
    const exposure = 100
    const count = rateOf(Math.floor(localMs / hour)) * exposure
    recent.enter({ window, localMs }, { count, exposure })
    // Asked once an hour, as kinds do.
    if (window % 2 === 0) answers.push(recent.last(3))
  }
  return { recent, answers }
}

describe('the last hours', () => {
  test('are whole hours of the clock up to the newest window', () => {
    const { recent } = afterHours(30)
    expect(recent.endedHour()).toBe(29)
    expect(recent.last(3)).toMatchObject({ count: 60, exposure: 600 })
  })

  test('are compared with what is usual of them, and with how far days stray', () => {
    // Every day from the third on is a tenth lower, in all hours.
    const { recent } = afterHours(24 * 6, at => (at < 48 ? 0.1 : 0.09))
    const seen = recent.last(3)
    expect(seen?.days).toBe(5)
    // Four of five days were at 0.9 of what is usual: that is what is expected.
    expect(seen?.expected).toBeCloseTo(600 * 0.1 * 0.9, 10)
    expect(seen?.spread).toBeCloseTo(0, 10)
  })

  test('are none before another day is known, nor where an hour was not seen or is not known', () => {
    expect(afterHours(20).answers.at(-1)).toBeUndefined()
    expect(afterHours(30, () => 0.1, false).answers.at(-1)).toBeUndefined()
    const recent = createRecentHours({ usualRateOf: () => 0.1 }, 6)
    for (let window = 0; window < 60; window += 1) {
      if (window === 27) continue
      recent.enter({ window, localMs: window * hour }, { count: 10, exposure: 100 })
      recent.last(3)
    }
    expect(recent.last(3)).toBeDefined()
    const gap = createRecentHours({ usualRateOf: () => 0.1 }, 6)
    for (let window = 0; window < 60; window += 1) {
      if (window === 57) continue
      gap.enter({ window, localMs: window * hour }, { count: 10, exposure: 100 })
      gap.last(3)
    }
    expect(gap.last(3)).toBeUndefined()
  })
})
