import { dayMs, hourMs } from '../../src/time/units.ts'
import { createDispersion } from '../stats/dispersion.ts'
import { countZScore } from '../stats/significance.ts'
import { createBursts } from './bursts.ts'
import type { Comparison } from './comparison.ts'
import { type LevelDynamics, widened } from './level-filter.ts'
import { createLevelTracker } from './level-tracker.ts'
import { createProfile, type Familiarity, type Usual } from './seasonal-profile.ts'
import {
  type BaselineComparison,
  learnDispersion,
  rollingDynamics,
  type Series,
  type SeriesOptions,
  trackerParts
} from './series.ts'
import { createTrainingDelay } from './training-delay.ts'

const leastBinMs = 600_000
/** How far the level may jump at midnight at least: into a weekday never seen, and into such a weekend or out of one. */
const leastStep: Readonly<Record<Familiarity, number>> = { weekday: 0, half: 0.3, none: 0.6 }
const greatestVariance = 1

export interface CountSeries extends Series {
  /** The mean of all windows of the last days. */
  meanOfDay(): number
}

/**
 * A count per window with a curve over the day and the week: rolling at first, then against what is usual then. `bunch`
 * is how many counts come together, until that is learned.
 */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function countSeries(options: SeriesOptions, bunch: number): CountSeries {
  const { baseline, windowMs } = options
  const parts = trackerParts(options, baseline.levelSpread)
  const learned = createDispersion({ ...parts.dispersion, prior: bunch })
  const bursts = createBursts()
  const dispersion = () => Math.max(learned.value(), bursts.value())
  const perHour = windowMs / hourMs
  const kept = Math.exp((-perHour * hourMs) / baseline.levelMemoryMs)
  const sloping = rollingDynamics(options, true)
  const homing: LevelDynamics = {
    wanderPerWindow: baseline.usualSpread ** 2 * (1 - kept ** 2),
    slopeSd: 0,
    slopeKept: 0,
    levelKept: kept,
    greatestVariance
  }
  /** On the first Saturday the curve of the other days holds, not their level. */
  const free: LevelDynamics = { ...sloping, slopeSd: 0 }
  const binMs = Math.max(windowMs, leastBinMs)
  const profile = createProfile({
    season: baseline.season,
    days: baseline.days,
    binMs,
    neighbours: Math.max(1, Math.round(baseline.pooledMs / binMs)),
    daySpread: baseline.usualSpread,
    bunch
  })
  const waiting = createTrainingDelay(parts.capacity, profile.add)
  const rolling = createLevelTracker({
    ...parts,
    dynamics: () => sloping,
    overMidnight: state => widened(state, midnightStep(), greatestVariance),
    dispersion
  })
  const daily = createLevelTracker({
    ...parts,
    dynamics: () => (isNewDay() ? free : homing),
    home: true,
    startVariance: baseline.usualSpread ** 2,
    overMidnight: state => (newBefore ? undefined : widened(state, midnightStep(), greatestVariance)),
    dispersion
  })
  let day = Number.NaN
  let usual: Usual | undefined
  let newBefore = false
  let warm = false
  let newest: number | undefined
  let newestBurst: number | undefined
  let countSum = 0
  let countWeight = 0
  let usualSquares = 0
  let usualWeight = 0

  const isNewDay = () => usual !== undefined && usual.familiarity !== 'weekday'
  const isNewHalf = () => usual?.familiarity === 'none'
  const midnightStep = () => Math.max(leastStep[usual?.familiarity ?? 'weekday'], baseline.dayStep)
  const active = () => (warm ? daily : rolling)

  function usualOf({ exposure }: Comparison) {
    const prior = baseline.usualSpread ** 2
    const weight = 1_440
    const spread = (weight * prior + usualSquares) / (weight + usualWeight)
    const levelSd = Math.sqrt(Math.max(baseline.levelSpread ** 2, spread))
    return { mean: exposure, dispersion: dispersion(), levelSd }
  }

  function judged(
    compare: (track: typeof rolling) => Comparison | undefined
  ): BaselineComparison | undefined {
    const ofDay = warm ? compare(daily) : undefined
    if (ofDay && !isNewHalf()) return { ...ofDay, baseline: 'time_of_day', usual: usualOf(ofDay) }
    const lately = warm && !ofDay ? undefined : compare(rolling)
    if (ofDay && (!lately || strays(ofDay) <= strays(lately))) {
      return { ...ofDay, baseline: 'time_of_day', usual: ofDay.former }
    }
    return lately && { ...lately, baseline: 'rolling', usual: lately.former }
  }

  function turnDay(localMs: number): void {
    const now = Math.floor(localMs / dayMs)
    if (now !== day) newBefore = isNewDay()
    day = now
  }

  return {
    enter({ window, localMs }, reading) {
      const middleMs = localMs + windowMs / 2
      const count = reading?.count ?? 0
      newest = reading?.count
      newestBurst = reading?.burst
      turnDay(localMs)
      usual = profile.at(middleMs)
      rolling.enter(window, { count, exposure: reading ? 1 : 0 }, day)
      daily.enter(
        window,
        { count, exposure: reading ? (usual?.rate ?? 0) : 0, curveSd: usual?.curveSd ?? 0 },
        day
      )
      waiting.enter(window, middleMs, reading?.count)
      warm = usual !== undefined && daily.trainedWindows() >= baseline.warmupMs / windowMs
    },
    train() {
      learnDispersion(active(), learned)
      if (newest !== undefined && newestBurst !== undefined) bursts.learn(newest, newestBurst)
      rolling.train()
      daily.train()
      const kept = 1 - 1 / parts.spread.memoryWindows
      if (newest !== undefined) {
        countSum = countSum * kept + newest
        countWeight = countWeight * kept + 1
      }
      const level = daily.level()?.level
      if (warm && level !== undefined && !isNewHalf()) {
        usualSquares = usualSquares * kept + Math.min(level ** 2, 1)
        usualWeight = usualWeight * kept + 1
      }
    },
    forget(windows, found) {
      rolling.forget(windows)
      daily.forget(windows)
      if (found) waiting.forget(windows)
    },
    settle(windows) {
      rolling.settle(windows)
      daily.settle(windows)
    },
    remember(windows) {
      rolling.remember(windows)
      daily.remember(windows)
    },
    compare: (span, skip) => judged(track => track.compare(span, skip)),
    single: (span, ago) => judged(track => track.single(span, ago)),
    trainedWindows: rolling.trainedWindows,
    meanOfDay: () => (countWeight > 0 ? countSum / countWeight : 0)
  }
}

/** How far a count lies from what was expected, in standard deviations. */
function strays({ observed, expectation }: Comparison): number {
  return Math.abs(countZScore(observed, expectation))
}
