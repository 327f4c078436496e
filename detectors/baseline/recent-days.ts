import { median } from 'simple-statistics'
import { hourMs } from '../../src/time/units.ts'
import type { Learner } from './series.ts'

/** What the greatest day of late was, of a usual one. */
export interface RecentDays extends Learner {
  /** At least 1; 1 as well where no day is known. */
  lift(): number
}

const hoursOfDay = 24
/** Days that are remembered, and those of late. */
const days = 28
const lateDays = 14
/** With fewer days, the least of them is the usual one. */
const fewDays = 7
/** A day with so many of its windows is known. */
const knownShare = 0.6

interface Sums {
  readonly count: number
  readonly windows: number
}

/** Follows what each day came to, also of windows that nothing else is learned from, such as those of a sale. */
export function createRecentDays(windowMs: number): RecentDays {
  const hours = new Map<number, Sums>()
  const windowsOfDay = (hoursOfDay * hourMs) / windowMs
  let newestHour = Number.NaN
  let known = 1

  /** The mean of the windows of the day that ends with an hour. */
  function dayMean(lastHour: number): number | undefined {
    let [count, windows] = [0, 0]
    for (let hour = lastHour - hoursOfDay + 1; hour <= lastHour; hour += 1) {
      const sums = hours.get(hour)
      count += sums?.count ?? 0
      windows += sums?.windows ?? 0
    }
    return windows >= knownShare * windowsOfDay && count > 0 ? count / windows : undefined
  }

  function liftUpTo(lastHour: number): number {
    const each = Array.from({ length: days }, (_, ago) => dayMean(lastHour - ago * hoursOfDay))
    const means = each.filter(mean => mean !== undefined)
    if (means.length === 0) return 1
    const usual = means.length < fewDays ? Math.min(...means) : median(means)
    const late = Array.from({ length: (lateDays - 1) * hoursOfDay + 1 }, (_, ago) => dayMean(lastHour - ago))
    return Math.max(1, ...late.map(mean => (mean ?? 0) / usual))
  }

  return {
    enter({ localMs }, reading) {
      const hour = Math.floor(localMs / hourMs)
      if (hour !== newestHour) {
        if (!Number.isNaN(newestHour)) known = liftUpTo(hour - 1)
        newestHour = hour
        for (const old of hours.keys()) if (old <= hour - (days + 1) * hoursOfDay) hours.delete(old)
      }
      if (reading === undefined) return
      const { count, windows } = hours.get(hour) ?? { count: 0, windows: 0 }
      hours.set(hour, { count: count + reading.count, windows: windows + 1 })
    },
    train: () => {},
    forget: () => {},
    settle: () => {},
    remember: () => {},
    lift: () => known
  }
}
