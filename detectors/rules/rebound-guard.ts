import type { EarlierFindings } from '../detector.ts'
import type { Measure } from './measurement.ts'
import { newest } from './ranges.ts'
import type { Rule } from './window-scan.ts'

/** Below the level of before the rise, a drop need not be as improbable as it is below the present one. */
const mildlyImprobable = 0.01

export interface DropAfterRise {
  readonly measure: Measure
  readonly rule: Rule
  /** Of the drop, and the longest there is, in windows. */
  readonly span: number
  readonly longest: number
}

/**
 * Whether a drop is more than the end of a reported rise, such as a sale: then it also lies below the level of
 * before the longest span, which is that of before the rise or what was learned last until then.
 */
export function isBelowBeforeRise(
  { measure, rule, span, longest }: DropAfterRise,
  earlier: EarlierFindings
): boolean {
  if (!earlier.rose('events', longest)) return true
  const before = measure(newest(longest, span))
  return before === undefined || (rule(before) && before.probability('drop') <= mildlyImprobable)
}
