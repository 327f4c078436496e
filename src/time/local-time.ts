import { dayMs } from './units.ts'

const quarterMs = 900_000

/**
 * Milliseconds to add to an instant to get the wall clock of an IANA timezone. Offsets only change at quarters of an
 * hour, so one look-up serves a quarter.
 */
export function localOffset(timezone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric'
  })
  let knownQuarter = Number.NaN
  let knownOffset = 0
  return function offsetAt(timeMs) {
    const quarter = Math.floor(timeMs / quarterMs)
    if (quarter === knownQuarter) return knownOffset
    const part = new Map(
      format.formatToParts(quarter * quarterMs).map(({ type, value }) => [type, Number(value)])
    )
    const wall = Date.UTC(
      part.get('year') ?? 0,
      (part.get('month') ?? 1) - 1,
      part.get('day') ?? 1,
      part.get('hour') ?? 0,
      part.get('minute') ?? 0
    )
    knownQuarter = quarter
    knownOffset = wall - quarter * quarterMs
    return knownOffset
  }
}

/** Counts the halves of the weeks since the epoch: one from Monday on, the next from Saturday on. Times are local. */
export function halfWeekOf(localMs: number): number {
  const days = Math.floor(localMs / dayMs) + 3
  return 2 * Math.floor(days / 7) + (days % 7 > 4 ? 1 : 0)
}
