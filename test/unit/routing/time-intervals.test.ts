import { describe, expect, test } from 'vitest'
import { createIntervalCheck, type Times } from '../../../src/routing/time-intervals.ts'

const always: Times = { days: null, dates: null, fromMinute: 0, toMinute: 1_440 }
const contains = (timezone: string, times: Partial<Times>[], instant: string) =>
  createIntervalCheck({ timezone, times: times.map(one => ({ ...always, ...one })) }).contains(
    Date.parse(instant)
  )

const office = { days: [0, 1, 2, 3, 4], fromMinute: 9 * 60, toMinute: 17 * 60 + 30 }

describe('office hours in Berlin', () => {
  test.each([
    ['2026-11-25T07:59:59.999Z', false],
    ['2026-11-25T08:00:00Z', true],
    ['2026-11-25T16:29:59.999Z', true],
    ['2026-11-25T16:30:00Z', false],
    // The Friday before daylight saving time ends, the Saturday, and the Monday after.
    ['2026-10-23T07:00:00Z', true],
    ['2026-10-23T06:59:00Z', false],
    ['2026-10-24T08:00:00Z', false],
    ['2026-10-26T07:30:00Z', false],
    ['2026-10-26T08:00:00Z', true]
  ])('at %s: %s', (instant, expected) => {
    expect(contains('Europe/Berlin', [office], instant)).toBe(expected)
  })
})

describe('an hour of local time around a change of daylight saving time', () => {
  const night = { fromMinute: 2 * 60, toMinute: 3 * 60 }
  test.each([
    // In spring the clock jumps from 02:00 to 03:00: the hour does not exist.
    ['2026-03-29T00:59:00Z', false],
    ['2026-03-29T01:00:00Z', false],
    // In autumn it exists twice.
    ['2026-10-25T00:00:00Z', true],
    ['2026-10-25T00:59:00Z', true],
    ['2026-10-25T01:00:00Z', true],
    ['2026-10-25T01:59:00Z', true],
    ['2026-10-25T02:00:00Z', false]
  ])('at %s: %s', (instant, expected) => {
    expect(contains('Europe/Berlin', [night], instant)).toBe(expected)
  })
})

test('a night belongs to the day on which it begins', () => {
  const fridayNight = { days: [4], fromMinute: 22 * 60, toMinute: 6 * 60 }
  const at = (instant: string) => contains('UTC', [fridayNight], instant)
  expect(at('2026-11-27T21:59:00Z')).toBe(false)
  expect(at('2026-11-27T22:00:00Z')).toBe(true)
  expect(at('2026-11-28T05:59:00Z')).toBe(true)
  expect(at('2026-11-28T06:00:00Z')).toBe(false)
  expect(at('2026-11-27T05:00:00Z')).toBe(false)
})

test('one of several times is enough', () => {
  const times = [
    { fromMinute: 540, toMinute: 720 },
    { days: [5], fromMinute: 0, toMinute: 60 }
  ]
  expect(contains('UTC', times, '2026-11-25T10:00:00Z')).toBe(true)
  expect(contains('UTC', times, '2026-11-28T00:30:00Z')).toBe(true)
  expect(contains('UTC', times, '2026-11-25T00:30:00Z')).toBe(false)
})

test('dates are local', () => {
  const day = Date.UTC(2026, 11, 24) / 86_400_000
  const christmas = { dates: [{ first: day, last: day + 2 }] }
  const at = (instant: string) => contains('America/New_York', [christmas], instant)
  expect(at('2026-12-24T04:59:00Z')).toBe(false)
  expect(at('2026-12-24T05:00:00Z')).toBe(true)
  expect(at('2026-12-27T04:59:00Z')).toBe(true)
  expect(at('2026-12-27T05:00:00Z')).toBe(false)
})

test('the local time is shown with its day', () => {
  const { localTime } = createIntervalCheck({ timezone: 'Asia/Kolkata', times: [] })
  expect(localTime(Date.parse('2026-11-29T20:00:00Z'))).toBe('mon 2026-11-30 01:30 Asia/Kolkata')
})
