import { dayMs, hourMs } from '../../src/time/units.ts'
import type { Dispersion } from '../stats/dispersion.ts'
import type { Expectation } from '../stats/significance.ts'
import type { Comparison, Reading } from './comparison.ts'
import type { LevelDynamics } from './level-filter.ts'
import type { LevelTracker } from './level-tracker.ts'
import type { BaselineOptions } from './options.ts'

export type BaselineName = 'rolling' | 'time_of_day'

/** A range of windows against its baseline. */
export interface BaselineComparison extends Comparison {
  readonly baseline: BaselineName
  /**
   * The usual level of this time of day, whatever the level was of late; where that is not known, the former level that a
   * new one was believed after; absent where neither is.
   */
  readonly usual: Expectation | undefined
}

/** What learns from window to window: each is entered, and then trains or is forgotten. */
export interface Learner {
  enter(at: WindowTime, reading: Reading | undefined): void
  train(): void
  /** The last windows do not move the level; `found`: they are of a finding, and are not of a usual day either. */
  forget(windows: number, found: boolean): void
  /** The last windows show a new level. It is remembered what it was before them. */
  settle(windows: number): void
  /** The level of before the last windows is remembered as one that it may come back to. */
  remember(windows: number): void
}

/** A number of the shop that is followed from window to window. */
export interface Series extends Learner {
  compare(span: number, skip?: number): BaselineComparison | undefined
  single(span: number, ago: number): BaselineComparison | undefined
  trainedWindows(): number
}

export interface WindowTime {
  /** Windows since the epoch. */
  readonly window: number
  readonly localMs: number
}

export interface SeriesOptions {
  readonly baseline: BaselineOptions
  readonly spans: readonly number[]
  readonly windowMs: number
}

/** Windows that are remembered even where all spans are short: what is learned of bunches takes them. */
export const leastReach = 60

/** A level that was left may come back within this. */
export const formerMs = dayMs

/** What the tracks of all series have in common. `prior` is how far their level is believed to stray. */
export function trackerParts({ baseline, spans, windowMs }: SeriesOptions, prior: number) {
  const memoryWindows = Math.max(60, baseline.memoryMs / windowMs)
  return {
    spans,
    capacity: Math.max(leastReach, ...spans) + 2,
    formerWindows: Math.round(formerMs / windowMs),
    startVariance: 1,
    spread: {
      prior,
      priorSpans: 8,
      least: baseline.leastLevelSpread,
      memoryWindows
    },
    dispersion: { prior: 2, priorWindows: 60, memoryWindows, least: 1, greatest: 500 }
  }
}

export function rollingDynamics({ baseline, windowMs }: SeriesOptions, sloping: boolean): LevelDynamics {
  const perHour = windowMs / hourMs
  return {
    wanderPerWindow: (sloping ? baseline.wanderPerHour : baseline.rateWanderPerHour) ** 2 * perHour,
    slopeSd: sloping ? baseline.slopePerHour * perHour : 0,
    slopeKept: Math.exp((-perHour * hourMs) / baseline.slopeMemoryMs),
    levelKept: 1,
    greatestVariance: 1
  }
}

/** Bunches last longer than a window: what is left of one shows in a few windows together. */
export const burstSpan = 5

export function learnDispersion(track: LevelTracker, dispersion: Dispersion): void {
  const seen = track.neighbours(burstSpan)
  if (seen) dispersion.learn(seen)
}
