import { createDispersion } from './dispersion.ts'
import { createProfile } from './profile.ts'
import {
  type Judgement,
  learnDispersion,
  rollingDynamics,
  type Series,
  type SeriesOptions,
  trackParts
} from './series.ts'
import { type Comparison, createTrack } from './track.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
/** The curve of a day may come early or late, by this share of a bin. */
const curveTiming = 0.6

export interface CountSeries extends Series {
  /** The mean of all windows of the last days. */
  meanOfDay(): number
}

/**
 * A count per window with a curve over the day: rolling at first, then against the same time of day. `bunch` is how many
 * counts come together, until that is learned.
 */
export function countSeries(options: SeriesOptions, bunch: number): CountSeries {
  const { baseline, windowMs } = options
  const parts = trackParts(options, baseline.levelSpread)
  const dispersion = createDispersion({ ...parts.dispersion, prior: bunch })
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
  let newest: number | undefined
  let countSum = 0
  let countWeight = 0
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
      newest = reading?.count
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
      const kept = 1 - 1 / parts.spread.memoryWindows
      if (newest !== undefined) {
        countSum = countSum * kept + newest
        countWeight = countWeight * kept + 1
      }
      const level = daily.level()?.level
      if (warm && level !== undefined) {
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
    trained: rolling.trained,
    meanOfDay: () => (countWeight > 0 ? countSum / countWeight : 0)
  }
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
