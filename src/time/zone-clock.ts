import { localOffset } from './local-time.ts'
import { dayMs } from './units.ts'

/** Milliseconds since the epoch of a wall clock, given as those that it would be in UTC. */
export type ZoneClock = (localMs: number) => number

const quarterMs = 900_000
/** Names come from records too: more zones than a shop has places are forgotten again. */
const maxZones = 64
const known = new Map<string, ZoneClock | undefined>()

/** The clock of an IANA zone; undefined where there is no such zone. */
export function zoneClock(timezone: string): ZoneClock | undefined {
  if (timezone === 'UTC') return localMs => localMs
  if (known.has(timezone)) return known.get(timezone)
  if (known.size >= maxZones) known.clear()
  const clock = createZoneClock(timezone)
  known.set(timezone, clock)
  return clock
}

function createZoneClock(timezone: string): ZoneClock | undefined {
  let offsetAt: (timeMs: number) => number
  try {
    offsetAt = localOffset(timezone)
  } catch {
    // Intl has no other way to ask whether a zone exists.
    return undefined
  }
  let lastQuarter = Number.NaN
  let lastOffset = 0

  /** Of an hour that comes twice the first; one that is left out goes on by the clock before it. */
  function offsetOf(localMs: number): number {
    const before = offsetAt(localMs - dayMs)
    if (offsetAt(localMs - before) === before) return before
    const after = offsetAt(localMs + dayMs)
    return offsetAt(localMs - after) === after ? after : before
  }

  return function instantOf(localMs) {
    const quarter = Math.floor(localMs / quarterMs)
    if (quarter !== lastQuarter) {
      lastOffset = offsetOf(quarter * quarterMs)
      lastQuarter = quarter
    }
    return localMs - lastOffset
  }
}
