import { mean, median } from 'simple-statistics'

export interface ProfileOptions {
  /** Days that are remembered. */
  readonly days: number
  /** Width of a bin of the day; a divisor of it. */
  readonly binMs: number
  /** Bins on either side that are pooled with one, with falling weight. */
  readonly neighbours: number
}

/** The usual rate at each time of the day. Times are local: instant plus offset. */
export interface Profile {
  /** Adds one window's count to the day it belongs to; `usual` is false for one that was part of a finding. */
  add(localMs: number, count: number, usual: boolean): void
  /** The usual count of one window at this time of day, from the days before; undefined where there are none. */
  rateAt(localMs: number): number | undefined
  /** How much the logarithm of the rate changes at most from bin to bin around this time of day. */
  steepnessAt(localMs: number): number
}

const dayMs = 86_400_000

/** A time of day without any count still has a rate above 0. */
const leastCount = 0.25
/** A sampling error of some 5 %. */
const enoughCounts = 400

interface Pooled {
  readonly rate: number
  readonly count: number
}

interface Bin {
  rate: number
}

/**
 * The median over past days of the pooled rate at the same time of day; under three days, their mean. Between the
 * middles of bins the rate runs straight. Windows of findings count only where a time of day has no others and they came
 * back on another day: then they are what is usual.
 */
export function createProfile({ days, binMs, neighbours }: ProfileOptions): Profile {
  const binsPerDay = Math.round(dayMs / binMs)
  const slots = binsPerDay * (days + 1)
  const usualDays = createBins(slots)
  const allDays = createBins(slots)
  const cache = new Map<number, Bin>()
  let seen = 0

  /** The day's rate around a bin; undefined where less than half of the neighbourhood was seen. */
  function pooled(bins: Bins, bin: number, reach: number): Pooled | undefined {
    let count = 0
    let exposure = 0
    let present = 0
    for (let i = -reach; i <= reach; i += 1) {
      const seen = bins.at(bin + i)
      if (!seen) continue
      const weight = 1 - Math.abs(i) / (reach + 1)
      count += weight * seen.count
      exposure += weight * seen.windows
      present += weight
    }
    return present >= (reach + 1) / 2 ? { rate: Math.max(count, leastCount) / exposure, count } : undefined
  }

  /** Neighbours are pooled only as far as it takes to count enough: a steep curve stays steep. */
  function ratesOf(bins: Bins, bin: number): number[] {
    for (let reach = 0; ; reach += 1) {
      const found: Pooled[] = []
      for (let day = 1; day <= days; day += 1) {
        const seen = pooled(bins, bin - day * binsPerDay, reach)
        if (seen) found.push(seen)
      }
      const counted = found.reduce((sum, { count }) => sum + count, 0)
      if (counted >= enoughCounts || reach >= neighbours) return found.map(({ rate }) => rate)
    }
  }

  function usual(bin: number): Bin {
    const known = cache.get(bin)
    if (known) return known
    let rates = ratesOf(usualDays, bin)
    if (rates.length === 0) {
      rates = ratesOf(allDays, bin)
      if (rates.length < 2) rates = []
    }
    const rate = rates.length === 0 ? Number.NaN : rates.length < 3 ? mean(rates) : median(rates)
    if (cache.size > 2 * binsPerDay) cache.clear()
    const fresh = { rate }
    cache.set(bin, fresh)
    return fresh
  }

  return {
    add(localMs, count, isUsual) {
      const bin = Math.floor(localMs / binMs)
      if (isUsual) usualDays.add(bin, count)
      allDays.add(bin, count)
      seen += 1
    },
    rateAt(localMs) {
      if (seen === 0) return undefined
      const position = localMs / binMs - 0.5
      const bin = Math.floor(position)
      const before = usual(bin)
      const after = usual(bin + 1)
      const rate = before.rate + (after.rate - before.rate) * (position - bin)
      return Number.isNaN(rate) ? undefined : rate
    },
    steepnessAt(localMs) {
      const bin = Math.floor(localMs / binMs)
      let steepest = 0
      for (let i = bin - 2; i <= bin; i += 1) {
        const change = Math.abs(Math.log(usual(i + 1).rate / usual(i).rate))
        if (change > steepest) steepest = change
      }
      return steepest
    }
  }
}

interface Bins {
  add(bin: number, count: number): void
  at(bin: number): { readonly count: number; readonly windows: number } | undefined
}

/** The newest `slots` bins, counted from the epoch. */
function createBins(slots: number): Bins {
  const bins: { bin: number; count: number; windows: number }[] = []
  return {
    add(bin, count) {
      const seen = bins[bin % slots]
      if (seen && seen.bin === bin) {
        seen.count += count
        seen.windows += 1
      } else {
        bins[bin % slots] = { bin, count, windows: 1 }
      }
    },
    at(bin) {
      const seen = bins[bin % slots]
      return seen?.bin === bin ? seen : undefined
    }
  }
}
