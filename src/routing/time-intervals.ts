import { localOffset } from '../time/local-time.ts'

/** Parts of the week by the clocks of a place; any of `times` will do. */
export interface TimeInterval {
  /** IANA name. */
  readonly timezone: string
  readonly times: readonly Times[]
}

export interface Times {
  /** Monday is 0; null for every day. */
  readonly days: readonly number[] | null
  /** Counted since 1970-01-01, both ends included; null for every date. */
  readonly dates: readonly { readonly first: number; readonly last: number }[] | null
  /** Minutes of the day, [fromMinute, toMinute); where it ends before it begins it goes on into the next day. */
  readonly fromMinute: number
  readonly toMinute: number
}

export interface Within {
  holds(timeMs: number): boolean
  /** What the clocks there show, such as `Wed 2026-11-25 09:05 Europe/Berlin`. */
  clock(timeMs: number): string
}

const dayMs = 86_400_000
const minuteMs = 60_000
export const weekdays: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Days and times are those that clocks show, so an interval shifts with summer time as people do. */
export function createWithin({ timezone, times }: TimeInterval): Within {
  const offsetAt = localOffset(timezone)
  return {
    holds(timeMs) {
      const localMs = timeMs + offsetAt(timeMs)
      const day = Math.floor(localMs / dayMs)
      const minute = Math.floor((localMs - day * dayMs) / minuteMs)
      return times.some(one => holdsAt(one, day, minute))
    },
    clock(timeMs) {
      const local = new Date(timeMs + offsetAt(timeMs))
      const weekday = weekdays[weekdayOf(Math.floor(local.getTime() / dayMs))]
      return `${weekday} ${local.toISOString().slice(0, 16).replace('T', ' ')} ${timezone}`
    }
  }
}

/** Monday is 0. The first of January 1970 was a Thursday. */
const weekdayOf = (day: number): number => (day + 3) % 7

function holdsAt({ days, dates, fromMinute, toMinute }: Times, day: number, minute: number): boolean {
  const isOn = (one: number) =>
    (days === null || days.includes(weekdayOf(one))) &&
    (dates === null || dates.some(({ first, last }) => first <= one && one <= last))
  if (fromMinute < toMinute) return fromMinute <= minute && minute < toMinute && isOn(day)
  return (minute >= fromMinute && isOn(day)) || (minute < toMinute && isOn(day - 1))
}
