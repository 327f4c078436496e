import { dayMs } from '../../src/time/units.ts'
import { type Bins, createBins } from '../stats/bins.ts'
import type { DayRate } from '../stats/shrinkage.ts'

export interface PastDaysOptions {
  /** Days that are remembered. */
  readonly days: number
  /** Width of a bin of the day; a divisor of it. */
  readonly binMs: number
  /** Bins on either side that are pooled with one, with falling weight. */
  readonly neighbours: number
  /** How many counts come together. */
  readonly bunch: number
}

/** Whether the day so many days ago is one to compare with. */
export type IsLike = (ago: number) => boolean

/** A time of day without any count still has a rate above 0. */
const leastCount = 0.25
/** A sampling error of some 5 %. */
const enoughCounts = 400
/** A day of which this share was found may have been one on which the shop is closed. */
const offShare = 1 / 6
/** In standard deviations. */
const beyondLuck = 3

/** The counts of past days in bins of the day. Bins are counted from the epoch, in local time. */
export function createPastDays({ days, binMs, neighbours, bunch }: PastDaysOptions) {
  const binsPerDay = Math.round(dayMs / binMs)
  const slots = binsPerDay * (days + 1)
  const usual = createBins(slots)
  const all = createBins(slots)
  const foundOfDays = createBins(days + 1)
  let isEmpty = true
  let hasFound = false

  function isFound(bin: number): boolean {
    if (!hasFound) return false
    return 2 * (usual.has(bin) ? usual.windows(bin) : 0) < all.windows(bin)
  }

  /** Whether this time of day was mostly part of findings, on more than one day: then they are what is usual. */
  function isMostlyFound(bin: number, isLike: IsLike): boolean {
    if (!hasFound) return false
    let seenDays = 0
    let foundDays = 0
    for (let ago = 1; ago <= days; ago += 1) {
      const before = bin - ago * binsPerDay
      if (!isLike(ago) || !all.has(before)) continue
      seenDays += 1
      if (isFound(before)) foundDays += 1
    }
    return foundDays > 1 && 2 * foundDays > seenDays
  }

  function pooled(sources: readonly Bins[], bin: number, reach: number): DayRate | undefined {
    let count = 0
    let windows = 0
    let present = 0
    for (let near = -reach; near <= reach; near += 1) {
      const bins = sources[neighbours + near] as Bins
      if (!bins.has(bin + near) || (bins === usual && isFound(bin + near))) continue
      const weight = 1 - Math.abs(near) / (reach + 1)
      count += weight * bins.count(bin + near)
      windows += weight * bins.windows(bin + near)
      present += weight
    }
    return present >= (reach + 1) / 2 ? { rate: rateOf(count, windows), count, windows } : undefined
  }

  return {
    /** `found`: the window was part of a finding. */
    add(bin: number, count: number, found: boolean): void {
      if (found) hasFound = true
      else usual.add(bin, count)
      all.add(bin, count)
      foundOfDays.add(Math.floor(bin / binsPerDay), found ? 1 : 0)
      isEmpty = false
    },
    isEmpty: () => isEmpty,
    /**
     * The rates of the days before at this time of day, without those of which less than half was seen. Windows of
     * findings count only at a time of day that has hardly any others. Neighbours are pooled only as far as it takes to
     * count enough, and not where they are other: a step stays one.
     */
    ratesOf(bin: number, isLike: IsLike): readonly DayRate[] {
      const sources: Bins[] = []
      for (let near = -neighbours; near <= neighbours; near += 1) {
        sources.push(isMostlyFound(bin + near, isLike) ? all : usual)
      }
      const ratesWithin = (reach: number) => {
        const rates: DayRate[] = []
        for (let ago = 1; ago <= days; ago += 1) {
          const day = isLike(ago) ? pooled(sources, bin - ago * binsPerDay, reach) : undefined
          if (day) rates.push(day)
        }
        return rates
      }
      let rates = ratesWithin(0)
      for (let reach = 1; reach <= neighbours && sumOf(rates).count < enoughCounts; reach += 1) {
        const wider = ratesWithin(reach)
        if (isOther(rates, wider, bunch)) break
        rates = wider
      }
      return rates
    },
    /** The rate of the newest such day of which hours were found, these included: the shop may have been closed. */
    dayOff(bin: number, isLike: IsLike): number | undefined {
      for (let ago = 1; ago <= days; ago += 1) {
        const before = bin - ago * binsPerDay
        const day = Math.floor(before / binsPerDay)
        if (!isLike(ago) || !all.has(before)) continue
        if (foundOfDays.count(day) < offShare * foundOfDays.windows(day)) continue
        return rateOf(all.count(before), all.windows(before))
      }
      return undefined
    }
  }
}

function rateOf(count: number, windows: number): number {
  return Math.max(count, leastCount) / windows
}

function sumOf(days: readonly DayRate[]) {
  let count = 0
  let windows = 0
  for (const day of days) {
    count += day.count
    windows += day.windows
  }
  return { count, windows }
}

/** Whether the counts of a time of day are beyond what luck would make them at the rate of its neighbourhood. */
function isOther(rates: readonly DayRate[], wider: readonly DayRate[], bunch: number): boolean {
  const own = sumOf(rates)
  const around = sumOf(wider)
  if (own.windows === 0 || around.windows === 0) return false
  const expected = (own.windows * around.count) / around.windows
  return Math.abs(own.count - expected) > beyondLuck * Math.sqrt(bunch * expected)
}
