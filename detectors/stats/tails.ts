import { errorFunction, gammaln } from 'simple-statistics'

const tiny = 1e-300
/** Less than this is no count. */
const leastCount = 1e-9
/** A share may always fail. */
const greatestRate = 0.99
/** Some √max(a, b) terms are needed; the bound only keeps a faulty argument from hanging the pipeline. */
const mostTerms = 5_000

/** P(Z ≥ z) of a standard normal Z; good to the far tail, unlike a table. */
export function normalUpperTail(z: number): number {
  return (1 - errorFunction(z / Math.SQRT2)) / 2
}

/**
 * P(Y ≤ y) of counts that come in bunches: a Poisson number of bunches, each of `dispersion` counts, so that the variance
 * is `dispersion` × mean. Of the usual overdispersed counts it has the heaviest lower tail: nothing at all is as likely
 * as no bunch. `y` may be a fraction, as of revenue counted in mean orders.
 */
export function countLowerTail(y: number, mean: number, dispersion: number): number {
  if (y < 0) return 0
  if (mean <= 0) return 1
  if (y === 0) return Math.exp(-mean / dispersion)
  return 1 - regularizedGamma(y / dispersion + 1, mean / dispersion)
}

/** P(Y ≥ y) of a negative binomial Y with this mean and variance ÷ mean (Poisson where that is 1). */
export function countUpperTail(y: number, mean: number, dispersion: number): number {
  if (y < leastCount) return 1
  if (mean <= 0) return 0
  const excess = Math.max(dispersion - 1, 1e-3)
  return regularizedBeta(excess / (1 + excess), y, mean / excess)
}

/**
 * P(Y ≤ y) of a share of `trials`: a binomial of so many fewer trials that its variance is `dispersion` × mean, at least
 * the binomial's own.
 */
export function shareLowerTail(y: number, trials: number, mean: number, dispersion: number): number {
  if (y >= trials) return 1
  if (y < 0) return 0
  const rate = Math.min(mean / trials, greatestRate)
  const scale = Math.min(1, (1 - rate) / dispersion)
  return regularizedBeta(1 - rate, scale * (trials - y), scale * y + 1)
}

/** Of one sum over levels, all have the same first argument. */
let lastShape = Number.NaN
let lastGammaln = Number.NaN
function gammalnOf(shape: number): number {
  if (shape !== lastShape) {
    lastShape = shape
    lastGammaln = gammaln(shape)
  }
  return lastGammaln
}

/** P(a, x), the regularized lower incomplete gamma function: by its series below a + 1, by its continued fraction above. */
export function regularizedGamma(a: number, x: number): number {
  if (x <= 0) return 0
  const front = Math.exp(a * Math.log(x) - x - gammalnOf(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < mostTerms && term > sum * 1e-14; n += 1) {
      term *= x / (a + n)
      sum += term
    }
    return front * sum
  }
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let fraction = d
  for (let n = 1; n < mostTerms; n += 1) {
    const numerator = -n * (n - a)
    b += 2
    d = 1 / nonZero(numerator * d + b)
    c = nonZero(b + numerator / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-14) break
  }
  return 1 - front * fraction
}

/** I_x(a, b), the regularized incomplete beta function, by Lentz's continued fraction. */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(gammaln(a + b) - gammalnOf(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x))
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a
  return 1 - (front * betaFraction(1 - x, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m < mostTerms; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-12) break
  }
  return fraction
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value
}
