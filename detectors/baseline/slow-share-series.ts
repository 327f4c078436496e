import type { Shares } from '../stats/odds.ts'
import type { Reading } from './comparison.ts'
import type { BaselineComparison, Series, SeriesOptions } from './series.ts'

/** One visitor's events share their fault, and no fault has quite the same share for long. */
const dispersion = 5
const levelSd = 0.3
/** Nothing seen yet is less than one, not never. */
const leastCount = 0.5

/** A share is back where so many windows show it. */
const backWindows = 15

export interface SlowShareSeries extends Series {
  /** What `compare` says of a span in short, for hundreds of fields a window; it holds until the next question. */
  sharesOver(span: number): Shares | undefined
}

interface Sums {
  readonly count: number
  readonly exposure: number
}

const rateOf = ({ count, exposure }: Sums) => Math.max(leastCount, count) / exposure

/** Of two shares, whether one is nearer than the other. */
const nearer = (share: number, one: number, other: number) => Math.abs(share - one) < Math.abs(share - other)

/**
 * A share that hardly ever moves, such as that of a field's faults. What is usual is learned of windows that have left
 * the longest span without a finding, so that no state has to be kept for each.
 */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function slowShareSeries({ spans, baseline, windowMs }: SeriesOptions): SlowShareSeries {
  const capacity = Math.max(...spans) + 2
  const kept = 1 - windowMs / Math.max(windowMs, baseline.memoryMs)
  /** Of all windows up to one, so that a span is a difference. */
  const counts = new Float64Array(capacity)
  const exposures = new Float64Array(capacity)
  const windows = new Float64Array(capacity)
  const trains = new Uint8Array(capacity)
  let newest = 0
  let entered = 0
  let usual: Sums = { count: 0, exposure: 0 }
  /** What was usual before another share was believed, until that is seen again. */
  let former: Sums | undefined
  let trained = 0
  const shares = { observed: 0, expected: 0, exposure: 0 }

  const slot = (window: number) => (window + capacity) % capacity
  const between = (sums: Float64Array, after: number, to: number) =>
    (sums[slot(to)] as number) - (sums[slot(after)] as number)

  /** What is of the oldest but one window leaves it as the oldest one, which is overwritten next. */
  function settle(window: number): void {
    const exposure = between(exposures, window - 1, window)
    if (trains[slot(window)] !== 1 || !(exposure > 0)) return
    usual = {
      count: usual.count * kept + between(counts, window - 1, window),
      exposure: usual.exposure * kept + exposure
    }
    trained += 1
  }

  /** A window without a reading is not seen; one with no exposure is, and has nothing of it. */
  function push(window: number, reading: Reading | undefined): void {
    const { count = 0, exposure = 0 } = reading ?? {}
    if (entered === capacity) settle(window - capacity + 1)
    const at = slot(window)
    const before = slot(window - 1)
    counts[at] = (counts[before] as number) + count
    exposures[at] = (exposures[before] as number) + exposure
    windows[at] = (windows[before] as number) + (reading ? 1 : 0)
    trains[at] = 0
    entered = Math.min(entered + 1, capacity)
  }

  function range(from: number, to: number): BaselineComparison | undefined {
    if (entered <= from || usual.exposure === 0) return undefined
    const exposure = between(exposures, newest - from, newest - to)
    const rate = rateOf(usual)
    return {
      observed: between(counts, newest - from, newest - to),
      exposure,
      windows: between(windows, newest - from, newest - to),
      rate,
      squares: 0,
      unit: 1,
      filterVariance: 0,
      expectation: { mean: exposure * rate, dispersion, levelSd },
      former: former && { mean: exposure * rateOf(former), dispersion, levelSd },
      baseline: 'rolling',
      usual: undefined
    }
  }

  function isBackAt(before: Sums): boolean {
    const reach = Math.min(backWindows, entered - 1)
    const exposure = between(exposures, newest - reach, newest)
    if (!(exposure > 0)) return false
    const now = rateOf({ count: between(counts, newest - reach, newest), exposure })
    return nearer(now, rateOf(before), rateOf(usual))
  }

  return {
    enter({ window }, reading) {
      if (window - newest > capacity) entered = 0
      for (let empty = newest + 1; entered > 0 && empty < window; empty += 1) push(empty, undefined)
      push(window, reading)
      newest = window
    },
    train() {
      trains[slot(newest)] = 1
      if (former && isBackAt(former)) {
        usual = former
        former = undefined
        trains.fill(0)
      }
    },
    forget(windows) {
      for (let ago = 0; ago < Math.min(windows, entered); ago += 1) trains[slot(newest - ago)] = 0
    },
    settle(windows) {
      const reach = Math.min(windows, entered - 1)
      const exposure = between(exposures, newest - reach, newest)
      if (!(exposure > 0)) return
      if (usual.exposure > 0) former ??= usual
      usual = { count: between(counts, newest - reach, newest), exposure }
      trains.fill(0)
    },
    remember: () => {},
    compare: (span, skip = 0) => range(span - skip, 0),
    sharesOver(span) {
      if (entered <= span || usual.exposure === 0) return undefined
      shares.exposure = between(exposures, newest - span, newest)
      shares.observed = between(counts, newest - span, newest)
      shares.expected = shares.exposure * rateOf(usual)
      return shares
    },
    single: (_, ago) => range(ago + 1, ago),
    trainedWindows: () => trained
  }
}
