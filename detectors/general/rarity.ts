import { dayMs, hourMs } from '../../src/time/units.ts'
import { createForecast, type Forecast, type Least } from './forecast.ts'
import { createOwnTail } from './own-tail.ts'
import { createRobustSpread } from './robust-spread.ts'
import { createSameTime } from './same-time.ts'

/**
 * What values are: whole numbers of things, shares of a number of them, or any numbers; `unknown` are counts as long as
 * all are whole and none is below 0, and then numbers.
 */
export type Nature = 'count' | 'share' | 'number' | 'unknown'

export interface RarityOptions {
  readonly windowMs: number
  readonly nature: Nature
}

/** How rare the newest value of a series is, of any series, by what was before it. */
export interface Rarity {
  /**
   * Takes a window's value: each later than the one before. `window` is counted since the epoch, `localMs` its local
   * start. `samples` are those of a share.
   */
  take(window: number, localMs: number, value: number, samples?: number): void
  /**
   * The probability of a deviation at least as great as the newest value's, where it may stray `widened` times as far;
   * in (0, 1], and 1 while too little is known.
   */
  probability(widened?: number): number
  /** The newest windows that deviate most, how many; their mean, and what was expected of it, NaN while nothing is. */
  span(): number
  value(): number
  expected(): number
  /** Values that were taken. */
  taken(): number
}

const spans = [1, 2, 4, 8]
const longestSpan = 8
/** A level is followed within this; what lies above a time of the day or the week within four times it. */
const levelMs = 3 * hourMs
const leastLevelWindows = 3
const slower = 4
const leastSpreadWindows = 100
const spreadDays = 14
const sizeDays = 7
/** Once a few values were seen, a wild one moves their size as if it were so many of their spreads away. */
const fewValues = 10
const sizeClip = 4
/** No spread is less than these shares of the values' own spread, and of their mean. */
const leastOfSpread = 0.1
const leastOfMean = 0.01
/** Until it is learnt, values are believed to stray by this share of their mean. */
const believedOfMean = 0.15
const tiniest = 1e-9

/**
 * Watches a series without being told what it is like. Three ways foretell it: its level of late, the same time of the
 * days before and of the weeks before. Its deviation is the mean of theirs; each counts by how well it has foretold
 * lately, as its error to the power of −4, so that a season is found once there is one. How probable a deviation is comes
 * from the series' own tail. What is wild moves nothing far.
 */
// oxlint-disable-next-line max-lines-per-function -- one state that each value reads and changes
export function createRarity({ windowMs, nature }: RarityOptions): Rarity {
  const day = Math.max(1, Math.round(dayMs / windowMs))
  const levelWindows = Math.max(leastLevelWindows, Math.round(levelMs / windowMs))
  const forecastOf = (remembered: number): Forecast =>
    createForecast({
      spans,
      levelWindows: remembered,
      spreadWindows: Math.max(leastSpreadWindows, spreadDays * day),
      errorWindows: sizeDays * day
    })
  const lately = forecastOf(levelWindows)
  const daily = forecastOf(slower * levelWindows)
  const weekly = forecastOf(slower * levelWindows)
  const ways = [lately, daily, weekly]
  const sameTime = createSameTime(windowMs)
  const tail = createOwnTail(windowMs)
  const strays = createRobustSpread(sizeDays * day, sizeClip)
  const least: { -readonly [Key in keyof Least]: Least[Key] } = { spread: tiniest, believed: 0, byChance: 0 }
  const values = new Float64Array(longestSpan)
  let areWhole = true
  let newest = Number.NaN
  let mean = 0
  let taken = 0
  let value = Number.NaN
  let best: Forecast = lately
  let deviation = Number.NaN

  function chanceOf(samples: number): Least['byChance'] {
    if (nature === 'share') {
      const share = Math.min(Math.max(mean, 1 / samples), 1 - 1 / samples)
      return samples > 1 ? (share * (1 - share)) / samples : 1
    }
    return nature === 'count' || (nature === 'unknown' && areWhole) ? 'count' : 0
  }

  function foretell(way: Forecast, base: number): void {
    if (Number.isNaN(base)) way.skip()
    else way.take(value, base, least)
  }

  function learnSize(): void {
    const most = taken < fewValues ? Number.POSITIVE_INFINITY : sizeClip * strays.value()
    taken += 1
    mean += Math.min(Math.max(value - mean, -most), most) / Math.min(taken, sizeDays * day)
    if (taken === 1) strays.believe(0.3 * Math.abs(value) + tiniest, 3)
    else strays.learn(value - mean, 0)
    areWhole &&= value >= 0 && Number.isInteger(value)
  }

  /** All ways in one. */
  function weigh(): void {
    let weights = 0
    let sum = 0
    let greatest = 0
    for (const way of ways) {
      const weight = Number.isNaN(way.deviation()) ? 0 : way.weight(least.spread)
      if (!(weight > 0)) continue
      weights += weight
      sum += weight * way.deviation()
      if (weight <= greatest) continue
      greatest = weight
      best = way
    }
    deviation = weights > 0 ? sum / weights : Number.NaN
  }

  function meanOfSpan(): number {
    let sum = 0
    for (let ago = 0; ago < best.span(); ago += 1) sum += values[(taken - 1 - ago) % longestSpan] as number
    return sum / best.span()
  }

  return {
    take(window, localMs, taking, samples = 0) {
      if (!Number.isNaN(deviation)) tail.learn(deviation)
      const skipped = Number.isNaN(newest) ? 0 : Math.min(window - newest - 1, longestSpan)
      for (let one = 0; one < skipped; one += 1) for (const way of ways) way.skip()
      newest = window
      value = taking
      sameTime.turnTo(Math.round(localMs / windowMs))
      least.spread = Math.max(leastOfSpread * strays.value(), leastOfMean * Math.abs(mean), tiniest)
      least.believed = believedOfMean * Math.abs(mean)
      least.byChance = chanceOf(samples)
      foretell(lately, 0)
      foretell(daily, sameTime.ofDays())
      foretell(weekly, sameTime.ofWeeks())
      weigh()
      sameTime.keep(value)
      values[taken % longestSpan] = value
      learnSize()
    },
    probability: (widened = 1) => (Number.isNaN(deviation) ? 1 : tail.probability(deviation / widened)),
    span: () => best.span(),
    value: meanOfSpan,
    expected: () => (Number.isNaN(deviation) ? Number.NaN : meanOfSpan() - best.above()),
    taken: () => taken
  }
}
