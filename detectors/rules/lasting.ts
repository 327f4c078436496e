import type { Direction } from '../stats/significance.ts'
import type { Measure, Measured } from './measurement.ts'
import { againstFormer, whole } from './ranges.ts'

/** How a condition stands that was found before: still there, back near its baseline, or too few events to tell. */
export type Lasting = 'lasts' | 'over' | 'unknown'

/** What a condition is measured against: what is expected, or what was before its level was believed. */
type LastingAgainst = 'expected' | 'former'

/** Tells at any later window how a condition stands. */
export type LastingMeasure = (against: LastingAgainst) => Lasting

/** It lasts on milder evidence than opened it: half of its change, and as improbable as this. */
const leastShare = 0.5
const improbable = 0.05
/** A span in which the condition, were it there, would be as improbable as this shows that it is not. */
const surelyOver = 0.02

/** The newest windows that are looked at: more where fewer could not show the condition. */
const spans = [5, 10, 20, 40] as const

/**
 * Tells at any later window how a condition stands that was found with this change. A span is long enough if the
 * condition, were it there, would be improbable in it by chance.
 */
export function lastingOf(measure: Measure, direction: Direction, found: Measured): LastingMeasure {
  const changed = found.observed / found.expected - 1
  return function lasting(against) {
    for (const span of spans) {
      const measured = measure(against === 'former' ? againstFormer(whole(span)) : whole(span))
      if (!measured || measured.windows < span / 2) continue
      const { observed, expected } = measured
      const ifThere = measured.probability(direction, expected * (1 + changed))
      if (ifThere > improbable) continue
      const left = (observed / expected - 1) / changed
      if (left >= leastShare && measured.probability(direction) <= improbable) return 'lasts'
      if (ifThere <= surelyOver) return 'over'
    }
    return 'unknown'
  }
}
