import type { HourlyHistory } from '../baseline/hourly-history.ts'
import { countTail } from '../stats/significance.ts'
import type { Measured } from './measurement.ts'

/** How far the usual rate of an hour strays, in logarithms, beside what is not known of it. */
const usualSpread = 0.07
const mildlyImprobable = 0.01
/** Nothing seen is less than one, not never. */
const leastCount = 0.5

export interface UsualHour {
  /** Of this hour of the day; undefined before the second day. */
  readonly usual: ReturnType<HourlyHistory['usual']>
  /** What the expected count becomes by a shift of the mix alone, as a share of it. */
  readonly shift: number
  /** Less of a drop is none. */
  readonly leastDrop: number
  readonly maxPValue: number
}

/**
 * Whether a drop is more than a return to the usual rate of this hour, or than what the mix explains. What is left must be
 * as improbable as any finding where the usual rate is known; else the more so, the more of the drop is explained: every
 * night is a draw.
 */
export function isBelowUsual(
  { observed, expected, exposure, dispersion }: Measured,
  { usual, shift, leastDrop, maxPValue }: UsualHour
): boolean {
  const mean = Math.min(usual === undefined ? expected : usual.rate * exposure, expected * shift)
  if (!(mean < expected)) return true
  if (observed > (1 - leastDrop) * mean) return false
  const levelSd = Math.sqrt(usualSpread ** 2 + (usual === undefined ? 0 : 1 / Math.max(1, usual.count)))
  const explained = Math.log(expected / mean) / Math.log(expected / Math.max(observed, leastCount))
  const mostProbable =
    (usual === undefined ? mildlyImprobable : maxPValue) ** (1 - explained) * maxPValue ** explained
  return countTail('drop', observed, { mean, dispersion, levelSd, trials: exposure }) <= mostProbable
}
