export interface SpreadOptions {
  /** What a level is believed to stray by (a share) until it is learned. */
  readonly prior: number
  /** The belief's weight, in spans seen one after the other. */
  readonly priorSpans: number
  /** It is never believed to stray by less. */
  readonly least: number
  /** Memory, in windows. */
  readonly memoryWindows: number
}

const clipAt = 9

/** How far the level strays from its forecast beyond what the filter knows, for each span, as a variance of its logarithm. */
export function createSpread(spans: readonly number[], options: SpreadOptions) {
  const excesses = new Map(spans.map(span => [span, { sum: 0, weight: 0, variance: options.prior ** 2 }]))
  const kept = 1 - 1 / options.memoryWindows
  const prior = options.prior ** 2
  const least = options.least ** 2
  return {
    variance(span: number): number {
      return excesses.get(span)?.variance ?? prior
    },
    /** Takes in a forecast of a span that was nothing out of the ordinary. */
    learn(span: number, observed: number, mean: number, dispersion: number, knownVariance: number): void {
      const excess = excesses.get(span)
      if (!excess || !(mean > 0)) return
      const noise = dispersion / mean
      const squared = Math.min((observed / mean - 1) ** 2, clipAt * (noise + knownVariance + excess.variance))
      // Where chance alone strays further than the belief, a span says little of the level.
      const weight = (prior / (prior + noise)) ** 2
      excess.sum = excess.sum * kept + weight * (squared - noise - knownVariance)
      excess.weight = excess.weight * kept + weight
      const believed = options.priorSpans * span
      excess.variance = Math.max(least, (believed * prior + excess.sum) / (believed + excess.weight))
    }
  }
}

export type Spread = ReturnType<typeof createSpread>
