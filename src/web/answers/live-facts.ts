import type { Warmup } from '../../../detectors/types.ts'
import type { Readiness } from '../types.ts'

/** What an instance knows of itself alone, without a question to anybody. */
export interface LiveFacts {
  readonly instance: string
  /** It works, or finds out where to begin; else another one does. */
  readonly isActive: boolean
  /** Records that are not read yet. */
  readonly lag: number
  /** Windows that end at or before it are over; undefined before the first. */
  readonly closedUntil: number | undefined
  readonly readiness: Readiness
  readonly warmup: readonly Warmup[]
  readonly receivers: readonly LiveReceiverFacts[]
}

export interface LiveReceiverFacts {
  readonly name: string
  readonly waiting: number
  /** When the next message may go; null where none waits. */
  readonly nextAt: number | null
  readonly breaker: 'closed' | 'open' | 'half_open'
  /** Undefined before the first send. */
  readonly last: { readonly outcome: string; readonly answer: string } | undefined
}
