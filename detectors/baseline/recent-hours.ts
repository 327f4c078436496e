import { median } from 'simple-statistics'
import { dayMs, hourMs } from '../../src/time/units.ts'
import type { HourlyHistory } from './hourly-history.ts'
import type { Learner } from './series.ts'

/** The last whole hours of the clock, beside what is usual at these hours. */
export interface HoursSeen {
  readonly count: number
  readonly exposure: number
  /** The count that would be as usual for these hours and this exposure. */
  readonly expected: number
  /** How far its logarithm strays from day to day. */
  readonly spread: number
  /** Days that the spread rests on. */
  readonly days: number
}

/** Sums of the hours up to the newest window, whatever is found in them. */
export interface RecentHours extends Learner {
  /** Local hours since the epoch of the newest one that has ended. */
  endedHour(): number
  /** The last so many hours up to that one; undefined where one of them was not seen, or is not known of other days. */
  last(hours: number): HoursSeen | undefined
}

/** Days whose ratios are compared. */
const days = 21
/** The median absolute deviation of a normal distribution, as its standard deviation. */
const madScale = 1.4826

interface Sums {
  count: number
  exposure: number
}

/** `usual` says what is usual of an hour. */
export function createRecentHours(usual: Pick<HourlyHistory, 'usualRateOf'>, longest: number): RecentHours {
  const hours = new Map<number, Sums>()
  /** Logarithms of count ÷ expected, by length and last hour. */
  const ratios = new Map<string, number>()
  let endedHour = Number.NEGATIVE_INFINITY
  let newestHour = Number.NEGATIVE_INFINITY
  const keyOf = (length: number, hour: number) => `${length} to ${hour}`

  function sumOf(length: number): (Sums & { readonly expected: number }) | undefined {
    const sum = { count: 0, exposure: 0, expected: 0 }
    for (let hour = endedHour - length + 1; hour <= endedHour; hour += 1) {
      const seen = hours.get(hour)
      const rate = seen && usual.usualRateOf(hour)
      if (seen === undefined || rate === undefined) return undefined
      sum.count += seen.count
      sum.exposure += seen.exposure
      sum.expected += rate * seen.exposure
    }
    return sum
  }

  return {
    enter({ localMs }, reading) {
      const hour = Math.floor(localMs / hourMs)
      if (hour > newestHour) {
        endedHour = hour - 1
        newestHour = hour
        hours.delete(hour - longest - 2)
      }
      if (!reading) return
      const sums = hours.get(hour) ?? { count: 0, exposure: 0 }
      hours.set(hour, { count: sums.count + reading.count, exposure: sums.exposure + reading.exposure })
    },
    train() {},
    forget() {},
    settle() {},
    remember() {},
    endedHour: () => endedHour,
    last(length) {
      const sum = sumOf(length)
      const perDay = dayMs / hourMs
      ratios.delete(keyOf(length, endedHour - (days + 1) * perDay))
      if (!sum || !(sum.expected > 0)) return undefined
      const before = Array.from({ length: days }, (_, day) =>
        ratios.get(keyOf(length, endedHour - (day + 1) * perDay))
      ).filter(ratio => ratio !== undefined)
      ratios.set(keyOf(length, endedHour), Math.log(Math.max(sum.count, 0.5) / sum.expected))
      if (before.length === 0) return undefined
      const middle = median(before)
      return {
        ...sum,
        expected: sum.expected * Math.exp(Math.min(0, middle)),
        spread: madScale * median(before.map(ratio => Math.abs(ratio - middle))),
        days: before.length
      }
    }
  }
}
