import type { Distinct } from './distinct.ts'

/** One partition's share of one window: mergeable, and a pure function of the log up to an offset. */
export interface Partial {
  /** Milliseconds since the epoch. */
  readonly start: number
  /** Every record counted here: events, late ones and dead letters. */
  records: number
  late: number
  dead: number
  /** By slot of the measures: counts, sums in ten-thousandths, and distinct's events without the field. */
  readonly counts: Float64Array
  /** By slot: terms of a sum. */
  readonly terms: Float64Array
  /** By slot: the sum of squared terms, in hundredths squared. */
  readonly squares: Float64Array
  readonly sets: readonly (Distinct | undefined)[]
  /** Sums of amounts in currencies without a rate, in ten-thousandths; at most a bounded number of names. */
  readonly foreign: Map<string, ForeignSum>
}

export interface ForeignSum {
  amount: number
  terms: number
  squares: number
}

/** From `fromOffset` on, windows that end at or before `until` take no more events of this partition. */
export interface Seal {
  readonly fromOffset: number
  readonly until: number
}

/**
 * Where reading a partition goes on, and what must be known there so that every open window comes out the same.
 * It is what a commit carries: the offset and its metadata.
 */
export interface Checkpoint {
  /** The first record of the oldest window that is not done, or the next record where there is none. */
  readonly offset: number
  /** Windows that end at or before it are done; undefined before the first. */
  readonly sealedUntil: number | undefined
  /** The greatest trusted event time among the records before `offset`, and that record's own timestamp. */
  readonly maxEventTime: number | undefined
  readonly maxRecordTime: number | undefined
  /** Windows that start before it were entered in their middle. Undefined where the first record will tell. */
  readonly incompleteUntil: number | undefined
  /** Seals by the clock, which the log itself does not show, in order of their offset. */
  readonly seals: readonly Seal[]
}

/** What became of a record: `replayed` is part of a window that is done already. */
export type Placed = 'counted' | 'late' | 'replayed'
