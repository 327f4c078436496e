import type { Comparison } from './track.ts'

export interface DispersionOptions {
  /** Variance ÷ mean of a window's count until it is learned. */
  readonly prior: number
  /** The prior's weight, in windows. */
  readonly priorWindows: number
  readonly memoryWindows: number
  readonly greatest: number
}

/** Variance ÷ mean of counts at a known level: 1 for independent events, more where they come in bunches. */
export interface Dispersion {
  value(): number
  learn(seen: Comparison): void
}

const clipAt = 16

export function createDispersion(options: DispersionOptions): Dispersion {
  const kept = 1 - 1 / options.memoryWindows
  let squares = 0
  let means = 0
  let weight = 0
  let value = options.prior
  return {
    value: () => value,
    learn({ observed, filterVariance, expectation: { mean } }) {
      const ofLevel = filterVariance * mean ** 2
      const squared = Math.min((observed - mean) ** 2, clipAt * (value * mean + ofLevel + value ** 2))
      squares = squares * kept + squared - ofLevel
      means = means * kept + mean
      weight = weight * kept + 1
      const believed = (options.priorWindows * means) / weight
      value = (believed * options.prior + squares) / (believed + means)
      value = Math.min(options.greatest, Math.max(1, value))
    }
  }
}
