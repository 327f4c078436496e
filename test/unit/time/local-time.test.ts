import { expect, test } from 'vitest'
import { halfWeekOf, localOffset } from '../../../src/time/local-time.ts'

test('the offset of a timezone follows the beginning of summer time', () => {
  const offset = localOffset('Europe/Berlin')
  expect(offset(Date.UTC(2026, 2, 29, 0, 59))).toBe(3_600_000)
  expect(offset(Date.UTC(2026, 2, 29, 1, 0))).toBe(7_200_000)
})

test.for([
  ['Europe/Berlin', 'begins', '2026-03-29T01:00Z', 1, 2],
  ['Europe/Berlin', 'ends', '2026-10-25T01:00Z', 2, 1],
  ['America/New_York', 'begins', '2026-03-08T07:00Z', -5, -4],
  ['America/New_York', 'ends', '2026-11-01T06:00Z', -4, -5],
  ['Australia/Lord_Howe', 'ends', '2026-04-04T15:00Z', 11, 10.5],
  ['Australia/Lord_Howe', 'begins', '2026-10-03T15:30Z', 10.5, 11]
] as const)('in %s summer time %s at %s to the minute', ([zone, , at, before, behind]) => {
  const offset = localOffset(zone)
  const change = Date.parse(at)
  expect(offset(change - 60_000)).toBe(before * 3_600_000)
  expect(offset(change)).toBe(behind * 3_600_000)
})

test('an offset may be a part of an hour, and west of Greenwich', () => {
  expect(localOffset('Asia/Kathmandu')(0 + Date.UTC(2026, 0, 1))).toBe(5.75 * 3_600_000)
  expect(localOffset('America/New_York')(Date.UTC(2026, 0, 1, 0, 7))).toBe(-5 * 3_600_000)
})

test('a half of the week begins on Saturday and on Monday', () => {
  const days = Array.from({ length: 9 }, (_, day) => halfWeekOf(Date.UTC(2026, 2, 19 + day)))
  const thursday = days[0] as number
  expect(days.map(half => half - thursday)).toEqual([0, 0, 1, 1, 2, 2, 2, 2, 2])
  expect(halfWeekOf(Date.UTC(2026, 2, 21) - 1)).toBe(thursday)
})
