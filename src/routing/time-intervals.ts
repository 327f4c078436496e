import { localOffset } from '../time/local-time.ts'
import { dayMs, minuteMs } from '../time/units.ts'
import { matchesAny } from './matchers.ts'

/** Times of the week in a time zone: one of `times` is enough. */
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
  /** Minutes of the day, [fromMinute, toMinute). If it ends before it begins, it continues into the next day. */
  readonly fromMinute: number
  readonly toMinute: number
}

export const weekdays: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Days and times are local, so an interval moves with daylight saving time. */
export function createIntervalCheck({ timezone, times }: TimeInterval) {
  const offsetAt = localOffset(timezone)
  return {
    contains(timeMs: number): boolean {
      const localMs = timeMs + offsetAt(timeMs)
      const day = Math.floor(localMs / dayMs)
      const minute = Math.floor((localMs - day * dayMs) / minuteMs)
      return times.some(one => containsAt(one, day, minute))
    },
    /** Such as `wed 2026-11-25 09:05 Europe/Berlin`. */
    localTime(timeMs: number): string {
      const local = new Date(timeMs + offsetAt(timeMs))
      const weekday = weekdays[weekdayOf(Math.floor(local.getTime() / dayMs))]
      return `${weekday} ${local.toISOString().slice(0, 16).replace('T', ' ')} ${timezone}`
    }
  }
}

/** Which of the named intervals are active at a time. */
export function createActivityCheck(named: ReadonlyMap<string, TimeInterval>) {
  const intervals = new Map([...named].map(([name, interval]) => [name, createIntervalCheck(interval)]))
  let last: { readonly nowMs: number; readonly active: readonly string[] } | undefined

  function activeNames(nowMs: number): readonly string[] {
    if (last?.nowMs !== nowMs) {
      const active = [...intervals].filter(([, interval]) => interval.contains(nowMs)).map(([name]) => name)
      last = { nowMs, active }
    }
    return last.active
  }

  return {
    /** Changes only where an interval begins or ends. */
    activeAt: (nowMs: number): string => activeNames(nowMs).join('\n'),
    /** Says for a person why none of the intervals that `when` names is active, such as the local time; null if one is. */
    whyInactive(when: readonly string[], nowMs: number): string | null {
      if (when.length === 0) return null
      if (matchesAny(when, activeNames(nowMs))) return null
      const first = intervals.get((when[0] as string).replace(/^!/, ''))
      return `it is ${first?.localTime(nowMs) ?? new Date(nowMs).toISOString()}`
    }
  }
}

/** Monday is 0. The first of January 1970 was a Thursday. */
const weekdayOf = (day: number): number => (day + 3) % 7

function containsAt({ days, dates, fromMinute, toMinute }: Times, day: number, minute: number): boolean {
  const isOn = (one: number) =>
    (days === null || days.includes(weekdayOf(one))) &&
    (dates === null || dates.some(({ first, last }) => first <= one && one <= last))
  if (fromMinute < toMinute) return fromMinute <= minute && minute < toMinute && isOn(day)
  return (minute >= fromMinute && isOn(day)) || (minute < toMinute && isOn(day - 1))
}
