import type { Severity } from './detection-types.ts'

/** Severities that a worse measure raises a finding to, mildest first: `from` is the measure, in the rule's own sense. */
export type Ladder = readonly { readonly severity: Severity; readonly from: number }[]

/** What every detector on trailing sums has. */
export interface SpanOptions {
  readonly enabled: boolean
  /** Trailing sums that are tested, in base windows, shortest first. */
  readonly spans: readonly number[]
  /** A finding also holds, more weakly, without all but one of this many of its most extreme windows. */
  readonly minWindows: number
  /** How improbable a finding must be for this detector at one close, shared out over its spans. */
  readonly improbable: number
}
