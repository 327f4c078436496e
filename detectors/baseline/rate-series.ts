import { halfWeekOf } from '../../src/time/local-time.ts'
import { createDispersion } from '../stats/dispersion.ts'
import type { Comparison, Reading } from './comparison.ts'
import { type LevelState, widened } from './level-filter.ts'
import { createLevelTracker, type LevelTracker } from './level-tracker.ts'
import {
  type BaselineComparison,
  burstSpan,
  learnDispersion,
  rollingDynamics,
  type Series,
  type SeriesOptions,
  trackerParts
} from './series.ts'

/** A share of nearly all still varies. */
const leastOfShare = 0.1

/** In mean orders. */
const greatestOrder = 50

/** Orders follow their checkouts within a few minutes: what a longer sum sees of its edges is little. */
const followingMs = 900_000

/** What a rolling track of a rate is made of; a weekend may have another level. */
function rateParts(options: SeriesOptions) {
  const dynamics = rollingDynamics(options, false)
  return {
    ...trackerParts(options, options.baseline.rateSpread),
    dynamics: () => dynamics,
    overMidnight: (state: LevelState) => widened(state, options.baseline.dayStep, dynamics.greatestVariance)
  }
}

/**
 * A share of a count that follows it after a while. The shorter the sum, the more of it belongs to what lies before it:
 * its variance ÷ mean is learned at two lengths and runs straight over 1 ÷ length between them.
 */
export function shareSeries(options: SeriesOptions): Series {
  const parts = rateParts(options)
  const longSpan = Math.min(
    Math.floor(parts.capacity / 2) - 1,
    Math.max(3 * burstSpan, Math.round(followingMs / options.windowMs))
  )
  const short = createDispersion(parts.dispersion)
  const long = createDispersion({ ...parts.dispersion, prior: 1, priorWindows: 180, least: 0 })
  const steps = 1 / burstSpan - 1 / longSpan
  const track = createLevelTracker({
    ...parts,
    shares: true,
    dispersion(level, windows) {
      if (!(steps > 0) || windows <= burstSpan) return short.value()
      const edges = (1 / Math.min(windows, 2 * longSpan) - 1 / longSpan) / steps
      return Math.max(
        1 - Math.exp(level),
        leastOfShare,
        long.value() + edges * (short.value() - long.value())
      )
    }
  })
  return singleTrackerSeries(track, () => {
    learnDispersion(track, short)
    const seen = track.neighbours(longSpan)
    if (seen) long.learn(seen)
  })
}

/** A share or a ratio of two counts: rolling only, since it hardly follows the day. */
export function rateSeries(options: SeriesOptions): Series {
  const parts = rateParts(options)
  const dispersion = createDispersion(parts.dispersion)
  const track = createLevelTracker({ ...parts, dispersion: dispersion.value })
  return singleTrackerSeries(track, () => learnDispersion(track, dispersion))
}

/** A number of each sample that need not be a count, such as a quantile: how it strays is learned of its own size. */
export function numberSeries(options: SeriesOptions): Series {
  const parts = rateParts(options)
  const dispersion = createDispersion(parts.dispersion)
  const track = createLevelTracker({
    ...parts,
    dispersion: level => dispersion.value() * Math.exp(level),
    unit: Math.exp
  })
  return singleTrackerSeries(track, () => {
    const seen = track.neighbours(burstSpan)
    const level = track.level()?.level
    if (!seen || level === undefined) return
    const unit = Math.exp(level)
    dispersion.learn({ ...seen, count: seen.count / unit, countBefore: seen.countBefore / unit })
  })
}

/**
 * The mean of amounts. Its spread comes from the amounts' squares. With `cap`, the greatest amount of a window counts as
 * no more than this many usual ones, so that rare great orders do not hide what happens to all the others.
 */
export function valueSeries(options: SeriesOptions, cap = Number.POSITIVE_INFINITY): Series {
  const parts = trackerParts(options, options.baseline.rateSpread)
  const dynamics = rollingDynamics(options, false)
  const kept = 1 - 1 / parts.spread.memoryWindows
  let squares = 0
  let terms = 0
  let variation = 1
  let newest: Reading | undefined
  const track = createLevelTracker({
    ...parts,
    dynamics: () => dynamics,
    dispersion: level => variation * Math.exp(level),
    unit: Math.exp
  })
  const series = singleTrackerSeries(track, () => {
    const level = track.level()?.level
    if (!newest || level === undefined || !(newest.exposure > 0)) return
    const mean = Math.exp(level)
    // An extraordinary order may widen the spread, not swamp it.
    const most = mean ** 2 * (newest.exposure * (1 + variation) + greatestOrder ** 2)
    squares = squares * kept + Math.min(newest.squares ?? 0, most) / mean ** 2
    terms = terms * kept + newest.exposure
    variation = Math.max(0.05, (30 * 2 + squares) / (30 + terms) - 1)
  })
  return {
    ...series,
    enter(at, reading) {
      const level = track.level()?.level
      newest = reading && level !== undefined ? capped(reading, Math.exp(level), variation, cap) : reading
      series.enter(at, newest)
    }
  }
}

const nothing: Reading = { count: 0, exposure: 0 }

function capped(reading: Reading, usual: number, variation: number, cap: number): Reading {
  const { count, squares = 0, exposure } = reading
  if (!(exposure > 0)) return reading
  const mean = count / exposure
  // What all others vary by as usual is not the greatest one's: of many amounts that is more than any one of them.
  const ofOthers = (exposure - 1) * (mean ** 2 + variation * Math.min(mean, usual) ** 2)
  const greatest = Math.sqrt(Math.max(0, squares - ofOthers))
  const most = cap * usual
  if (greatest <= most) return reading
  return {
    exposure,
    count: Math.max(0, count - greatest + most),
    squares: squares - greatest ** 2 + most ** 2
  }
}

/** A series that is one rolling track. `learn` comes before each window that trains. */
export function singleTrackerSeries(track: LevelTracker, learn: () => void): Series {
  const judged = (seen: Comparison | undefined): BaselineComparison | undefined =>
    seen && { ...seen, baseline: 'rolling', usual: seen.former }
  return {
    enter({ window, localMs }, reading) {
      track.enter(window, reading ?? nothing, halfWeekOf(localMs))
    },
    train() {
      learn()
      track.train()
    },
    forget: track.forget,
    settle(windows) {
      learn()
      track.settle(windows)
    },
    remember: track.remember,
    compare: (span, skip) => judged(track.compare(span, skip)),
    single: (span, ago) => judged(track.single(span, ago)),
    trainedWindows: track.trainedWindows
  }
}
