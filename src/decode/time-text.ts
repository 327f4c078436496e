import { zoneClock } from '../time/zone-clock.ts'
import { maxTimeMs, midnightOf } from './calendar-day.ts'

/** How a shop writes times that say too little by themselves. */
export interface TimeRules {
  /** The IANA zone of a time without one. */
  readonly timezone: string
  /** Of `11/20/2026`; without it such a date is not read. */
  readonly dateOrder?: 'day_first' | 'month_first' | undefined
}

/**
 * Reads the texts of dates and times that mean one thing only: ISO 8601 in its looser forms, RFC 2822, JavaScript's and
 * Java's `Date`, logs. A date whose order is open is read by the rules. Undefined for anything else.
 */
export function readTimeText(text: string, rules: TimeRules): number | undefined {
  if (text.length > maxLength) return undefined
  const trimmed = text.trim()
  for (const { pattern, dateOf } of forms) {
    const match = pattern.exec(trimmed)
    if (match === null) continue
    const date = dateOf(match.groups as Parts, rules)
    return date === undefined
      ? undefined
      : momentOf(date, match.groups as Parts, trimmed.slice(match[0].length), rules)
  }
  return undefined
}

/** Milliseconds since the epoch of a wall clock in the zone; undefined where there is no such day or time. */
export function localMoment(
  { year, month, day }: CalendarDate,
  { hour, minute, second, millisecond }: ClockTime,
  { timezone }: TimeRules
): number | undefined {
  const localMs = wallMs({ year, month, day }, { hour, minute, second, millisecond })
  return localMs === undefined ? undefined : inRange(zoneClock(timezone)?.(localMs))
}

interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}
interface ClockTime {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}
type Parts = Readonly<Record<string, string | undefined>>
interface Form {
  /** Matches the date and the clock, from the beginning; what follows is the zone. */
  readonly pattern: RegExp
  readonly dateOf: (parts: Parts, rules: TimeRules) => CalendarDate | undefined
}

const maxLength = 100
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?:\s?(?<half>[ap])\.?m\b\.?)?`
const weekday = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?\s+)?`
const monthName = String.raw`(?<name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?`
const toClock = String.raw`(?:t|,?\s+(?:at\s+)?)`

const numbers = ({ year, month, day }: Parts): CalendarDate => ({
  year: Number(year),
  month: Number(month),
  day: Number(day)
})
const named = ({ year, name = '', day }: Parts): CalendarDate => ({
  year: Number(year),
  month: months.indexOf(name.slice(0, 3).toLowerCase()) + 1,
  day: Number(day)
})

function inOrder({ first, other, year }: Parts, { dateOrder }: TimeRules): CalendarDate | undefined {
  switch (dateOrder) {
    case 'day_first':
      return numbers({ year, month: other, day: first })
    case 'month_first':
      return numbers({ year, month: first, day: other })
    case undefined:
      return undefined
    default:
      return dateOrder satisfies never
  }
}

const formOf = (source: string, dateOf: Form['dateOf']): Form => ({
  pattern: new RegExp(`^${source}`, 'i'),
  dateOf
})

const forms: readonly Form[] = [
  // 2026-11-20T08:00Z, 2026/11/20 08:00:00
  formOf(
    String.raw`(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})${toClock}${clock}`,
    numbers
  ),
  // 20261120T080000Z, 20261120080000152
  formOf(
    String.raw`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)[t ]?(?<hour>\d\d):?(?<minute>\d\d):?(?:(?<second>\d\d)(?:[.,]?(?<fraction>\d+))?)?`,
    numbers
  ),
  // Fri, 20 Nov 2026 08:00:00 +0000, 20/Nov/2026:08:00:00 +0000
  formOf(
    String.raw`${weekday}(?<day>\d{1,2})(?<mark>[-/\s])${monthName}\k<mark>(?<year>\d{4})(?::|${toClock})${clock}`,
    named
  ),
  // Fri Nov 20 2026 08:00:00 GMT+0000, November 20, 2026 at 8:00 AM
  formOf(String.raw`${weekday}${monthName}\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})${toClock}${clock}`, named),
  // Fri Nov 20 08:00:00 UTC 2026
  formOf(
    String.raw`${weekday}${monthName}\s+(?<day>\d{1,2})\s+${clock}(?<zone>\s+(?:UTC|GMT|[+-]\d{4}))?\s+(?<year>\d{4})$`,
    named
  ),
  // 20.11.2026 08:00: no country writes the month first with dots.
  formOf(String.raw`(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})${toClock}${clock}`, numbers),
  // 11/20/2026 08:00, 20-11-2026 08:00
  formOf(
    String.raw`(?<first>\d{1,2})(?<mark>[-/])(?<other>\d{1,2})\k<mark>(?<year>\d{4})${toClock}${clock}`,
    inOrder
  )
]

function momentOf(
  date: CalendarDate,
  { hour = '', minute, second = '0', fraction = '', half, zone }: Parts,
  rest: string,
  rules: TimeRules
): number | undefined {
  const time = {
    hour: half === undefined ? Number(hour) : hourOfHalf(Number(hour), half),
    minute: Number(minute),
    second: Number(second),
    // What is finer than a millisecond is cut.
    millisecond: Number(fraction.slice(0, 3).padEnd(3, '0'))
  }
  const offset = offsetOf(zone ?? rest)
  if (offset === undefined) return undefined
  if (offset.kind === 'zone') return localMoment(date, time, { ...rules, timezone: offset.name })
  if (offset.kind === 'none') return localMoment(date, time, rules)
  const localMs = wallMs(date, time)
  return localMs === undefined ? undefined : inRange(localMs - offset.ms)
}

function hourOfHalf(hour: number, half: string): number {
  if (!(hour >= 1 && hour <= 12)) return Number.NaN
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}

function wallMs(
  { year, month, day }: CalendarDate,
  { hour, minute, second, millisecond }: ClockTime
): number | undefined {
  const midnight = midnightOf(year, month, day)
  if (midnight === undefined || !(hour < 24 && minute < 60 && second < 60)) return undefined
  return midnight + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond
}

const inRange = (ms: number | undefined): number | undefined =>
  ms !== undefined && ms >= 0 && ms <= maxTimeMs ? ms : undefined

type Offset =
  | { readonly kind: 'none' }
  | { readonly kind: 'offset'; readonly ms: number }
  | { readonly kind: 'zone'; readonly name: string }

// Behind a numeric offset may stand what repeats it: a name, [Europe/Berlin], (Central European Time), Go's m=+0.1.
const zoneText =
  /^\s*(?:(?:utc|gmt)?(?<sign>[+-])(?<hours>\d\d)(?::?(?<minutes>\d\d)(?::?(?<seconds>\d\d))?)?(?:\s[A-Z]{1,5})?|(?<utc>z|utc?|gmt))?(?<names>(?:\s?\[[^\]]{1,60}\])*)(?:\s\([^()]{1,60}\))?(?:\sm=[+-][\d.]+)?$/i
/** Abbreviations such as CST have several meanings, and are not read. */
const placeText = /^\s*([a-z_]+\/[a-z_/+-]+)$/i
function offsetOf(text: string): Offset | undefined {
  const place = placeText.exec(text)?.[1]
  if (place !== undefined) return { kind: 'zone', name: place }
  const groups = zoneText.exec(text)?.groups
  if (groups === undefined) return undefined
  const { sign, hours, minutes = '0', seconds = '0', utc, names = '' } = groups
  if (utc !== undefined) return { kind: 'offset', ms: 0 }
  if (sign === undefined) {
    const name = /\[([a-z][^\]=]*)\]/i.exec(names)?.[1]
    return name === undefined ? { kind: 'none' } : { kind: 'zone', name }
  }
  if (!(Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60)) return undefined
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  return { kind: 'offset', ms: sign === '+' ? ms : -ms }
}
