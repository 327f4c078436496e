import { countLowerTail, countUpperTail, normalUpperTail, shareLowerTail } from './tails.ts'

export type Direction = 'drop' | 'rise'

/** What a count was expected to be, and every reason why it may still be something else. */
export interface Expectation {
  readonly mean: number
  /** Variance ÷ mean at a known level; below 1 only for a share. */
  readonly dispersion: number
  /** Standard deviation of the logarithm of the level itself. */
  readonly levelSd: number
  /** Of a share: how many it is a share of. */
  readonly trials?: number
}

/** Above this many standard errors' worth of counts the level alone decides, and a closed form is exact enough. */
const manyCounts = 400
const levelNodes = 48
const levelReach = 7
/** Where a level is looked at, in its standard deviations, and how much each place counts. */
const nodes = Float64Array.from(
  { length: levelNodes + 1 },
  (_, node) => levelReach * ((2 * node) / levelNodes - 1)
)
const weights = nodes.map(u => Math.exp((-u * u) / 2))
/** Less than this share of a sum is lost in its last digit. */
const negligible = 1e-17
const allWeights = weights.reduce((sum, weight) => sum + weight, 0)

/**
 * How probable a count at least this far out is: counts in bunches (down) or negative binomial (up) around a level that
 * is itself log-normal, summed over the level. A share has the lighter of this tail and of the binomial's. In [0, 1].
 */
export function countTail(direction: Direction, observed: number, expectation: Expectation): number {
  const { mean, dispersion, levelSd, trials } = expectation
  if (mean / dispersion > manyCounts) {
    const spread = Math.sqrt(levelSd ** 2 + dispersion / mean)
    const distance = Math.log(Math.max(observed, 0.5) / mean) / spread
    return normalUpperTail(direction === 'drop' ? -distance : distance)
  }
  const tail = direction === 'drop' ? countLowerTail : countUpperTail
  const bunched = overLevels(direction, expectation, level => tail(observed, level, Math.max(1, dispersion)))
  if (direction === 'rise' || trials === undefined || dispersion >= 1) return bunched
  return Math.min(
    bunched,
    overLevels('drop', expectation, level => shareLowerTail(observed, trials, level, dispersion))
  )
}

/** Begins at the levels at which the count is least odd: from where a tail no longer changes the sum, none does. */
function overLevels(
  direction: Direction,
  { mean, levelSd }: Expectation,
  tail: (mean: number) => number
): number {
  if (levelSd <= 0) return tail(mean)
  let sum = 0
  for (let step = 0; step <= levelNodes; step += 1) {
    const node = direction === 'drop' ? step : levelNodes - step
    const atLevel = tail(mean * Math.exp((nodes[node] as number) * levelSd))
    if (atLevel < negligible * sum) break
    sum += (weights[node] as number) * atLevel
  }
  return sum / allWeights
}

/**
 * How probable a mean of `terms` positive amounts at least this far from `expected` is. A sum of amounts is taken as
 * log-normal upwards (Fenton and Wilkinson) and as gamma downwards (Wilson and Hilferty's cube root): of the two, each
 * has the heavier tail on its side. `squaredVariation` is the variance of one amount ÷ its mean squared.
 */
export function meanValueTail(
  direction: Direction,
  observed: number,
  expected: number,
  terms: number,
  squaredVariation: number,
  levelSd: number
): number {
  if (terms <= 0 || expected <= 0) return 1
  const ratio = Math.max(0, observed / expected)
  if (direction === 'drop') {
    const own = squaredVariation / terms / 9
    return normalUpperTail(-(Math.cbrt(ratio) - 1 + own) / Math.sqrt(own + levelSd ** 2 / 9))
  }
  if (ratio === 0) return 1
  const ownVariance = Math.log1p(squaredVariation / terms)
  return normalUpperTail((Math.log(ratio) + ownVariance / 2) / Math.sqrt(ownVariance + levelSd ** 2))
}

/** Amounts have tails like a power, their logarithms like an exponential of this scale. */
const logScale = 0.7

/**
 * A bound on how probable a mean of `terms` logarithms of amounts at least `distance` beyond the expected one is
 * (Bernstein's). `variance` is that of the mean, `levelVariance` that of its level.
 */
export function meanLogTail(
  distance: number,
  terms: number,
  variance: number,
  levelVariance: number
): number {
  if (!(distance > 0) || terms <= 0) return 1
  return Math.exp(-(distance ** 2) / 2 / (variance + levelVariance + (logScale * distance) / terms))
}

/** Signed z-score of a variance-stabilised count (Anscombe): the spread is never below what counts imply. */
export function countZScore(observed: number, expectation: Expectation): number {
  const { mean, dispersion, levelSd } = expectation
  const varianceToMean = Math.max(1, dispersion) + levelSd ** 2 * mean
  return (2 * (Math.sqrt(observed + 3 / 8) - Math.sqrt(mean + 3 / 8))) / Math.sqrt(varianceToMean)
}
