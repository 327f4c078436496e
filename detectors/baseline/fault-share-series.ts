import { createDispersion } from '../stats/dispersion.ts'
import type { Expectation } from '../stats/significance.ts'
import { type BaselineComparison, burstSpan, formerMs, type Series, type SeriesOptions } from './series.ts'

/** No fault has quite the same share for long. */
const usualSpread = 0.3
/** Nothing seen yet is less than one, not never. */
const leastCount = 0.5
/** Variance ÷ mean of the groups that have it, until it is learned: a visitor comes again. */
const usualDispersion = 1.1

interface Sums {
  readonly count: number
  readonly exposure: number
  readonly squares: number
}

interface Window extends Sums {
  trains: boolean
}

const nothing: Sums = { count: 0, exposure: 0, squares: 0 }

/**
 * The share of a rare fault among events that share it in groups, such as the lines of an order: `squares` are those of
 * each group's faulty events. What is usual is learned of all windows before the span that is compared. While nothing
 * of it is remembered, no more than one window is compared.
 */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function faultShareSeries({ spans, baseline, windowMs }: SeriesOptions): Series {
  const capacity = Math.max(...spans) + 1
  const kept = 1 - windowMs / Math.max(windowMs, baseline.memoryMs)
  /** Of groups, not of their events. */
  const dispersion = createDispersion({
    prior: usualDispersion,
    priorWindows: 12,
    memoryWindows: baseline.memoryMs / windowMs / burstSpan,
    least: 1,
    greatest: 100
  })
  const windows: Window[] = []
  let newest = Number.NaN
  let faultsKept = 0
  let usual = nothing
  /** What was usual before another share was believed. */
  let former: { readonly usual: Sums; readonly window: number } | undefined
  let block = nothing
  let blockWindows = 0
  let blockBefore: Sums | undefined
  let trained = 0

  function learnDispersion(window: Window): void {
    block = plus(block, window, 1)
    blockWindows += 1
    if (blockWindows < burstSpan) return
    if (blockBefore)
      dispersion.learn({
        count: groupsIn(block),
        exposure: block.exposure,
        countBefore: groupsIn(blockBefore),
        exposureBefore: blockBefore.exposure
      })
    blockBefore = block
    block = nothing
    blockWindows = 0
  }

  function settleOldest(): void {
    const oldest = windows.shift()
    if (!oldest) return
    faultsKept -= oldest.count
    if (!oldest.trains) return
    usual = plus(oldest, usual, kept)
    learnDispersion(oldest)
  }

  const formerUsual = () =>
    former && (newest - former.window) * windowMs <= formerMs ? former.usual : undefined

  function push(sums: Sums): void {
    windows.push({ ...sums, trains: false })
    faultsKept += sums.count
    if (windows.length > capacity) settleOldest()
  }

  /** Of the windows from one place to before another: of all, or of those that train. It is asked for at every span. */
  function sumOf(first: number, last: number, trainedOnly: boolean): Sums {
    const sum = { count: 0, exposure: 0, squares: 0 }
    for (let at = Math.max(0, first); at < last; at += 1) {
      const one = windows[at]
      if (one === undefined || (trainedOnly && !one.trains)) continue
      sum.count += one.count
      sum.exposure += one.exposure
      sum.squares += one.squares
    }
    return sum
  }

  function sayingWindows(first: number, last: number): number {
    let count = 0
    for (let at = Math.max(0, first); at < last; at += 1) if ((windows[at]?.exposure ?? 0) > 0) count += 1
    return count
  }

  function range(span: number, from: number, to: number): BaselineComparison | undefined {
    // One window is compared all the same: how many faults it could have is asked of each.
    if ((faultsKept === 0 && span > 1) || windows.length < span) return undefined
    const before = plus(sumOf(0, windows.length - span, true), usual, 1)
    if (before.exposure === 0) return undefined
    const [first, last] = [windows.length - from, windows.length - to]
    const { count, exposure, squares } = sumOf(first, last, false)
    const ofGroups = dispersion.value()
    const expectedAfter = (before: Sums): Expectation => {
      const mean = exposure * rateOf(before)
      // Of few groups before, the rate is a gamma's draw: then the count to come is a negative binomial one.
      const doubt = (mean * ofGroups) / Math.max(leastCount, groupsIn(before))
      const together = Math.max(1, count > 0 ? squares / count : 1)
      return { mean, dispersion: ofGroups * together + doubt, levelSd: usualSpread }
    }
    const left = formerUsual()
    return {
      observed: count,
      exposure,
      windows: sayingWindows(first, last),
      rate: rateOf(before),
      squares,
      unit: 1,
      filterVariance: 0,
      expectation: expectedAfter(before),
      former: left && expectedAfter(left),
      baseline: 'rolling',
      usual: undefined
    }
  }

  return {
    enter({ window }, reading) {
      const skipped = Number.isNaN(newest) ? 0 : Math.min(capacity, window - newest - 1)
      for (let empty = 0; empty < skipped; empty += 1) push(nothing)
      push({ ...nothing, ...reading })
      newest = window
    },
    train() {
      const last = windows.at(-1)
      if (!last || !(last.exposure > 0)) return
      last.trains = true
      trained += 1
    },
    forget(forgotten) {
      for (const one of windows.slice(-forgotten)) one.trains = false
    },
    settle(shown) {
      const seen = sumOf(windows.length - shown, windows.length, false)
      if (!(seen.exposure > 0)) return
      const before = plus(sumOf(0, windows.length - shown, true), usual, 1)
      if (before.exposure > 0) former = { usual: formerUsual() ?? before, window: newest }
      usual = seen
      for (const one of windows) one.trains = false
    },
    remember: () => {},
    compare: (span, skip = 0) => range(span, span - skip, 0),
    single: (span, ago) => range(span, ago + 1, ago),
    trainedWindows: () => trained
  }
}

const rateOf = ({ count, exposure }: Sums) => Math.max(leastCount, count) / exposure

/** As many groups of one size as would vary alike. */
const groupsIn = ({ count, squares }: Sums) => (squares > 0 ? count ** 2 / squares : 0)

const plus = (sums: Sums, other: Sums, weight: number): Sums => ({
  count: sums.count + weight * other.count,
  exposure: sums.exposure + weight * other.exposure,
  squares: sums.squares + weight * other.squares
})
