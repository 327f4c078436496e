import { errorFunction, gammaln } from 'simple-statistics'

/** P(Z ≥ z) of a standard normal Z; good to the far tail, unlike a table. */
export function normalUpperTail(z: number): number {
  return (1 - errorFunction(z / Math.SQRT2)) / 2
}

/**
 * P(Y ≤ y) of a negative binomial Y with this mean and variance ÷ mean (Poisson where that is 1). `y` may be a fraction,
 * as of revenue counted in mean orders: then the next greater count's step is spread over it.
 */
export function countLowerTail(y: number, mean: number, dispersion: number): number {
  if (y < 0) return 0
  if (mean <= 0) return 1
  const excess = Math.max(dispersion - 1, 1e-3)
  return regularizedBeta(1 / (1 + excess), mean / excess, y + 1)
}

/** P(Y ≥ y) of the same Y. */
export function countUpperTail(y: number, mean: number, dispersion: number): number {
  if (y <= 0) return 1
  if (mean <= 0) return 0
  const excess = Math.max(dispersion - 1, 1e-3)
  return regularizedBeta(excess / (1 + excess), y, mean / excess)
}

/** I_x(a, b), the regularized incomplete beta function, by Lentz's continued fraction. */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x))
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a
  return 1 - (front * betaFraction(1 - x, b, a)) / b
}

const tiny = 1e-300

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  // The fraction needs some √max(a, b) terms; the bound only keeps a faulty argument from hanging the pipeline.
  for (let m = 1; m <= 5_000; m += 1) {
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
