import { dayMs } from '../../src/time/units.ts'

/** The values of the last weeks, by local time. */
export interface SameTime {
  /** The median of the same time of the days before; NaN before there are two values. */
  ofDays(): number
  /** The same of the weeks before. */
  ofWeeks(): number
  /** The newest window is that one, counted in local time; those between it and the one before have no value. */
  turnTo(window: number): void
  keep(value: number): void
}

const days = 7
const weeks = 3
/** Windows on either side that count as the same time. */
const beside = 1
const leastValues = 2

export function createSameTime(windowMs: number): SameTime {
  const day = Math.max(1, Math.round(dayMs / windowMs))
  const capacity = 7 * weeks * day + beside + 1
  const values = new Float64Array(capacity).fill(Number.NaN)
  const near = new Float64Array(Math.max(days, weeks) * (2 * beside + 1))
  let newest = Number.NaN
  const slot = (window: number) => ((window % capacity) + capacity) % capacity

  function medianOf(periods: number, windows: number): number {
    let found = 0
    for (let period = 1; period <= periods; period += 1) {
      for (let shift = -beside; shift <= beside; shift += 1) {
        const ago = period * windows - shift
        if (ago < 1) continue
        const value = values[slot(newest - ago)] as number
        if (!Number.isNaN(value)) near[found++] = value
      }
    }
    if (found < leastValues) return Number.NaN
    const sorted = near.subarray(0, found).sort()
    const upper = sorted[found >> 1] as number
    return found % 2 === 1 ? upper : ((sorted[found / 2 - 1] as number) + upper) / 2
  }

  return {
    ofDays: () => medianOf(days, day),
    ofWeeks: () => medianOf(weeks, 7 * day),
    turnTo(window) {
      // Where summer time ends, an hour comes twice: the second one is kept.
      const from = Number.isNaN(newest) ? window : Math.max(newest + 1, window - capacity + 1)
      for (let one = from; one <= window; one += 1) values[slot(one)] = Number.NaN
      newest = window
    },
    keep(value) {
      values[slot(newest)] = value
    }
  }
}
