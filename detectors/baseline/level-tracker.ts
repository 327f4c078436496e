import type { Neighbours } from '../stats/dispersion.ts'
import type { Expectation } from '../stats/significance.ts'
import { createSpread, type SpreadOptions } from '../stats/spread.ts'
import type { Comparison, Reading } from './comparison.ts'
import { createFormerLevel } from './former-level.ts'
import { forecast, type LevelDynamics, type LevelState, startLevel, update } from './level-filter.ts'

export interface LevelTrackerOptions {
  /** Windows that are remembered, more than the longest span. */
  readonly capacity: number
  /** A former level is remembered for so many. */
  readonly formerWindows: number
  readonly spans: readonly number[]
  /** Taken at every use. */
  readonly dynamics: () => LevelDynamics
  readonly startVariance: number
  /** The level has a home, 0, where it starts; else it starts at the first count. */
  readonly home?: boolean
  /** What a level is once a local day begins; undefined where it does not last. Taken at every use. */
  readonly overMidnight?: (state: LevelState) => LevelState | undefined
  readonly spread: SpreadOptions
  /** Variance ÷ mean at a known level of a sum of so many windows, in the count's unit; taken at every use. */
  readonly dispersion: (level: number, windows: number) => number
  /** What one of the counted things counts for; 1 where left out. Taken at every use. */
  readonly unit?: (level: number) => number
  /** The counts are shares of their exposures. */
  readonly shares?: boolean
}

/** Nothing seen yet is less than one, not never. */
const leastCount = 0.5

/** The level of one count over one exposure, window by window. Windows are whole numbers in order of time. */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function createLevelTracker(options: LevelTrackerOptions) {
  const { capacity, spans, overMidnight = state => state } = options
  const states: (LevelState | undefined)[] = new Array(capacity).fill(undefined)
  const counts = new Float64Array(capacity)
  const exposures = new Float64Array(capacity)
  const countSums = new Float64Array(capacity)
  const exposureSums = new Float64Array(capacity)
  const squareSums = new Float64Array(capacity)
  const curveSums = new Float64Array(capacity)
  const windowSums = new Float64Array(capacity)
  const days = new Float64Array(capacity)
  const spread = createSpread(spans, options.spread)
  let newest = Number.NaN
  /** Its slot, a small integer: so often is it asked for that the remainder of a time is too dear. */
  let newestSlot = 0
  let entered = 0
  let trained = 0
  /** Windows since the last one that did not train: no spread is learned from a span with such a one in it. */
  let unbroken = 0
  /** Of shares: counts that came when there was nothing new for them to be a share of. */
  let carried = 0
  /** Windows up to this one are of another level: no span reaches back before it. */
  let settledAt = Number.NEGATIVE_INFINITY
  const former = createFormerLevel(options.formerWindows)
  /** Of the range that was looked at last: each window looks at hundreds. */
  const looked = { level: 0, rate: 0, exposure: 0, mean: 0, variance: 0, observed: 0, squares: 0, windows: 0 }

  const slot = (window: number) => ((window % capacity) + capacity) % capacity
  /** The slot of so many windows ago, fewer than the capacity. */
  const slotAgo = (ago: number) => (ago <= newestSlot ? newestSlot - ago : newestSlot - ago + capacity)
  const between = (sums: Float64Array, from: number, to: number) =>
    (sums[to] as number) - (sums[from] as number)

  /** From one slot's window to another's. */
  function advance(before: number, after: number, windows: number): LevelState | undefined {
    const state = states[before]
    if (!state) return undefined
    const ahead = forecast(state, windows, options.dynamics())
    return days[before] === days[after] ? ahead : overMidnight(ahead)
  }

  /** What was seen in a range and what a state before its span foretells there; false where nothing is compared. */
  function look(span: number, from: number, to: number): boolean {
    if (entered <= span || span >= capacity || newest - span < settledAt) return false
    const first = slotAgo(from)
    const last = slotAgo(to)
    const ahead = advance(slotAgo(span), last, span - (from + to) / 2 + 0.5)
    if (!ahead) return false
    const exposure = between(exposureSums, first, last)
    // Of one span, the curve is wrong in one direction.
    const curve = between(curveSums, first, last)
    looked.level = ahead.level
    looked.rate = Math.exp(ahead.level)
    looked.exposure = exposure
    looked.mean = Math.max(0, exposure) * looked.rate
    looked.variance = ahead.levelVariance + (exposure > 0 ? (Math.max(0, curve) / exposure) ** 2 : 0)
    looked.observed = between(countSums, first, last)
    looked.squares = between(squareSums, first, last)
    looked.windows = between(windowSums, first, last)
    return true
  }

  function range(span: number, from: number, to: number): Comparison | undefined {
    if (!look(span, from, to)) return undefined
    const { level, rate, exposure, mean, variance, observed, squares, windows } = looked
    const dispersion = options.dispersion(level, from - to)
    const trials = Math.max(0, exposure)
    const strays = spread.variance(span)
    const expected = (of: number, known: number): Expectation => {
      const levelSd = Math.sqrt(known + strays)
      return options.shares ? { mean: of, dispersion, levelSd, trials } : { mean: of, dispersion, levelSd }
    }
    const before = former.at(newest)
    return {
      observed,
      squares,
      exposure,
      windows,
      rate,
      unit: options.unit?.(level) ?? 1,
      filterVariance: variance,
      expectation: expected(mean, variance),
      former: before && expected(trials * Math.exp(before.level), before.levelVariance)
    }
  }

  function learnSpread(): void {
    for (const span of spans) {
      if (span > unbroken) return
      if (!look(span, span, 0) || looked.windows < span) continue
      const { level, observed, mean, variance } = looked
      spread.learn(span, observed, mean, options.dispersion(level, span), variance)
    }
  }

  const reachOf = (windows: number) => Math.min(windows, entered - 1, capacity - 1)
  const remember = (windows: number) => former.remember(states[slotAgo(reachOf(windows))], newest)

  return {
    /** Enters a window; it changes the level only by `train`. An exposure of 0 is a window that says nothing. */
    enter(window: number, { count, exposure, squares = 0, curveSd = 0 }: Reading, day: number): void {
      const previous = newest
      const steps = Number.isNaN(previous) ? 1 : Math.min(window - previous, capacity)
      const lost = Number.isNaN(previous) ? 0 : window - previous - steps
      if (steps > 1) unbroken = 0
      for (let step = 1; step <= steps; step += 1) {
        const at = slot(window - steps + step)
        const before = entered === 0 ? undefined : slot(step === 1 ? previous : window - steps + step - 1)
        const isNewest = step === steps
        const state = before === undefined ? undefined : states[before]
        days[at] = day
        counts[at] = isNewest ? count : 0
        exposures[at] = isNewest ? exposure : 0
        const carry = (sums: Float64Array, own: number) => {
          sums[at] = (before === undefined ? 0 : (sums[before] as number)) + (isNewest ? own : 0)
        }
        carry(countSums, count)
        carry(exposureSums, exposure)
        carry(squareSums, squares)
        carry(curveSums, exposure * curveSd)
        carry(windowSums, exposure > 0 ? 1 : 0)
        const now = state && forecast(state, step === 1 ? 1 + lost : 1, options.dynamics())
        const dayBegins = before !== undefined && isNewest && days[before] !== day
        states[at] = now && dayBegins ? overMidnight(now) : now
        entered += 1
      }
      newest = window
      newestSlot = slot(window)
    },
    train(): void {
      const at = newestSlot
      const dynamics = options.dynamics()
      const exposure = exposures[at] as number
      if (!(exposure > 0)) {
        if (options.shares) carried += counts[at] as number
        return
      }
      const count = (counts[at] as number) + carried
      carried = 0
      const state = states[at]
      if (state) {
        unbroken += 1
        learnSpread()
        states[at] = update(state, count, exposure, options.dispersion(state.level, 1))
      } else if (options.home) {
        const home = startLevel(0, options.startVariance, dynamics)
        states[at] = update(home, count, exposure, options.dispersion(0, 1))
      } else {
        states[at] = startLevel(
          Math.log(Math.max(count, leastCount) / exposure),
          options.startVariance,
          dynamics
        )
      }
      trained += 1
    },
    /** The last `windows` windows are forgotten: the level is as if they had not been seen. */
    forget(windows: number): void {
      unbroken = 0
      carried = 0
      const known = Math.min(windows, entered - 1, capacity - 1)
      for (let ago = known - 1; ago >= 0; ago -= 1) {
        const at = slotAgo(ago)
        states[at] = advance(slotAgo(ago + 1), at, 1)
      }
    },
    remember,
    /** The last windows show a new level: it is theirs, and nothing before them is compared with it. */
    settle(windows: number): void {
      remember(windows)
      const reach = reachOf(windows)
      const [first, last] = [slotAgo(reach), newestSlot]
      const exposure = between(exposureSums, first, last)
      if (!(exposure > 0)) return
      const count = Math.max(between(countSums, first, last), leastCount)
      const dynamics = options.dynamics()
      const level = Math.log(count / exposure)
      const variance = options.dispersion(level, reach) / count + reach * dynamics.wanderPerWindow
      const state = startLevel(level, Math.min(variance, dynamics.greatestVariance), dynamics)
      former.believe(level, states[first], newest)
      for (let ago = reach; ago >= 0; ago -= 1) states[slotAgo(ago)] = state
      settledAt = newest - reach
      unbroken = 0
      carried = 0
      trained += 1
    },
    /** The last `span` windows, or those of them from `skip` on, against the state before the span. */
    compare: (span: number, skip = 0) => range(span, span - skip, 0),
    /** One window of the span, `ago` windows back, against the same state. */
    single: (span: number, ago: number) => range(span, ago + 1, ago),
    /** The last two sums of `span` windows, where all of them trained. */
    neighbours(span: number): Neighbours | undefined {
      if (unbroken < 2 * span || 2 * span >= capacity) return undefined
      const [last, middle, first] = [newestSlot, slotAgo(span), slotAgo(2 * span)]
      return {
        count: between(countSums, middle, last),
        exposure: between(exposureSums, middle, last),
        countBefore: between(countSums, first, middle),
        exposureBefore: between(exposureSums, first, middle)
      }
    },
    level: () => (entered === 0 ? undefined : states[newestSlot]),
    /** Windows that trained. */
    trainedWindows: () => trained
  }
}

export type LevelTracker = ReturnType<typeof createLevelTracker>
