/** A source of uniform numbers in [0, 1). */
export type Uniform = () => number

/** A uniform source (sfc32) that is a pure function of the seed and the name of what it is drawn for. */
export function uniformOf(seed: number, purpose: string): Uniform {
  let a = seed | 0
  let b = Math.floor(seed / 4_294_967_296) | 0
  let c = 0x9e3779b9
  let d = 1
  const next = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < purpose.length; i += 1) {
    a ^= purpose.charCodeAt(i)
    next()
  }
  for (let i = 0; i < 15; i += 1) next()
  return next
}

export function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

export function exponential(uniform: Uniform, mean: number): number {
  return -mean * Math.log(1 - uniform())
}

/** An integer in [low, high]. */
export function integer(uniform: Uniform, low: number, high: number): number {
  return low + Math.floor(uniform() * (high - low + 1))
}

/** Gamma of the given shape and mean (Marsaglia and Tsang). */
export function gamma(uniform: Uniform, shape: number, mean: number): number {
  if (shape < 1) return (gamma(uniform, shape + 1, mean) * uniform() ** (1 / shape) * (shape + 1)) / shape
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(uniform)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return (d * v * mean) / shape
    }
  }
}

/** Poisson; above a mean of 50 a rounded normal, which no test of ours can tell apart. */
export function poisson(uniform: Uniform, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(uniform)))
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = uniform(); product > limit; product *= uniform()) count += 1
  return count
}

/** Draws an index with the given weights, which add up to anything. */
export function weighted(weights: readonly number[]): (uniform: Uniform) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const cumulative: number[] = []
  let sum = 0
  for (const weight of weights) {
    sum += weight / total
    cumulative.push(sum)
  }
  return function drawIndex(uniform) {
    const u = uniform()
    const index = cumulative.findIndex(bound => u < bound)
    return index < 0 ? weights.length - 1 : index
  }
}
