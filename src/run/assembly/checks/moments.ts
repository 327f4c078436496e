import type { TimeInterval } from '../../../routing/time-intervals.ts'
import { localOffset } from '../../../time/local-time.ts'
import { dayMs, minuteMs } from '../../../time/units.ts'

const weekDays = 8

/** Times from now on, one at least for each set of intervals that can be active: where any of them begins or ends. */
export function decisiveMoments(
  intervals: ReadonlyMap<string, TimeInterval>,
  nowMs: number
): readonly number[] {
  const moments = new Set([nowMs])
  for (const { timezone, times } of intervals.values()) {
    const offsetAt = localOffset(timezone)
    const today = Math.floor((nowMs + offsetAt(nowMs)) / dayMs)
    const minutes = new Set(times.flatMap(({ fromMinute, toMinute }) => [0, fromMinute, toMinute]))
    for (const day of daysOf(times, today)) {
      for (const minute of minutes) {
        const localMs = day * dayMs + minute * minuteMs
        const momentMs = localMs - offsetAt(localMs)
        if (momentMs >= nowMs) moments.add(momentMs)
      }
    }
  }
  return [...moments].sort((one, other) => one - other)
}

/** The coming week, and each range of dates with the day after it, of a long one its first week. */
function daysOf(times: TimeInterval['times'], today: number): ReadonlySet<number> {
  const days = new Set(Array.from({ length: weekDays }, (_, step) => today + step))
  for (const { first, last } of times.flatMap(({ dates }) => dates ?? [])) {
    for (let day = first; day <= Math.min(last, first + weekDays); day += 1) days.add(day)
    days.add(last + 1)
  }
  return days
}
