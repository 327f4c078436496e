import { createRobustSpread, type RobustSpread } from './robust-spread.ts'

export interface ForecastOptions {
  /** Trailing means that are compared, in windows, shortest first. */
  readonly spans: readonly number[]
  /** Windows that the level remembers. */
  readonly levelWindows: number
  /** Windows that spreads and errors remember. */
  readonly spreadWindows: number
  readonly errorWindows: number
}

/** What is known of how far a value strays at least. */
export interface Least {
  /** Of anything: its unit is the value's own. */
  readonly spread: number
  /** Until it is learnt. */
  readonly believed: number
  /** By chance alone: the variance of one value where that is not the expected count itself. */
  readonly byChance: number | 'count'
}

/** One way to foretell a series: a base that is known before the value, and a level that the values have above it. */
export interface Forecast {
  /**
   * How far the newest windows lie from what was foretold before them, in spreads: the farthest of all spans, one of them
   * at least 0. NaN while too little is known.
   */
  deviation(): number
  /** The span that it is of, in windows, and how far their mean lies above what was foretold. */
  span(): number
  above(): number
  /** How much it counts beside other ways: the worse it foretold lately, the less. */
  weight(leastError: number): number
  take(value: number, base: number, least: Least): void
  /** The newest window has no value, or no base. */
  skip(): void
}

/** A spread that is believed counts as much as so many values. */
const believedWeight = 20
/** A wild value moves level and spread as if it were so many spreads away. */
const clip = 3
const leastTaken = 5
const leastErrors = 4
/** Errors are cut at so many usual ones. */
const errorClip = 4

// oxlint-disable-next-line max-lines-per-function -- one state that each value reads and changes
export function createForecast({
  spans,
  levelWindows,
  spreadWindows,
  errorWindows
}: ForecastOptions): Forecast {
  const longest = Math.max(...spans)
  const capacity = longest + 1
  /** Of the last windows: value less base, and the level after them. */
  const aboveBase = new Float64Array(capacity).fill(Number.NaN)
  const levels = new Float64Array(capacity).fill(Number.NaN)
  const spreads: readonly RobustSpread[] = spans.map(() => createRobustSpread(spreadWindows, clip))
  const [single] = spreads as [RobustSpread]
  let newest = 0
  let level = 0
  let taken = 0
  let error = 0
  let errors = 0
  let deviation = Number.NaN
  let farthest = 1
  let above = 0

  const ago = (windows: number) => (newest + capacity - windows) % capacity

  /** The mean of a span's windows above what the level was before it. */
  function meanOver(span: number): number {
    let sum = 0
    for (let back = 0; back < span; back += 1) sum += aboveBase[ago(back)] as number
    return sum / span - (levels[ago(span)] as number)
  }

  function deviate(base: number, { spread, believed, byChance }: Least): void {
    const variance = byChance === 'count' ? Math.max(1, base + level) : byChance
    for (const [index, span] of spans.entries()) {
      const mean = meanOver(span)
      if (Number.isNaN(mean)) continue
      const least = Math.max(spread, Math.sqrt(variance / span))
      const own = spreads[index] as RobustSpread
      if (own.learnt() === 0) own.believe(Math.max(least, believed), believedWeight)
      const distance = Math.abs(mean) / Math.max(own.value(), least)
      if (!(distance <= deviation)) {
        deviation = distance
        farthest = span
        above = mean
      }
      own.learn(mean, least / 2)
    }
  }

  function learnError(miss: number, least: number): void {
    const seen = errors > 10 ? Math.min(miss, errorClip * Math.max(error, least)) : miss
    errors += 1
    error += (seen - error) / Math.min(errors, errorWindows)
  }

  return {
    deviation: () => deviation,
    span: () => farthest,
    above: () => above,
    weight: least => (errors < leastErrors ? 0 : 1 / Math.max(error, 0.3 * least) ** 4),
    take(value, base, least) {
      newest = (newest + 1) % capacity
      aboveBase[newest] = value - base
      const miss = value - base - level
      deviation = Number.NaN
      if (taken >= leastTaken) {
        deviate(base, least)
        learnError(Math.abs(miss), least.spread)
      }
      const most = clip * Math.max(single.value(), least.spread)
      taken += 1
      level += (taken > 10 ? Math.min(Math.max(miss, -most), most) : miss) / Math.min(taken, levelWindows)
      levels[newest] = level
    },
    skip() {
      newest = (newest + 1) % capacity
      aboveBase[newest] = Number.NaN
      levels[newest] = Number.NaN
      deviation = Number.NaN
    }
  }
}
