import { describe, expect, test } from 'vitest'
import { calendarEntries } from '../../../src/config/calendar-entries.ts'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { reloadConfig } from '../../../src/config/reload.ts'

function load(yaml: string, ics?: string) {
  const texts: Readonly<Record<string, string | undefined>> = { 'cartwatch.yaml': yaml, 'holidays.ics': ics }
  return {
    path: 'cartwatch.yaml',
    env: {},
    readFile(path: string) {
      const text = texts[path]
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
      return text
    }
  }
}

function loaded(yaml: string, ics?: string) {
  const result = loadConfig(load(yaml, ics))
  if (!result.ok) throw new Error(formatErrors(result.errors))
  return result
}

function errorsOf(yaml: string, ics?: string): string {
  const result = loadConfig(load(yaml, ics))
  return result.ok ? '' : formatErrors(result.errors)
}

/** Entries of 2026 as `name: from to` in UTC. */
function entriesOf(yaml: string, ics?: string): readonly string[] {
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)
  return calendarEntries(loaded(yaml, ics).config)(2026)
    .map(({ name, fromMs, toMs }) => `${name}: ${iso(fromMs)} ${iso(toMs)}`)
    .filter(entry => entry.includes('2026-'))
}

const berlin = 'timezone: Europe/Berlin\n'
const calendarOf = (...events: readonly string[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap(event => ['BEGIN:VEVENT', event, 'END:VEVENT']),
    'END:VCALENDAR',
    ''
  ].join('\r\n')
const fromFile = `${berlin}calendar_files: [holidays.ics]\n`

describe('dates of the configuration', () => {
  test('are whole days of the shop’s clocks, the last one included', () => {
    const yaml = `${berlin}calendar: [{ name: Black Friday, from: 2026-11-27, to: 2026-11-28 }]`
    expect(entriesOf(yaml)).toEqual(['Black Friday: 2026-11-26T23:00 2026-11-28T23:00'])
  })

  test('with a time end at it, and one day needs no end', () => {
    const yaml = `${berlin}calendar:
  - { name: Works, from: 2026-07-01 22:00, to: 2026-07-02T04:30 }
  - { name: Day, from: 2026-03-29 }`
    expect(entriesOf(yaml)).toEqual([
      'Works: 2026-07-01T20:00 2026-07-02T02:30',
      'Day: 2026-03-28T23:00 2026-03-29T22:00'
    ])
  })

  test('may come every year', () => {
    const yaml = 'calendar: [{ name: Eve, from: 2019-12-31, every: year }]'
    expect(entriesOf(yaml)).toEqual([
      'Eve: 2025-12-31T00:00 2026-01-01T00:00',
      'Eve: 2026-12-31T00:00 2027-01-01T00:00'
    ])
  })

  test('widen by three unless they say otherwise', () => {
    const yaml = `calendar:
  - { name: a, from: 2026-01-01 }
  - { name: b, from: 2026-01-01, widen: 5, kinds: [traffic_spike] }
  - { name: c, from: 2026-01-01, effect: mute }`
    expect(loaded(yaml).config.calendar).toMatchObject([
      { effect: 'widen', factor: 3, kinds: undefined },
      { effect: 'widen', factor: 5, kinds: ['traffic_spike'] },
      { effect: 'mute' }
    ])
  })

  test('that are none are refused at their place', () => {
    expect(errorsOf('calendar:\n  - { name: a, from: 2026-02-30 }')).toBe(
      'cartwatch.yaml:2:22: calendar[0].from: is "2026-02-30"; expected a date such as 2026-11-27, or 2026-11-27 08:00'
    )
    expect(errorsOf('calendar: [{ name: a, from: 2026-02-03, to: 2026-02-02 }]')).toMatch(
      /^cartwatch\.yaml:1:\d+: calendar\[0\]\.to: .*later than from/
    )
    expect(errorsOf('calendar: [{ name: a, from: 2026-02-03, kinds: [revenue] }]')).toMatch(
      /calendar\[0\]\.kinds\[0\]/
    )
  })
})

describe('a calendar file', () => {
  test('of yearly whole days is read in the shop’s timezone', () => {
    const ics = calendarOf(
      'UID:1\r\nSUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20201224\r\nDTEND;VALUE=DATE:20201227\r\nRRULE:FREQ=YEARLY'
    )
    expect(entriesOf(fromFile, ics)).toEqual(['Christmas: 2026-12-23T23:00 2026-12-26T23:00'])
  })

  test('keeps its own timezones, over summer time, without the occurrences that were taken out or moved', () => {
    const ics = calendarOf(
      'UID:1\r\nSUMMARY:Sale\r\nDTSTART;TZID=America/New_York:20260301T100000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=America/New_York:20260315T100000',
      'UID:1\r\nRECURRENCE-ID;TZID=America/New_York:20260322T100000\r\nSUMMARY:Moved\r\nDTSTART:20260322T120000Z\r\nDTEND:20260322T130000Z'
    )
    expect(entriesOf(fromFile, ics)).toEqual([
      'Sale: 2026-03-01T15:00 2026-03-01T17:00',
      'Sale: 2026-03-08T14:00 2026-03-08T16:00',
      'Moved: 2026-03-22T12:00 2026-03-22T13:00'
    ])
  })

  test('has the effect that is set for all of it', () => {
    const ics = calendarOf('UID:1\r\nSUMMARY:Off\r\nDTSTART;VALUE=DATE:20260501')
    const yaml = 'calendar_files: [{ file: holidays.ics, effect: mute, kinds: [revenue_drop] }]'
    expect(calendarEntries(loaded(yaml, ics).config)(2026)).toEqual([
      {
        name: 'Off',
        fromMs: Date.UTC(2026, 4, 1),
        toMs: Date.UTC(2026, 4, 2),
        effect: 'mute',
        factor: 3,
        kinds: ['revenue_drop']
      }
    ])
  })

  test('that is not there, or is none, is named with its line', () => {
    expect(errorsOf(fromFile)).toBe(
      `cartwatch.yaml:2:18: calendar_files[0]: is "holidays.ics": can't be read (ENOENT)`
    )
    expect(errorsOf(fromFile, 'hello')).toBe(
      'holidays.ics: is not an iCalendar file (there is no BEGIN:VCALENDAR)'
    )
    expect(errorsOf(fromFile, calendarOf('UID:1\r\nSUMMARY'))).toBe(
      'holidays.ics:5: is not an iCalendar file (invalid line (no token ";" or ":") "SUMMARY")'
    )
    expect(errorsOf(fromFile, calendarOf('UID:1\r\nSUMMARY:Never'))).toMatch(
      /^holidays\.ics: is not an iCalendar file/
    )
    expect(errorsOf(fromFile, calendarOf('UID:1\r\nDTSTART:20260101\r\nRRULE:FREQ=NEVER'))).toMatch(
      /^holidays\.ics:6: is not an iCalendar file/
    )
  })

  test('is read again with the configuration', () => {
    const day = (date: string) => calendarOf(`UID:1\r\nSUMMARY:Off\r\nDTSTART;VALUE=DATE:${date}`)
    const running = loaded(fromFile, day('20260501'))
    expect(reloadConfig(running, load(fromFile, day('20260501'))).kind).toBe('unchanged')
    const edited = reloadConfig(running, load(fromFile, day('20260502')))
    if (edited.kind !== 'reloaded') throw new Error(edited.kind)
    expect(edited.changed).toEqual(['calendarFiles'])
    expect(edited.loaded.config.calendarFiles).toEqual(loaded(fromFile, day('20260502')).config.calendarFiles)
  })
})

describe('a rule of a calendar file', () => {
  const errorOf = (rule: string) =>
    errorsOf(fromFile, calendarOf(`UID:a\r\nDTSTART:20260101T000000Z\r\nDURATION:PT1M\r\nRRULE:${rule}`))

  test.each([
    'FREQ=SECONDLY',
    'FREQ=MINUTELY;INTERVAL=30',
    'FREQ=HOURLY;BYMINUTE=0,30',
    'FREQ=DAILY;BYSECOND=0,1'
  ])('that recurs more often than once an hour is refused: %s', rule => {
    expect(errorOf(rule)).toMatch(
      /^holidays\.ics:\d+: FREQ=.* recurs more often than once an hour; expected FREQ=HOURLY or rarer$/
    )
  })

  test('may recur each hour', () => {
    expect(errorOf('FREQ=HOURLY;COUNT=3;BYMINUTE=0')).toBe('')
  })
})
