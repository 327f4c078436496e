import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProfile, type Profile, type Season } from '../../../../detectors/baseline/seasonal-profile.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Of local days since the epoch: a Monday, in 2026. */
const monday = 20_528
const saturday = monday + 5
const sunday = monday + 6

const profileOf = (season: Season = 'both', days = 21): Profile =>
  createProfile({ season, days, binMs: 10 * minuteMs, neighbours: 3, daySpread: 0.15, bunch: 1 })

function fill(profile: Profile, day: number, count: (hour: number, day: number) => number, usual = true) {
  for (let at = day * dayMs; at < (day + 1) * dayMs; at += minuteMs) {
    profile.add(at, count((at % dayMs) / hourMs, day), usual)
  }
}

function fillDays(
  profile: Profile,
  from: number,
  days: number,
  count: (hour: number, day: number) => number
) {
  for (let day = from; day < from + days; day += 1) fill(profile, day, count)
}

const at = (profile: Profile, day: number, hour: number) => profile.at(day * dayMs + hour * hourMs)
const rateAt = (profile: Profile, day: number, hour: number) => at(profile, day, hour)?.rate
const isWeekend = (day: number) => (day - monday) % 7 > 4
const quietWeekends = (_: number, day: number) => (isWeekend(day) ? 30 : 100)

describe('the usual rate at a time of day', () => {
  test('is not known on the first day', () => {
    const profile = profileOf()
    fill(profile, monday, () => 5)
    expect(at(profile, monday, 12)).toBeUndefined()
  })

  test('is that of the day before at the same time', () => {
    const profile = profileOf()
    fill(profile, monday, hour => (hour < 12 ? 10 : 30))
    expect(rateAt(profile, monday + 1, 6)).toBeCloseTo(10, 6)
    expect(rateAt(profile, monday + 1, 18)).toBeCloseTo(30, 6)
  })

  test('one extraordinary day of many changes nothing', () => {
    const profile = profileOf()
    fillDays(profile, monday, 5, (_, day) => (day === monday + 2 ? 500 : 20))
    expect(rateAt(profile, monday + 7, 9)).toBeCloseTo(20, 6)
  })

  test('windows of findings count only when they came back on another day', () => {
    const profile = profileOf()
    fill(profile, monday, () => 40, false)
    expect(at(profile, monday + 1, 9)).toBeUndefined()
    fill(profile, monday + 1, () => 40, false)
    expect(rateAt(profile, monday + 2, 9)).toBeCloseTo(40, 6)
    fill(profile, monday + 2, () => 4)
    fill(profile, monday + 3, () => 4)
    expect(rateAt(profile, monday + 4, 9)).toBeCloseTo(4, 6)
  })

  test('a step of the curve is in doubt, a level stretch is not', () => {
    const profile = profileOf()
    fill(profile, monday, hour => (hour < 12 ? 50 : 100))
    expect(at(profile, monday + 1, 12)?.curveSd).toBeCloseTo(0.6 * Math.log(2), 6)
    expect(at(profile, monday + 1, 6)?.curveSd).toBe(0)
  })

  test('a few counts are pooled with their neighbours, but not over the hour that the shop closes', () => {
    const profile = profileOf()
    fill(profile, monday, hour => (hour < 20 ? 20 : 0))
    expect(rateAt(profile, monday + 1, 20.1)).toBeLessThan(0.5 * 20)
    expect(rateAt(profile, monday + 1, 20.5)).toBeLessThan(0.02)
  })
})

describe('the usual rate on a day of the week', () => {
  test('is in no doubt once three such days were seen', () => {
    const profile = profileOf()
    fillDays(profile, monday, 21, quietWeekends)
    expect(rateAt(profile, monday + 21, 12)).toBeCloseTo(100, 0)
    expect(rateAt(profile, saturday + 21, 12)).toBeCloseTo(30, 0)
    expect(at(profile, saturday + 21, 12)?.curveSd).toBeLessThan(0.1)
  })

  test('one Saturday tells of the Sunday behind it, and of the next Saturday', () => {
    const profile = profileOf()
    fillDays(profile, monday, 6, quietWeekends)
    expect(at(profile, sunday, 12)?.familiarity).toBe('half')
    expect(rateAt(profile, sunday, 12)).toBeCloseTo(31, 0)
    fill(profile, sunday, () => 30)
    fillDays(profile, monday + 7, 5, quietWeekends)
    expect(at(profile, saturday + 7, 12)?.familiarity).toBe('weekday')
    expect(rateAt(profile, saturday + 7, 12)).toBeCloseTo(30, 0)
  })

  test('is that of the other days, and unfamiliar, on the first weekend', () => {
    const profile = profileOf()
    fillDays(profile, monday, 5, quietWeekends)
    expect(at(profile, saturday, 12)).toEqual({
      rate: expect.closeTo(100, 6),
      curveSd: 0,
      familiarity: 'none'
    })
  })

  test('one day off among many of its weekday is forgotten; of one or two it stays in doubt', () => {
    const off = (_: number, day: number) => (day === monday ? 50 : 100)
    const young = profileOf()
    fillDays(young, monday, 7, off)
    expect(at(young, monday + 7, 12)?.curveSd).toBeGreaterThan(0.25)
    const old = profileOf()
    fillDays(old, monday, 21, off)
    expect(rateAt(old, monday + 21, 12)).toBeCloseTo(100, 6)
    expect(at(old, monday + 21, 12)?.curveSd).toBe(0)
  })

  test('a weekday of which hours were found may be one on which the shop is closed', () => {
    const profile = profileOf()
    fillDays(profile, monday, 6, () => 100)
    fill(profile, sunday, () => 0, false)
    fillDays(profile, monday + 7, 6, () => 100)
    expect(rateAt(profile, sunday + 7, 12)).toBeCloseTo(100, 6)
    expect(at(profile, sunday + 7, 12)?.curveSd).toBeGreaterThan(8)
    fill(profile, sunday + 7, () => 0, false)
    fillDays(profile, monday + 14, 6, () => 100)
    expect(rateAt(profile, sunday + 14, 12)).toBeLessThan(0.02)
  })

  test('is asked of all days, of the same weekday, or not at all', () => {
    const rates = (season: Season) => {
      const profile = profileOf(season)
      fillDays(profile, monday, 14, quietWeekends)
      return [rateAt(profile, monday + 14, 12), rateAt(profile, saturday + 14, 12)]
    }
    expect(rates('day')).toEqual([100, 100])
    expect(rates('week')).toEqual([100, 30])
    expect(rates('none')).toEqual([undefined, undefined])
  })

  test('lies between what its days and the others say, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 7, maxLength: 21 }), levels => {
        const profile = profileOf()
        fillDays(profile, monday, levels.length, (_, day) => levels[day - monday] as number)
        const rate = rateAt(profile, monday + levels.length, 12) as number
        expect(rate).toBeGreaterThanOrEqual(Math.min(...levels) * 0.999)
        expect(rate).toBeLessThanOrEqual(Math.max(...levels) * 1.001)
      }),
      { numRuns: 30 }
    )
  })
})
