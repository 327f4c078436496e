export interface DispersionOptions {
  /** Variance ÷ mean of a window's count until it is learned. */
  readonly prior: number
  /** The prior's weight, in windows. */
  readonly priorWindows: number
  readonly memoryWindows: number
  readonly least: number
  readonly greatest: number
}

/** Two neighbouring sums of the same count, with their exposures. */
export interface Neighbours {
  readonly count: number
  readonly exposure: number
  readonly countBefore: number
  readonly exposureBefore: number
}

/** What one pair may say at most, in units of the dispersion. */
const clipAt = 12
/** From so many windows on, what was seen counts by itself, less what luck may have added. */
const fewWindows = 10
const seenShare = 0.8
/** Between neighbours the level itself strays by about this variance; of great counts that is most of what is seen. */
const levelVariance = 0.002

/**
 * Variance ÷ mean of counts at a known level: 1 for independent events, more where they come in bunches. Learns from
 * neighbours, whose level is nearly the same, whatever it is.
 */
export function createDispersion(options: DispersionOptions) {
  const kept = 1 - 1 / options.memoryWindows
  const { prior, priorWindows } = options
  let sum = 0
  let weights = 0
  let value = prior
  return {
    value: () => value,
    learn({ count, exposure, countBefore, exposureBefore }: Neighbours): void {
      const both = count + countBefore
      if (!(both > 0 && exposure > 0 && exposureBefore > 0)) return
      const difference = count * exposureBefore - countBefore * exposure
      const seen = difference ** 2 / (exposure * exposureBefore * both)
      const weight = both / (10 + both) / (1 + levelVariance * both)
      sum = sum * kept + weight * Math.min(seen, clipAt * value)
      weights = weights * kept + weight
      const believed = (priorWindows * prior + sum) / (priorWindows + weights)
      // What comes in far greater bunches than believed shows it before the belief gives way.
      value = weights < fewWindows ? believed : Math.max(believed, (seenShare * sum) / weights)
      value = Math.min(options.greatest, Math.max(options.least, value))
    }
  }
}

export type Dispersion = ReturnType<typeof createDispersion>
