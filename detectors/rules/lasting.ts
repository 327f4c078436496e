import type { Direction } from '../stats/significance.ts'
import type { Measure, Measured } from './measurement.ts'
import { whole } from './ranges.ts'

/** How a condition stands that was found before: still there, back near its baseline, or too few events to tell. */
export type Lasting = 'lasts' | 'over' | 'unknown'

/** It lasts on milder evidence than opened it: half of its change, and as improbable as this. */
const leastShare = 0.5
const improbable = 0.05

/** The newest windows that are looked at: more where fewer could not show the condition. */
const spans = [5, 10, 20, 40] as const

/**
 * Tells at any later window how a condition stands that was found with this change. A span is long enough if the
 * condition, were it there, would be improbable in it by chance.
 */
export function lastingOf(measure: Measure, direction: Direction, found: Measured): () => Lasting {
  const changed = found.observed / found.expected - 1
  return function lasting() {
    for (const span of spans) {
      const measured = measure(whole(span))
      if (!measured || measured.windows < span / 2) continue
      const { observed, expected } = measured
      if (measured.probability(direction, expected * (1 + changed)) > improbable) continue
      const left = (observed / expected - 1) / changed
      return left >= leastShare && measured.probability(direction) <= improbable ? 'lasts' : 'over'
    }
    return 'unknown'
  }
}
