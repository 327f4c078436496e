import type { Severity } from '../../../detectors/types.ts'

/** An incident that a scenario should raise. Times in milliseconds. */
export interface Expectation {
  /** One of its alerts is of one of these kinds. */
  readonly kinds: readonly string[]
  /** That alert is about this segment, or names it; null: about whatever. */
  readonly segment: string | null
  /** The incident's severity at the end is one of these; null: any. */
  readonly severities: readonly Severity[] | null
  /** From when on it is looked for, which its delay counts from; null: from the beginning, and no delay is known. */
  readonly fromMs: number | null
  /** It opens at the latest so long after that; null: whenever. */
  readonly withinMs: number | null
  /** Exactly these receivers are told of it, in any order; null: whoever. */
  readonly to: readonly string[] | null
  /** Where the file says so. */
  readonly place: string
}

/** The mildest severity at which an incident that nobody expected fails a scenario; null: none fails. */
export type LeastUnexpected = Severity | null
