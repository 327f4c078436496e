import type { Shares } from '../stats/odds.ts'
import type { BaselineComparison, Series, SeriesOptions } from './series.ts'

/** One visitor's events share their fault, and no fault has quite the same share for long. */
const dispersion = 5
const levelSd = 0.3
/** Nothing seen yet is less than one, not never. */
const leastCount = 0.5

/** A share is back where so many windows show it. */
const backWindows = 15

/** A share as rules see it. */
export interface SlowShare extends Pick<Series, 'compare' | 'single' | 'trainedWindows'> {
  /** What `compare` says of a span in short, for hundreds of shares a window; it holds until the next question. */
  sharesOver(span: number): Shares | undefined
}

/** Some more room than was asked for, so that it is rarely made anew. */
const roomFor = (count: number) => 64 * Math.ceil(count / 64)

interface Sums {
  readonly count: number
  readonly exposure: number
}

const rateOf = (count: number, exposure: number) => Math.max(leastCount, count) / exposure

/** Of two shares, whether one is nearer than the other. */
const nearer = (share: number, one: number, other: number) => Math.abs(share - one) < Math.abs(share - other)

export type SlowShares = ReturnType<typeof createSlowShares>

/**
 * Shares that hardly ever move, such as those of fields' faults: hundreds of them, which all enter, train and are forgotten
 * together, side by side in arrays. What is usual is learned of windows that have left the longest span without a finding, so
 * that no state has to be kept for each.
 */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function createSlowShares({ spans, baseline, windowMs }: SeriesOptions) {
  const capacity = Math.max(...spans) + 2
  const kept = 1 - windowMs / Math.max(windowMs, baseline.memoryMs)
  let size = 0
  let room = 0
  /** Of all windows up to one, so that a span is a difference: of each slot of a window, each share. */
  let counts = new Float64Array(0)
  let exposures = new Float64Array(0)
  let trains = new Uint8Array(0)
  /** The same for all shares. */
  const windows = new Float64Array(capacity)
  /** Of each share: windows that are remembered, what is usual, and windows that it has learned. */
  let entered = new Int32Array(0)
  let usualCounts = new Float64Array(0)
  let usualExposures = new Float64Array(0)
  let trained = new Int32Array(0)
  /** What of a share comes with the next window. */
  let nextCounts = new Float64Array(0)
  let nextExposures = new Float64Array(0)
  /** What was usual before another share was believed, until that is seen again. */
  const formers = new Map<number, Sums>()
  let newest = 0
  const shares = { observed: 0, expected: 0, exposure: 0 }

  const slot = (window: number) => (window + capacity) % capacity
  const between = (sums: Float64Array, index: number, after: number, to: number) =>
    (sums[slot(to) * room + index] as number) - (sums[slot(after) * room + index] as number)

  function grow(): void {
    const before = room
    room = roomFor(size)
    if (room === before) return
    const wider = <A extends Float64Array | Uint8Array>(from: A, into: A): A => {
      for (let at = 0; at < capacity; at += 1)
        into.set(from.subarray(at * before, (at + 1) * before), at * room)
      return into
    }
    const longer = <A extends Float64Array | Int32Array>(from: A, into: A): A => {
      into.set(from)
      return into
    }
    counts = wider(counts, new Float64Array(capacity * room))
    exposures = wider(exposures, new Float64Array(capacity * room))
    trains = wider(trains, new Uint8Array(capacity * room))
    entered = longer(entered, new Int32Array(room))
    usualCounts = longer(usualCounts, new Float64Array(room))
    usualExposures = longer(usualExposures, new Float64Array(room))
    trained = longer(trained, new Int32Array(room))
    nextCounts = new Float64Array(room)
    nextExposures = new Float64Array(room)
  }

  /** What is of the oldest but one window leaves it as the oldest one, which is overwritten next. */
  function settleOldest(index: number, now: number, before: number): void {
    const exposure = (exposures[now + index] as number) - (exposures[before + index] as number)
    if (trains[now + index] !== 1 || !(exposure > 0)) return
    const count = (counts[now + index] as number) - (counts[before + index] as number)
    usualCounts[index] = (usualCounts[index] as number) * kept + count
    usualExposures[index] = (usualExposures[index] as number) * kept + exposure
    trained[index] = (trained[index] as number) + 1
  }

  /** A window without a reading is not seen; one with no exposure is, and has nothing of it. No share begins in a gap. */
  function push(window: number, isSeen: boolean, isGap: boolean): void {
    const oldest = window - capacity + 1
    const [second, first] = [slot(oldest) * room, slot(oldest - 1) * room]
    const [at, before] = [slot(window) * room, slot(window - 1) * room]
    for (let index = 0; index < size; index += 1) {
      const known = entered[index] as number
      if (known === capacity) settleOldest(index, second, first)
      else if (known > 0 || !isGap) entered[index] = known + 1
      counts[at + index] = (counts[before + index] as number) + (isSeen ? (nextCounts[index] as number) : 0)
      exposures[at + index] =
        (exposures[before + index] as number) + (isSeen ? (nextExposures[index] as number) : 0)
    }
    trains.fill(0, at, at + size)
    windows[slot(window)] = (windows[slot(window - 1)] as number) + (isSeen ? 1 : 0)
  }

  function range(index: number, from: number, to: number): BaselineComparison | undefined {
    const usualExposure = usualExposures[index] as number
    if ((entered[index] as number) <= from || usualExposure === 0) return undefined
    const exposure = between(exposures, index, newest - from, newest - to)
    const rate = rateOf(usualCounts[index] as number, usualExposure)
    const former = formers.get(index)
    return {
      observed: between(counts, index, newest - from, newest - to),
      exposure,
      windows: (windows[slot(newest - to)] as number) - (windows[slot(newest - from)] as number),
      rate,
      squares: 0,
      unit: 1,
      filterVariance: 0,
      expectation: { mean: exposure * rate, dispersion, levelSd },
      former: former && { mean: exposure * rateOf(former.count, former.exposure), dispersion, levelSd },
      baseline: 'rolling',
      usual: undefined
    }
  }

  function isBackAt(index: number, before: Sums): boolean {
    const reach = Math.min(backWindows, (entered[index] as number) - 1)
    const exposure = between(exposures, index, newest - reach, newest)
    if (!(exposure > 0)) return false
    const now = rateOf(between(counts, index, newest - reach, newest), exposure)
    const usual = rateOf(usualCounts[index] as number, usualExposures[index] as number)
    return nearer(now, rateOf(before.count, before.exposure), usual)
  }

  /** Another share is usual from now on: no window before trains it. */
  function believe(index: number, { count, exposure }: Sums): void {
    usualCounts[index] = count
    usualExposures[index] = exposure
    for (let at = index; at < trains.length; at += room) trains[at] = 0
  }

  return {
    /** One more share, from the next window on; gives its place. */
    add(): number {
      size += 1
      grow()
      return size - 1
    },
    /** What of a share comes with the next window: `count` of `exposure`. */
    put(index: number, count: number, exposure: number): void {
      nextCounts[index] = count
      nextExposures[index] = exposure
    },
    /** Enters a window, with what was put; `isSeen` is false for one of which nothing is known. */
    enter(window: number, isSeen: boolean): void {
      if (window - newest > capacity) entered.fill(0)
      else for (let empty = newest + 1; empty < window; empty += 1) push(empty, false, true)
      push(window, isSeen, false)
      newest = window
    },
    train(): void {
      const at = slot(newest) * room
      trains.fill(1, at, at + size)
      for (const [index, former] of formers) {
        if (!isBackAt(index, former)) continue
        believe(index, former)
        formers.delete(index)
      }
    },
    forget(forgotten: number): void {
      for (let ago = 0; ago < Math.min(forgotten, capacity); ago += 1) {
        const at = slot(newest - ago) * room
        trains.fill(0, at, at + size)
      }
    },
    /** The last windows show a new share: it is usual from now on. */
    settle(index: number, shown: number): void {
      const reach = Math.min(shown, (entered[index] as number) - 1)
      const exposure = between(exposures, index, newest - reach, newest)
      if (!(exposure > 0)) return
      const [count, usualExposure] = [usualCounts[index] as number, usualExposures[index] as number]
      if (usualExposure > 0 && !formers.has(index)) formers.set(index, { count, exposure: usualExposure })
      believe(index, { count: between(counts, index, newest - reach, newest), exposure })
    },
    /** How a share is looked at. */
    share: (index: number): SlowShare => ({
      compare: (span, skip = 0) => range(index, span - skip, 0),
      single: (_, ago) => range(index, ago + 1, ago),
      trainedWindows: () => trained[index] as number,
      sharesOver(span) {
        const usualExposure = usualExposures[index] as number
        if ((entered[index] as number) <= span || usualExposure === 0) return undefined
        shares.exposure = between(exposures, index, newest - span, newest)
        shares.observed = between(counts, index, newest - span, newest)
        shares.expected = shares.exposure * rateOf(usualCounts[index] as number, usualExposure)
        return shares
      }
    })
  }
}
