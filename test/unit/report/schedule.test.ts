import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSchedule, dayOfDate } from '../../../src/report/schedule.ts'
import { dayMs, hourMs } from '../../../src/time/units.ts'

const iso = (ms: number) => new Date(ms).toISOString()
const slotAbout = (timezone: string, hour: number, date: string) =>
  iso(createSchedule({ timezone, hour }).slotOf(dayOfDate(date) ?? 0).at)

describe('the slot of a daily report', () => {
  test.each<[string, number, string, string]>([
    ['UTC', 8, '2026-11-29', '2026-11-30T08:00:00.000Z'],
    ['Europe/Berlin', 8, '2026-11-29', '2026-11-30T07:00:00.000Z'],
    ['Europe/Berlin', 8, '2026-07-01', '2026-07-02T06:00:00.000Z'],
    // 02:00 is left out: 03:00 comes in its place.
    ['Europe/Berlin', 2, '2026-03-28', '2026-03-29T01:00:00.000Z'],
    // 02:00 comes twice: the first one counts.
    ['Europe/Berlin', 2, '2026-10-24', '2026-10-25T00:00:00.000Z'],
    // Midnight is left out.
    ['America/Asuncion', 0, '2024-10-05', '2024-10-06T04:00:00.000Z'],
    ['Asia/Kathmandu', 0, '2026-11-29', '2026-11-29T18:15:00.000Z']
  ])('in %s at %i about %s is at %s', (timezone, hour, date, at) => {
    expect(slotAbout(timezone, hour, date)).toBe(at)
  })

  test('comes once for each local day in every zone, and the last one due is the last one before', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'America/Asuncion',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Apia'
    )
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) }),
        (timezone, hour, nowMs) => {
          const schedule = createSchedule({ timezone, hour })
          const { day, at } = schedule.latest(nowMs)
          const next = schedule.next(nowMs)
          expect(at).toBeLessThanOrEqual(nowMs)
          expect(next.at).toBeGreaterThan(nowMs)
          expect(next.day).toBe(day + 1)
          expect(schedule.latest(next.at)).toEqual(next)
          expect(schedule.latest(next.at - 1).day).toBe(day)
          // At least a day apart, but for the clock's changes.
          expect(Math.abs(next.at - at - dayMs)).toBeLessThanOrEqual(hourMs)
        }
      )
    )
  })
})

test.each([
  ['2026-11-29', 20_786],
  ['2026-02-30', undefined],
  ['2026-2-3', undefined],
  ['yesterday', undefined]
])('the day %s is number %s', (date, day) => {
  expect(dayOfDate(date)).toBe(day)
})
