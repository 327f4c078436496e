import { describe, expect, test } from 'vitest'
import { createSameTime, type SameTime } from '../../../../detectors/general/same-time.ts'

const hour = 3_600_000
const day = 24

/** Takes the value of each window up to the last one, which is turned to and not kept. */
function turnedTo(windows: number, valueAt: (window: number) => number | undefined): SameTime {
  const sameTime = createSameTime(hour)
  for (let window = 0; window < windows; window += 1) {
    const value = valueAt(window)
    if (value === undefined) continue
    sameTime.turnTo(window)
    sameTime.keep(value)
  }
  sameTime.turnTo(windows)
  return sameTime
}

describe('the values of the same time', () => {
  test('are those of the days before, with their neighbours', () => {
    expect(turnedTo(3 * day, window => window).ofDays()).toBe(24.5)
    expect(turnedTo(8 * day, window => Math.floor(window / day)).ofDays()).toBe(4)
  })

  test('are those of no more than seven days and three weeks', () => {
    const steps = turnedTo(29 * day, window => (window < 21 * day ? 0 : window < 22 * day - 2 ? 1 : 2))
    expect(steps.ofDays()).toBe(2)
    expect(turnedTo(28 * day, window => Math.floor(window / (7 * day))).ofWeeks()).toBe(2)
  })

  test('are none before there are two', () => {
    expect(turnedTo(day - 1, window => window).ofDays()).toBeNaN()
    expect(turnedTo(day + 1, () => 7).ofDays()).toBe(7)
    expect(turnedTo(6 * day, () => 7).ofWeeks()).toBeNaN()
  })

  test('are not those of windows that had none', () => {
    const sameTime = turnedTo(3 * day, window => (Math.floor(window / day) === 1 ? undefined : window))
    expect(sameTime.ofDays()).toBe(23)
    const gone = turnedTo(60 * day, window => (window > 20 * day && window < 59 * day ? undefined : 5))
    expect(gone.ofWeeks()).toBeNaN()
  })

  test('are the second ones where an hour comes twice', () => {
    const sameTime = createSameTime(hour)
    for (let window = 0; window < day; window += 1) {
      sameTime.turnTo(window)
      sameTime.keep(1)
    }
    for (const window of [1, 2, 3]) {
      sameTime.turnTo(window)
      sameTime.keep(9)
    }
    sameTime.turnTo(day + 2)
    expect(sameTime.ofDays()).toBe(9)
  })
})
