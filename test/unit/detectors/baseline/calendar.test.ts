import { describe, expect, test } from 'vitest'
import { type CalendarEntry, createCalendar } from '../../../../detectors/baseline/calendar.ts'

const hourMs = 3_600_000
const friday = Date.UTC(2026, 10, 27)
const entry = (more: Partial<CalendarEntry>): CalendarEntry => ({
  name: 'Black Friday',
  fromMs: friday,
  toMs: friday + 24 * hourMs,
  effect: 'mute',
  factor: 3,
  ...more
})
const calendarOf = (...entries: readonly CalendarEntry[]) => createCalendar(() => entries)

describe('an entry that mutes', () => {
  test('does so for every span that touches it, and for no other', () => {
    const calendar = calendarOf(entry({}))
    const mutes = (fromMs: number, toMs: number) => calendar.mutes('traffic_spike', fromMs, toMs)?.name
    expect(mutes(friday - hourMs, friday)).toBeUndefined()
    expect(mutes(friday - hourMs, friday + 1)).toBe('Black Friday')
    expect(mutes(friday + 24 * hourMs - 1, friday + 25 * hourMs)).toBe('Black Friday')
    expect(mutes(friday + 24 * hourMs, friday + 25 * hourMs)).toBeUndefined()
  })

  test('leaves data_loss and pipeline_stalled alone unless it names them', () => {
    const mutedKinds = (one: CalendarEntry) =>
      ['data_loss', 'pipeline_stalled', 'revenue_drop'].filter(kind =>
        calendarOf(one).mutes(kind, friday, friday + hourMs)
      )
    expect(mutedKinds(entry({}))).toEqual(['revenue_drop'])
    expect(mutedKinds(entry({ kinds: ['data_loss'] }))).toEqual(['data_loss'])
  })

  test('takes the whole time out of what is learned, unless it is for some kinds only', () => {
    expect(calendarOf(entry({})).isOff(friday, friday + hourMs)).toBe(true)
    expect(calendarOf(entry({ kinds: ['traffic_spike'] })).isOff(friday, friday + hourMs)).toBe(false)
    expect(calendarOf(entry({ effect: 'widen' })).isOff(friday, friday + hourMs)).toBe(false)
  })
})

describe('an entry that widens', () => {
  test('goes on for the hour that the longest spans still reach back', () => {
    const calendar = calendarOf(entry({ effect: 'widen' }))
    const widens = (atMs: number) => calendar.widens('traffic_spike', atMs)?.factor
    expect(widens(friday - 1)).toBeUndefined()
    expect(widens(friday)).toBe(3)
    expect(widens(friday + 25 * hourMs - 1)).toBe(3)
    expect(widens(friday + 25 * hourMs)).toBeUndefined()
  })

  test('mutes nothing; of several, the one that widens most counts', () => {
    const calendar = calendarOf(
      entry({ effect: 'widen' }),
      entry({ effect: 'widen', name: 'Sale', factor: 5 })
    )
    expect(calendar.mutes('traffic_spike', friday, friday + hourMs)).toBeUndefined()
    expect(calendar.widens('traffic_spike', friday)?.name).toBe('Sale')
  })
})

test('entries of a year are asked for once', () => {
  const asked: number[] = []
  const calendar = createCalendar(year => {
    asked.push(year)
    return []
  })
  for (let at = friday; at < friday + 60 * 24 * hourMs; at += hourMs)
    calendar.mutes('traffic_spike', at, at + 1)
  expect(asked).toEqual([2026, 2027])
})
