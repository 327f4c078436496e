import type { CalendarEntry, EntriesOfYear } from '../../detectors/baseline/calendar.ts'
import { localOffset } from '../time/local-time.ts'
import type { CalendarDate, CalendarFile } from './calendar.ts'
import { type Occurrence, occurrencesOf } from './calendar-file.ts'

export interface CalendarSections {
  readonly calendar: readonly CalendarDate[]
  readonly calendarFiles: readonly CalendarFile[]
  /** That of dates, and of times that name none. */
  readonly timezone: string
}

/** The entries of the configuration and its files in a year and those on either side of it. */
export function calendarEntries({ calendar, calendarFiles, timezone }: CalendarSections): EntriesOfYear {
  const instantOf = instantIn(timezone)

  function* datesAround(year: number, date: CalendarDate): Generator<CalendarEntry> {
    const first = new Date(date.fromWallMs).getUTCFullYear()
    const years = date.everyYear ? [year - 1, year, year + 1] : [first]
    for (const one of years) {
      const fromMs = instantOf(inYear(date.fromWallMs, one - first))
      const toMs = instantOf(inYear(date.toWallMs, one - first))
      const { name, effect, factor, kinds } = date
      yield { name, effect, factor, kinds, fromMs, toMs }
    }
  }

  function* occurrencesAround(year: number, file: CalendarFile): Generator<CalendarEntry> {
    const { effect, factor, kinds } = file
    for (const occurrence of occurrencesOf(file.text, year - 1, year + 1)) {
      const ms = instantsOf(occurrence, instantOf)
      const [fromMs, toMs] = [ms(occurrence.from), ms(occurrence.to)]
      yield { name: occurrence.name, effect, factor, kinds, fromMs, toMs }
    }
  }

  return year => [
    ...calendar.flatMap(date => [...datesAround(year, date)]),
    ...calendarFiles.flatMap(file => [...occurrencesAround(year, file)])
  ]
}

/** The instant at which the clocks of an IANA timezone show a time, given as if it were UTC. */
function instantIn(timezone: string): (wallMs: number) => number {
  const offsetAt = localOffset(timezone)
  return function instantOf(wallMs) {
    const near = wallMs - offsetAt(wallMs)
    return wallMs - offsetAt(near)
  }
}

function inYear(wallMs: number, years: number): number {
  const date = new Date(wallMs)
  return date.setUTCFullYear(date.getUTCFullYear() + years)
}

/** A time without a timezone, and a date, is one of the shop's clocks. */
function instantsOf({ timezone }: Occurrence, ofShop: (wallMs: number) => number) {
  return function instantOf(time: Occurrence['from']): number {
    const wallMs = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second)
    if (time.isDate) return ofShop(wallMs)
    if (timezone !== undefined && isKnown(timezone)) return instantIn(timezone)(wallMs)
    return time.zone.tzid === 'floating' ? ofShop(wallMs) : time.toUnixTime() * 1_000
  }
}

function isKnown(timezone: string): boolean {
  return Intl.supportedValuesOf('timeZone').includes(timezone) || timezone === 'UTC'
}
