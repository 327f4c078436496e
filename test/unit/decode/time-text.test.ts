import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { native } from '../../../src/decode/layouts/native.ts'
import { parseEventTime } from '../../../src/decode/time.ts'
import type { TimeRules } from '../../../src/decode/time-text.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const utc: TimeRules = { timezone: 'UTC' }
const isoOf = (value: unknown, rules = utc): string | undefined => {
  const ms = parseEventTime(value, rules)
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

describe('a time that means one thing only is read', () => {
  test.each([
    ['2026-03-04 05:06:07.089123+00', '2026-03-04T05:06:07.089Z'],
    ['2026-03-04 05:06:07-03', '2026-03-04T08:06:07.000Z'],
    ['2026-03-04T05:06Z', '2026-03-04T05:06:00.000Z'],
    ['2026-03-04t05:06:07z', '2026-03-04T05:06:07.000Z'],
    ['2026-03-04T05:06:07.0891234567891Z', '2026-03-04T05:06:07.089Z'],
    ['2026-03-04T05:06:07,089Z', '2026-03-04T05:06:07.089Z'],
    ['2026-03-04T05:06:07.0891234+00:00', '2026-03-04T05:06:07.089Z'],
    ['2026-03-04T05:06:07+01:00[Europe/Berlin]', '2026-03-04T04:06:07.000Z'],
    ['2026-03-04T05:06:07Z[UTC][u-ca=gregory]', '2026-03-04T05:06:07.000Z'],
    ['2026-07-04T05:06:07[Europe/Berlin]', '2026-07-04T03:06:07.000Z'],
    ['2026-03-04 05:06:07.089 America/New_York', '2026-03-04T10:06:07.089Z'],
    ['2026-03-04 05:06:07 +0100 CET m=+0.000123', '2026-03-04T04:06:07.000Z'],
    ['2026-03-04 05:06:07 GMT', '2026-03-04T05:06:07.000Z'],
    ['2026/3/4 5:06', '2026-03-04T05:06:00.000Z'],
    ['2026.03.04 05:06:07', '2026-03-04T05:06:07.000Z'],
    ['20260304T050607Z', '2026-03-04T05:06:07.000Z'],
    ['20260304T050607.089+0100', '2026-03-04T04:06:07.089Z'],
    ['20260304050607', '2026-03-04T05:06:07.000Z'],
    ['20260304050607.089', '2026-03-04T05:06:07.089Z'],
    ['20260304050607089', '2026-03-04T05:06:07.089Z'],
    ['Wed, 04 Mar 2026 05:06:07 +0000', '2026-03-04T05:06:07.000Z'],
    ['4 Mar 2026 05:06:07 GMT', '2026-03-04T05:06:07.000Z'],
    ['04/Mar/2026:05:06:07 +0100', '2026-03-04T04:06:07.000Z'],
    ['Wed Mar 04 2026 05:06:07 GMT+0100 (Central European Standard Time)', '2026-03-04T04:06:07.000Z'],
    ['Wed Mar  4 05:06:07 UTC 2026', '2026-03-04T05:06:07.000Z'],
    ['March 4, 2026 at 5:06 PM', '2026-03-04T17:06:00.000Z'],
    ['Mar 4, 2026, 12:06:07 AM', '2026-03-04T00:06:07.000Z'],
    ['04.03.2026, 05:06:07', '2026-03-04T05:06:07.000Z']
  ])('%s', (text, iso) => {
    expect(isoOf(text)).toBe(iso)
  })

  test.each([
    [{ $date: '2026-03-04T05:06:07.089Z' }, '2026-03-04T05:06:07.089Z'],
    [{ $date: 1_772_600_767_089 }, '2026-03-04T05:06:07.089Z'],
    [{ $date: { $numberLong: '1772600767089' } }, '2026-03-04T05:06:07.089Z'],
    [{ $numberLong: '1772600767089' }, '2026-03-04T05:06:07.089Z'],
    [{ seconds: '1772600767', nanos: 89_999_999 }, '2026-03-04T05:06:07.089Z'],
    [{ seconds: 1_772_600_767 }, '2026-03-04T05:06:07.000Z'],
    [{ _seconds: 1_772_600_767, _nanoseconds: 89_000_000 }, '2026-03-04T05:06:07.089Z'],
    [{ epochSecond: 1_772_600_767, nano: 89_000_000 }, '2026-03-04T05:06:07.089Z'],
    [{ $timestamp: { t: 1_772_600_767, i: 3 } }, '2026-03-04T05:06:07.000Z'],
    [{ value: '2026-03-04T05:06:07.089Z' }, '2026-03-04T05:06:07.089Z'],
    [
      {
        year: 2026,
        month: 'MARCH',
        monthValue: 3,
        dayOfMonth: 4,
        hour: 5,
        minute: 6,
        second: 7,
        nano: 89_000_000
      },
      '2026-03-04T05:06:07.089Z'
    ],
    [
      { date: { year: 2026, month: 3, day: 4 }, time: { hour: 5, minute: 6, second: 7, nano: 0 } },
      '2026-03-04T05:06:07.000Z'
    ],
    [20_260_304_050_607, '2026-03-04T05:06:07.000Z'],
    [[2026, 3, 4, 5, 6], '2026-03-04T05:06:00.000Z'],
    [[2026, 3, 4, 5, 6, 7], '2026-03-04T05:06:07.000Z'],
    [[2026, 3, 4, 5, 6, 7, 89_000_000], '2026-03-04T05:06:07.089Z']
  ])('%j', (value, iso) => {
    expect(isoOf(value)).toBe(iso)
  })
})

describe('a time that is not certain is not read', () => {
  test.each([
    '03/04/2026 05:06',
    '03-04-2026 05:06:07',
    '2026-03-04T05:06:07 CST',
    'Wed Mar 4 05:06:07 IST 2026',
    '2026-03-04',
    '04.03.2026',
    '05:06:07',
    '2026-03-04T05:06:07[Europe/Nowhere]',
    '2026-03-04T05:06:07 and more',
    '2026/03-04 05:06',
    '2026-02-30 05:06',
    '2026-03-04 13:06 PM',
    '4 Mai 2026 05:06:07',
    '20261304050607',
    `${' '.repeat(200)}2026-03-04T05:06Z`
  ])('%j', text => {
    expect(isoOf(text)).toBe(undefined)
  })

  test.each([
    [[2026, 3, 4]],
    [[2026, 13, 4, 5, 6]],
    [[2026, 3, 4, 5, 6, 7, 1e9]],
    [[2026, 3, 4, 5, 6.5]],
    [{ $date: 'soon' }],
    [{ $date: { $date: 1 } }],
    [{ $numberLong: { $numberLong: '1' } }],
    [{ seconds: 1, nanos: 1e9 }],
    [{ seconds: -1 }],
    [{ value: '2026-03-04T05:06Z', unit: 'x' }],
    [{ year: 2026 }],
    [{ date: {}, time: {} }],
    [{ $timestamp: 5 }],
    [20_261_304_050_607],
    [{}]
  ])('%j', value => {
    expect(isoOf(value)).toBe(undefined)
  })
})

describe('a setting decides what a time leaves open', () => {
  test('the order of day and month', () => {
    const monthFirst: TimeRules = { timezone: 'UTC', dateOrder: 'month_first' }
    const dayFirst: TimeRules = { timezone: 'UTC', dateOrder: 'day_first' }
    expect(isoOf('03/04/2026 05:06', monthFirst)).toBe('2026-03-04T05:06:00.000Z')
    expect(isoOf('03/04/2026, 5:06:07 PM', monthFirst)).toBe('2026-03-04T17:06:07.000Z')
    expect(isoOf('03-04-2026 05:06', dayFirst)).toBe('2026-04-03T05:06:00.000Z')
    expect(isoOf('20/11/2026 05:06', monthFirst)).toBe(undefined)
  })

  test('the zone of a time without one, and of no other', () => {
    const berlin: TimeRules = { timezone: 'Europe/Berlin' }
    expect(isoOf('2026-01-04T05:06:07.089', berlin)).toBe('2026-01-04T04:06:07.089Z')
    expect(isoOf('2026-07-04 05:06:07', berlin)).toBe('2026-07-04T03:06:07.000Z')
    expect(isoOf([2026, 7, 4, 5, 6], berlin)).toBe('2026-07-04T03:06:00.000Z')
    expect(isoOf('2026-07-04T05:06:07Z', berlin)).toBe('2026-07-04T05:06:07.000Z')
    expect(isoOf('2026-07-04 05:06:07 UTC', berlin)).toBe('2026-07-04T05:06:07.000Z')
    expect(isoOf('2026-07-04T05:06:07-0400', berlin)).toBe('2026-07-04T09:06:07.000Z')
    expect(isoOf(1_772_600_767_089, berlin)).toBe('2026-03-04T05:06:07.089Z')
  })

  test('an hour that comes twice is the first, and one that is left out goes on by the clock before it', () => {
    const berlin: TimeRules = { timezone: 'Europe/Berlin' }
    expect(isoOf('2026-10-25T02:30:00', berlin)).toBe('2026-10-25T00:30:00.000Z')
    expect(isoOf('2026-10-25T03:00:00', berlin)).toBe('2026-10-25T02:00:00.000Z')
    expect(isoOf('2026-03-29T01:59:00', berlin)).toBe('2026-03-29T00:59:00.000Z')
    expect(isoOf('2026-03-29T02:30:00', berlin)).toBe('2026-03-29T01:30:00.000Z')
    expect(isoOf('2026-03-29T03:00:00', berlin)).toBe('2026-03-29T01:00:00.000Z')
  })
})

test('no zone is added to a time that has one, in small letters or without minutes', () => {
  const berlin: TimeRules = { timezone: 'Europe/Berlin' }
  expect(isoOf('2026-07-04t05:06:07z', berlin)).toBe('2026-07-04T05:06:07.000Z')
  expect(isoOf('2026-07-04 05:06:07-04', berlin)).toBe('2026-07-04T09:06:07.000Z')
  expect(isoOf('2026-07-04 05:06-04', berlin)).toBe('2026-07-04T09:06:00.000Z')
})

test('a moment is read back from every form that it is written in', () => {
  const moment = fc.date({ min: new Date(1e12), max: new Date(4e12), noInvalidDate: true })
  fc.assert(
    fc.property(moment, date => {
      const ms = date.getTime()
      const wholeSeconds = ms - (ms % 1_000)
      const iso = date.toISOString()
      expect(parseEventTime(iso.replace('Z', '+00'))).toBe(ms)
      expect(parseEventTime(iso.replace('Z', '000000000Z').toLowerCase())).toBe(ms)
      expect(parseEventTime(iso.replaceAll('-', '/'))).toBe(ms)
      expect(parseEventTime(iso.replace(/[-:]/g, ''))).toBe(ms)
      expect(parseEventTime(`${ms}000000`)).toBe(ms)
      expect(parseEventTime(Number(`${ms}000000`))).toBe(ms)
      expect(parseEventTime(Number(`${ms}000`))).toBe(ms)
      expect(parseEventTime(date.toUTCString())).toBe(wholeSeconds)
      expect(parseEventTime(date.toString())).toBe(wholeSeconds)
    })
  )
})

test('the clock of a zone is the one that Intl shows', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu')
  const moment = fc.date({ min: new Date(1e12), max: new Date(4e12), noInvalidDate: true })
  fc.assert(
    fc.property(zones, moment, (timezone, date) => {
      const shown = date.toLocaleString('sv-SE', { timeZone: timezone })
      const again = parseEventTime(shown, { timezone }) as number
      // Of an hour that comes twice the first is taken, so it is the clock that must agree.
      expect(new Date(again).toLocaleString('sv-SE', { timeZone: timezone })).toBe(shown)
    })
  )
})

test('records of one shape are read by the zone that is set, whatever they were read by before', () => {
  const options = { currency: 'USD', knownCurrencies: new Set<string>(), maxBytes: 1_000 }
  const decode = createCheckedDecode({ ...options, layout: { ...native, timezone: 'Asia/Tokyo' } })
  const record = Buffer.from('{"event_time":"2026-07-04T09:00:00","event_type":"search"}')
  const times = [record, record, record].map(each => {
    const decoded = decode(each)
    return decoded.kind === 'event' ? new Date(decoded.event.eventTime).toISOString() : decoded.kind
  })
  expect(times).toEqual(Array(3).fill('2026-07-04T00:00:00.000Z'))
})
