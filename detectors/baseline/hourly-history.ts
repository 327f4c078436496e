import { median } from 'simple-statistics'
import { dayMs, hourMs } from '../../src/time/units.ts'
import type { Learner } from './series.ts'

export interface HourlyHistoryOptions {
  readonly windowMs: number
  /** Days that are remembered. */
  readonly days: number
}

/** The last hours against the same hours of the days before. */
export interface HourChange {
  /** Counts ÷ exposures over these hours. */
  readonly value: number
  readonly expected: number
  /** The logarithm of value ÷ expected less what that usually is, in what it usually strays by. */
  readonly zScore: number
  readonly days: number
}

/** Sums of the hours of the last weeks. Windows of findings are left out. */
export interface HourlyHistory extends Learner {
  trainedWindows(): number
  /** Hours since the epoch of the last one that is complete, local. */
  newestHour(): number
  /**
   * The usual rate of this time of the day, whatever it is now, and the count that it rests on; undefined before the second
   * day.
   */
  usual(): { readonly rate: number; readonly count: number } | undefined
  /** The usual rate of that hour, by the days before it; undefined where too few are known. */
  usualRateOf(hour: number): number | undefined
  /** The hours up to that one; undefined where too few days are known. Once for each of them. */
  change(hours: number): HourChange | undefined
}

const hoursOfDay = 24
/** A finding may still disown so many of the newest windows. */
const waitingWindows = 62
/** Days that a usual hour and a usual change rest on at least. */
const leastDays = 3
const leastChanges = 14
/** A logarithm is not believed to stray by less. */
const leastSpread = 0.03
/** The median absolute deviation of a normal distribution, as its standard deviation. */
const madScale = 1.4826
const knownShare = 2 / 3
/** Where less than this share of the mean is usual, as on days on which a shop is closed, there is nothing to compare. */
const leastOfMean = 0.05

interface Sums {
  count: number
  exposure: number
  windows: number
}

// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function createHourlyHistory({ windowMs, days }: HourlyHistoryOptions): HourlyHistory {
  const hours = new Map<number, Sums>()
  const changes = new Map<string, number>()
  const waiting: (Omit<Sums, 'windows'> & { readonly hour: number; trains: boolean })[] = []
  const windowsOfHour = Math.max(1, Math.round(hourMs / windowMs))
  let trained = 0
  let newestHour = Number.NEGATIVE_INFINITY
  let newestMs = Number.NaN

  function settle({ hour, count, exposure, trains }: (typeof waiting)[number]): void {
    if (hour - 1 > newestHour) {
      newestHour = hour - 1
      hours.delete(hour - (days + 2) * hoursOfDay)
    }
    if (!trains || !(exposure > 0)) return
    const sums = hours.get(hour) ?? { count: 0, exposure: 0, windows: 0 }
    hours.set(hour, {
      count: sums.count + count,
      exposure: sums.exposure + exposure,
      windows: sums.windows + 1
    })
  }

  function seen(hour: number): Sums | undefined {
    const sums = hours.get(hour)
    return sums && sums.windows >= windowsOfHour / 2 ? sums : undefined
  }

  /** Of an hour and the one nearest to the time, each by how near its middle is. */
  function rateAt(localMs: number): { readonly rate: number; readonly count: number } | undefined {
    const place = localMs / hourMs - 0.5
    const first = Math.floor(place)
    const near = [first, first + 1].flatMap(hour => {
      const sums = seen(hour)
      return sums ? [{ ...sums, weight: 1 - Math.abs(place - hour) }] : []
    })
    const exposure = near.reduce((sum, one) => sum + one.weight * one.exposure, 0)
    const count = near.reduce((sum, one) => sum + one.weight * one.count, 0)
    return exposure > 0 ? { rate: count / exposure, count } : undefined
  }

  /** The median of the same weekday's, once there are enough of them, else of all days. */
  function usualRateOf(hour: number): number | undefined {
    const weekday: number[] = []
    const all: number[] = []
    for (let day = 1; day <= days; day += 1) {
      const sums = seen(hour - day * hoursOfDay)
      if (!sums) continue
      all.push(sums.count / sums.exposure)
      if (day % 7 === 0) weekday.push(sums.count / sums.exposure)
    }
    if (all.length < leastDays) return undefined
    return median(weekday.length >= leastDays ? weekday : all)
  }

  function meanRate(): number {
    let [count, exposure] = [0, 0]
    for (const sums of hours.values()) {
      count += sums.count
      exposure += sums.exposure
    }
    return exposure > 0 ? count / exposure : 0
  }

  function compared(length: number): { value: number; expected: number } | undefined {
    let [count, expected, exposure, known] = [0, 0, 0, 0]
    for (let hour = newestHour - length + 1; hour <= newestHour; hour += 1) {
      const sums = seen(hour)
      const usual = sums && usualRateOf(hour)
      if (usual === undefined) continue
      count += sums?.count ?? 0
      exposure += sums?.exposure ?? 0
      expected += usual * (sums?.exposure ?? 0)
      known += 1
    }
    if (known < knownShare * length || !(count > 0 && expected > 0)) return undefined
    if (expected / exposure < leastOfMean * meanRate()) return undefined
    return { value: count / exposure, expected: expected / exposure }
  }

  function train(): void {
    const entry = waiting.at(-1)
    if (!entry || !(entry.exposure > 0)) return
    entry.trains = true
    trained += 1
  }

  return {
    enter({ localMs }, reading) {
      newestMs = localMs
      waiting.push({
        hour: Math.floor(localMs / hourMs),
        count: reading?.count ?? 0,
        exposure: reading?.exposure ?? 0,
        trains: false
      })
      for (const entry of waiting.splice(0, waiting.length - waitingWindows)) settle(entry)
    },
    train,
    settle: train,
    remember: () => {},
    forget(windows) {
      for (const entry of waiting.slice(-windows)) entry.trains = false
    },
    trainedWindows: () => trained,
    newestHour: () => newestHour,
    usualRateOf,
    usual() {
      const ofDays = Array.from({ length: days }, (_, day) => rateAt(newestMs - (day + 1) * dayMs))
      const seenDays = ofDays.filter(one => one !== undefined)
      if (seenDays.length === 0) return undefined
      return {
        rate: median(seenDays.map(({ rate }) => rate)),
        count: seenDays.reduce((sum, { count }) => sum + count, 0)
      }
    },
    change(length) {
      const keyOf = (hour: number) => `${length} to ${hour}`
      const now = compared(length)
      changes.delete(keyOf(newestHour - (days + 1) * hoursOfDay))
      if (!now) return undefined
      const log = Math.log(now.value / now.expected)
      const before = Array.from({ length: days }, (_, day) =>
        changes.get(keyOf(newestHour - (day + 1) * hoursOfDay))
      ).filter(change => change !== undefined)
      changes.set(keyOf(newestHour), log)
      if (before.length < leastChanges) return undefined
      const usual = median(before)
      const spread = madScale * median(before.map(change => Math.abs(change - usual)))
      const zScore = (log - usual) / Math.max(leastSpread, spread)
      return { ...now, zScore, days: before.length }
    }
  }
}
