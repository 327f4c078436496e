/**
 * A filter for the logarithm of a rate: a level that wanders and, where the daily curve is not known yet, a slope that
 * comes and goes. One step is a base window; counts update it by their mode (a quasi-Poisson likelihood).
 */
export interface LevelState {
  readonly level: number
  /** Per window. */
  readonly slope: number
  readonly levelVariance: number
  readonly covariance: number
  readonly slopeVariance: number
}

export interface LevelDynamics {
  /** Variance that the level gains per window. */
  readonly wanderPerWindow: number
  /** Stationary standard deviation of the slope, per window; 0 for a level without a slope. */
  readonly slopeSd: number
  /** What is left of a slope after a window, below 1. */
  readonly slopeKept: number
  /** What is left of the level's distance from 0 after a window; 1 for a level without a home. */
  readonly levelKept: number
  /** The level's variance never grows beyond this. */
  readonly greatestVariance: number
}

export function startLevel(level: number, variance: number, dynamics: LevelDynamics): LevelState {
  return { level, slope: 0, levelVariance: variance, covariance: 0, slopeVariance: dynamics.slopeSd ** 2 }
}

/** What so many windows do to any state. */
interface Ahead {
  readonly kept: number
  readonly slopeLeft: number
  readonly reach: number
  readonly wander: number
  readonly slopeNews: number
}

/** Every span of every window asks for the same few numbers of windows, and powers are dear. */
const known = new WeakMap<LevelDynamics, Map<number, Ahead>>()
const mostKnown = 1_000

function aheadOf(dynamics: LevelDynamics, windows: number): Ahead {
  const there = known.get(dynamics)
  const steps = there ?? new Map<number, Ahead>()
  if (there === undefined || steps.size >= mostKnown) {
    steps.clear()
    known.set(dynamics, steps)
  }
  const before = steps.get(windows)
  if (before) return before
  const { slopeKept, levelKept, slopeSd, wanderPerWindow } = dynamics
  const kept = levelKept === 1 ? 1 : levelKept ** windows
  const slopeLeft = slopeSd > 0 ? slopeKept ** windows : 0
  const ahead = {
    kept,
    slopeLeft,
    reach: slopeSd > 0 ? (1 - slopeLeft) / (1 - slopeKept) : 0,
    wander:
      levelKept === 1
        ? wanderPerWindow * windows
        : (wanderPerWindow * (1 - kept ** 2)) / (1 - levelKept ** 2),
    slopeNews: slopeSd ** 2 * (1 - slopeLeft ** 2)
  }
  steps.set(windows, ahead)
  return ahead
}

/** The state `windows` later when nothing was seen in between. */
export function forecast(state: LevelState, windows: number, dynamics: LevelDynamics): LevelState {
  const { kept, slopeLeft, reach, wander, slopeNews } = aheadOf(dynamics, windows)
  const levelVariance =
    kept ** 2 * state.levelVariance +
    2 * kept * reach * state.covariance +
    reach ** 2 * state.slopeVariance +
    wander +
    (slopeNews * windows ** 2) / 3
  const bounded = Math.min(levelVariance, dynamics.greatestVariance)
  const slopeVariance = slopeLeft ** 2 * state.slopeVariance + slopeNews
  const covariance =
    slopeLeft * (kept * state.covariance + reach * state.slopeVariance) + (slopeNews * windows) / 2
  // Of a long silence the level's variance is bounded: no covariance is beyond what both variances allow.
  const most = Math.sqrt(bounded * slopeVariance)
  return {
    level: kept * state.level + reach * state.slope,
    slope: slopeLeft * state.slope,
    levelVariance: bounded,
    covariance: Math.min(most, Math.max(-most, covariance)),
    slopeVariance
  }
}

/** The state when the level may just have jumped: `step` is a standard deviation. */
export function widened(state: LevelState, step: number, greatestVariance: number): LevelState {
  return { ...state, levelVariance: Math.min(state.levelVariance + step ** 2, greatestVariance) }
}

/** How many of its own standard deviations one window may pull: an odd window must not move the level. */
const clipAt = 3

/**
 * The state after a count (or amount) was seen. `exposure` is what the rate is per, `dispersion` the variance ÷ mean of
 * the count at a known level, in the count's own unit.
 */
export function update(state: LevelState, count: number, exposure: number, dispersion: number): LevelState {
  const variance = state.levelVariance
  const mean = exposure * Math.exp(state.level)
  if (!(mean > 0) || variance <= 0) return state
  const reach = clipAt * Math.sqrt(dispersion * mean + variance * mean ** 2)
  const seen = Math.min(Math.max(count, mean - reach), mean + reach + clipAt * dispersion)
  let shift = 0
  for (let i = 0; i < 4; i += 1) {
    const expected = mean * Math.exp(shift)
    const gradient = (seen - expected) / dispersion - shift / variance
    shift += Math.max(-1, Math.min(1, gradient / (expected / dispersion + 1 / variance)))
  }
  const levelVariance = 1 / (1 / variance + (mean * Math.exp(shift)) / dispersion)
  const gain = state.covariance / variance
  return {
    level: state.level + shift,
    slope: state.slope + gain * shift,
    levelVariance,
    covariance: gain * levelVariance,
    slopeVariance: Math.max(0, state.slopeVariance - gain ** 2 * (variance - levelVariance))
  }
}
