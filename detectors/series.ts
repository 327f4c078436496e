import { createDispersion, type Dispersion } from './dispersion.ts'
import type { Expectation } from './improbability.ts'
import type { LevelDynamics } from './level.ts'
import { createProfile } from './profile.ts'
import { type Comparison, createTrack, type Reading, type Track } from './track.ts'
import type { BaselineOptions } from './types.ts'

export type BaselineName = 'rolling' | 'time_of_day'

/** A range of windows against its baseline. */
export interface Judgement extends Comparison {
  readonly baseline: BaselineName
  /** The usual level of this time of day, whatever the level was of late; absent where it is not known. */
  readonly usual: Expectation | undefined
}

/** A number of the shop that is followed from window to window. */
export interface Series {
  enter(at: WindowTime, reading: Reading | undefined): void
  train(): void
  /** The last windows do not move the level; `found`: they are of a finding, and are not of a usual day either. */
  forget(windows: number, found: boolean): void
  compare(span: number, skip?: number): Judgement | undefined
  single(span: number, ago: number): Judgement | undefined
  trained(): number
}

export interface WindowTime {
  /** Windows since the epoch. */
  readonly window: number
  readonly localMs: number
}

const dayMs = 86_400_000
const hourMs = 3_600_000

export interface SeriesOptions {
  readonly baseline: BaselineOptions
  readonly spans: readonly number[]
  readonly windowMs: number
}

function trackParts({ baseline, spans, windowMs }: SeriesOptions, prior: number) {
  const longest = Math.max(...spans)
  const memoryWindows = Math.max(60, baseline.memoryMs / windowMs)
  return {
    spans,
    capacity: longest + 2,
    startVariance: 1,
    spread: {
      prior,
      priorSpans: 8,
      least: baseline.leastLevelSpread,
      memoryWindows
    },
    dispersion: { prior: 2, priorWindows: 60, memoryWindows, greatest: 50 }
  }
}

function rollingDynamics({ baseline, windowMs }: SeriesOptions, sloping: boolean): LevelDynamics {
  const perHour = windowMs / hourMs
  return {
    wanderPerWindow: (sloping ? baseline.wanderPerHour : baseline.rateWanderPerHour) ** 2 * perHour,
    slopeSd: sloping ? baseline.slopePerHour * perHour : 0,
    slopeKept: Math.exp((-perHour * hourMs) / baseline.slopeMemoryMs),
    levelKept: 1,
    greatestVariance: 1
  }
}

/** A count per window with a curve over the day: rolling at first, then against the same time of day. */
export function countSeries(options: SeriesOptions): Series {
  const { baseline, windowMs } = options
  const parts = trackParts(options, baseline.levelSpread)
  const dispersion = createDispersion(parts.dispersion)
  const perHour = windowMs / hourMs
  const rolling = createTrack({
    ...parts,
    dynamics: rollingDynamics(options, true),
    dayStepVariance: baseline.dayStep ** 2,
    dispersion: dispersion.value
  })
  const kept = Math.exp((-perHour * hourMs) / baseline.levelMemoryMs)
  const daily = createTrack({
    ...parts,
    dynamics: {
      wanderPerWindow: baseline.usualSpread ** 2 * (1 - kept ** 2),
      slopeSd: 0,
      slopeKept: 0,
      levelKept: kept,
      greatestVariance: 1
    },
    startVariance: baseline.usualSpread ** 2,
    dayStepVariance: baseline.dayStep ** 2,
    dispersion: dispersion.value,
    curveVariance: () => curveVariance
  })
  const profile = createProfile({
    days: baseline.days,
    binMs: Math.max(windowMs, 600_000),
    neighbours: Math.max(1, Math.round(baseline.pooledMs / Math.max(windowMs, 600_000)))
  })
  const waiting = createWaiting(parts.capacity, profile.add)
  let warm = false
  let curveVariance = 0
  let usualSquares = 0
  let usualWeight = 0

  const active = () => (warm ? daily : rolling)
  const judged = (seen: Comparison | undefined): Judgement | undefined => {
    if (!seen) return undefined
    if (!warm) return { ...seen, baseline: 'rolling', usual: undefined }
    const prior = baseline.usualSpread ** 2
    const weight = 1_440
    const spread = (weight * prior + usualSquares) / (weight + usualWeight)
    const levelSd = Math.sqrt(Math.max(baseline.levelSpread ** 2, spread))
    const usual = { mean: seen.exposure, dispersion: dispersion.value(), levelSd }
    return { ...seen, baseline: 'time_of_day', usual }
  }

  return {
    enter({ window, localMs }, reading) {
      const day = Math.floor(localMs / dayMs)
      const middleMs = localMs + windowMs / 2
      const count = reading?.count ?? 0
      const rate = profile.rateAt(middleMs)
      rolling.enter(window, { count, exposure: reading ? 1 : 0 }, day)
      daily.enter(window, { count, exposure: reading && rate !== undefined ? rate : 0 }, day)
      waiting.enter(window, middleMs, reading?.count)
      curveVariance = rate === undefined ? 0 : (profile.steepnessAt(middleMs) * curveTiming) ** 2
      warm = rate !== undefined && daily.trained() >= baseline.warmupMs / windowMs
    },
    train() {
      learnDispersion(active(), dispersion)
      rolling.train()
      daily.train()
      const level = daily.level()?.level
      if (warm && level !== undefined) {
        const kept = 1 - 1 / parts.spread.memoryWindows
        usualSquares = usualSquares * kept + Math.min(level ** 2, 1)
        usualWeight = usualWeight * kept + 1
      }
    },
    forget(windows, found) {
      rolling.forget(windows)
      daily.forget(windows)
      if (found) waiting.forget(windows)
    },
    compare: (span, skip) => judged(active().compare(span, skip)),
    single: (span, ago) => judged(active().single(span, ago)),
    trained: rolling.trained
  }
}

/** A share or a ratio of two counts: rolling only, since it hardly follows the day. */
export function rateSeries(options: SeriesOptions): Series {
  const parts = trackParts(options, options.baseline.rateSpread)
  const dispersion = createDispersion(parts.dispersion)
  const track = createTrack({
    ...parts,
    dynamics: rollingDynamics(options, false),
    dayStepVariance: 0,
    dispersion: dispersion.value
  })
  return singleTrack(track, () => learnDispersion(track, dispersion))
}

/**
 * The mean of amounts. Its spread comes from the amounts' squares. With `cap`, the greatest amount of a window counts as
 * no more than this many usual ones, so that rare great orders do not hide what happens to all the others.
 */
export function valueSeries(options: SeriesOptions, cap = Number.POSITIVE_INFINITY): Series {
  const parts = trackParts(options, options.baseline.rateSpread)
  const kept = 1 - 1 / parts.spread.memoryWindows
  let squares = 0
  let terms = 0
  let variation = 1
  let newest: Reading | undefined
  const track = createTrack({
    ...parts,
    dynamics: rollingDynamics(options, false),
    dayStepVariance: 0,
    dispersion: level => variation * Math.exp(level),
    amounts: true
  })
  const series = singleTrack(track, () => {
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
      newest = reading && level !== undefined ? capped(reading, cap * Math.exp(level)) : reading
      series.enter(at, newest)
    }
  }
}

/** The curve of a day may come early or late, by this share of a bin. */
const curveTiming = 0.6

const nothing: Reading = { count: 0, exposure: 0 }

function capped(reading: Reading, most: number): Reading {
  const { count, squares = 0, exposure } = reading
  if (!(exposure > 0)) return reading
  // Of amounts that are all alike, the squares would be this: what is beyond it is mostly the greatest one's.
  const greatest = Math.sqrt(Math.max(0, squares - (count ** 2 / exposure) * (1 - 1 / exposure)))
  if (greatest <= most) return reading
  return {
    exposure,
    count: Math.max(0, count - greatest + most),
    squares: squares - greatest ** 2 + most ** 2
  }
}

/** In mean orders. */
const greatestOrder = 50

function singleTrack(track: Track, learn: () => void): Series {
  const judged = (seen: Comparison | undefined): Judgement | undefined =>
    seen && { ...seen, baseline: 'rolling', usual: undefined }
  return {
    enter({ window }, reading) {
      track.enter(window, reading ?? nothing, 0)
    },
    train() {
      learn()
      track.train()
    },
    forget: track.forget,
    compare: (span, skip) => judged(track.compare(span, skip)),
    single: (span, ago) => judged(track.single(span, ago)),
    trained: track.trained
  }
}

/** Bunches last longer than a window: what is left of one shows in a few windows together. */
const bunchSpan = 5

function learnDispersion(track: Track, dispersion: Dispersion): void {
  const seen = track.neighbours(bunchSpan)
  if (seen) dispersion.learn(seen)
}

/** Counts wait until no span can disown them any more, then `settle`. */
function createWaiting(capacity: number, settle: (localMs: number, count: number, usual: boolean) => void) {
  const queue: { window: number; localMs: number; count: number; trains: boolean }[] = []
  let newest = 0
  return {
    enter(window: number, localMs: number, count: number | undefined) {
      newest = window
      if (count !== undefined) queue.push({ window, localMs, count, trains: true })
      while (queue[0] && queue[0].window <= window - capacity) {
        const { localMs, count, trains } = queue.shift() as (typeof queue)[number]
        settle(localMs, count, trains)
      }
    },
    forget(windows: number) {
      for (const entry of queue) if (entry.window > newest - windows) entry.trains = false
    }
  }
}
