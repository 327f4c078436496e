import { describe, expect, test } from 'vitest'
import { createProfile } from '../../../detectors/profile.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const options = { days: 7, binMs: 10 * minuteMs, neighbours: 3 }

function fill(
  profile: ReturnType<typeof createProfile>,
  day: number,
  count: (hour: number) => number,
  usual = true
) {
  for (let at = day * dayMs; at < (day + 1) * dayMs; at += minuteMs) {
    profile.add(at, count((at % dayMs) / hourMs), usual)
  }
}

describe('the usual rate at a time of day', () => {
  test('is not known on the first day', () => {
    const profile = createProfile(options)
    fill(profile, 100, () => 5)
    expect(profile.rateAt(100 * dayMs + 12 * hourMs)).toBeUndefined()
  })

  test('is that of the day before at the same time', () => {
    const profile = createProfile(options)
    fill(profile, 100, hour => (hour < 12 ? 10 : 30))
    expect(profile.rateAt(101 * dayMs + 6 * hourMs)).toBeCloseTo(10, 0)
    expect(profile.rateAt(101 * dayMs + 18 * hourMs)).toBeCloseTo(30, 0)
  })

  test('one extraordinary day of many changes nothing', () => {
    const profile = createProfile(options)
    for (const day of [100, 101, 102, 103, 104]) fill(profile, day, () => (day === 102 ? 500 : 20))
    expect(profile.rateAt(105 * dayMs + 9 * hourMs)).toBeCloseTo(20, 0)
  })

  test('windows of findings count only when they came back on another day', () => {
    const profile = createProfile(options)
    fill(profile, 100, () => 40, false)
    expect(profile.rateAt(101 * dayMs + 9 * hourMs)).toBeUndefined()
    fill(profile, 101, () => 40, false)
    expect(profile.rateAt(102 * dayMs + 9 * hourMs)).toBeCloseTo(40, 0)
    fill(profile, 102, () => 4)
    expect(profile.rateAt(103 * dayMs + 9 * hourMs)).toBeCloseTo(4, 0)
  })

  test('a step of the curve is steep, a level stretch is not', () => {
    const profile = createProfile(options)
    fill(profile, 100, hour => (hour < 12 ? 50 : 100))
    expect(profile.steepnessAt(101 * dayMs + 12 * hourMs)).toBeCloseTo(Math.log(2), 1)
    expect(profile.steepnessAt(101 * dayMs + 6 * hourMs)).toBe(0)
  })
})
