import type { ShopEvent } from '../decode/types.ts'

/** What measures have added up, by slot. */
export interface Columns {
  /** Counts, sums as integers, and distinct's events without the field. */
  counts: Float64Array
  /** Terms of a sum. */
  terms: Float64Array
  /** The sum of squared terms, in squared steps of the measure's own. */
  squares: Float64Array
  /** Of measures that are distinct; undefined before the first member. */
  sets: (DistinctCount | undefined)[]
  /** Of measures that are quantiles; undefined before the first value. */
  sketches: (QuantileSketch | undefined)[]
}

/** One partition's share of one window: mergeable, and a pure function of the log up to an offset. */
export interface Partial extends Columns {
  /** Milliseconds since the epoch. */
  readonly start: number
  /** Every record counted here: events, late ones and dead letters. */
  records: number
  late: number
  dead: number
  /** Sums of amounts in currencies without a rate, in ten-thousandths; at most a bounded number of names. */
  readonly foreign: Map<string, ForeignSum>
  readonly fields: FieldCounts
  /** By dimension. */
  readonly segments: readonly SegmentTable[]
}

/** Which fields of the contract events had, by the place of their type in `measuredTypes`. */
export interface FieldCounts {
  /** `present` and `numeric` are those of the event. */
  add(type: number, present: number, numeric: number): void
  /** Events of these types, those of them that had the field, and those in which it was a JSON number. */
  of(field: number, types: readonly number[]): FieldCount
}

interface FieldCount {
  readonly events: number
  readonly present: number
  readonly numeric: number
}

/**
 * What one dimension's values have of the segmented measures: a row of slots for each, the first one that of `other`,
 * into which values beyond the bound are folded.
 */
export interface SegmentTable extends Columns {
  /** Value to row. */
  readonly rows: Map<string, number>
  /** Events of each row. */
  events: Float64Array
  /** By row, the number of the event that it was last counted in. */
  stamps: Float64Array
  /** Events that have a value. */
  valued: number
}

export interface ForeignSum {
  amount: number
  terms: number
  squares: number
}

/** The length of windows, how late events may be, and after how long without any a partition is idle. */
export interface WindowTiming {
  readonly sizeMs: number
  readonly graceMs: number
  readonly idleMs: number
}

/** From `fromOffset` on, windows that end at or before `until` take no more events of this partition. */
export interface ClosedMarker {
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
  readonly closedUntil: number | undefined
  /** The greatest trusted event time among the records before `offset`, and that record's own timestamp. */
  readonly maxEventTime: number | undefined
  readonly maxRecordTime: number | undefined
  /** Windows that start before it were entered in their middle. Undefined where the first record will tell. */
  readonly incompleteUntil: number | undefined
  /** Windows that the clock closed, which the log itself does not show, in order of their offset. */
  readonly closedMarkers: readonly ClosedMarker[]
}

/** What became of a record: `replayed` is part of a window that is done already. */
export type Placed = 'counted' | 'late' | 'replayed'

/** One partition's windows. A function of its checkpoint, the log behind it and the closed markers. */
export interface PartitionWindows {
  /** Counts a trusted event; `recordTime` is the record's own timestamp. Both in milliseconds. */
  add(event: ShopEvent, offset: number, recordTime: number): Placed
  /** Counts a record that cannot be an event into the window that is open. */
  addDead(offset: number): void
  /** Says where reading stands: every record below `offset` has been handed in. */
  moveTo(offset: number): void
  position(): number
  /** Goes on at `offset`, past records that are lost: the windows around it are incomplete. */
  jumpTo(offset: number): void
  /**
   * Takes an answer of the broker, asked for at `askedAt`: the partition ended at `endOffset`. Where the broker was away,
   * it answers again since `answeringSince`.
   */
  endSeen(endOffset: number, askedAt: number, answeringSince?: number): void
  readToEnd(): boolean
  /** When an answer that found it read to its end was asked for last. */
  endSeenAt(): number | undefined
  /** Up to where this partition lets windows close; undefined where it holds nothing (nothing known of it). */
  watermark(): number | undefined
  maxEventTime(): number | undefined
  /** Start of the oldest window that has records. */
  oldestOpen(): number | undefined
  /** Takes the share of a window out, to be merged; it stays in the checkpoint until `done`. */
  take(start: number): Partial | undefined
  isIncomplete(start: number): boolean
  /**
   * Windows that end at or before `until` have closed: from here on their events are late. True where the log does not
   * show it: then it must be committed before the rows of those windows are stored, or a crash would place records
   * anew that are stored as late already.
   */
  markClosed(until: number): boolean
  /** Windows that end at or before `until` are done: their records need not be read again. */
  done(until: number): void
  checkpoint(): Checkpoint
  openWindows(): number
  /** Starts of the windows that have records and are not taken. */
  openStarts(): Iterable<number>
}

/** Counts distinct strings: exactly up to `exactLimit` members, by a HyperLogLog sketch above. */
export interface DistinctCount {
  add(member: string): void
  /** The exact members' fingerprints, or undefined once it is a sketch. */
  fingerprints(): { readonly slots: Float64Array; readonly size: number } | undefined
  registers(): Uint8Array | undefined
  /** Takes the members of another in. */
  merge(other: DistinctCount): void
  /** The number of distinct members of this and the others together: exact where each of them is. */
  countWith(others: readonly DistinctCount[]): number
}

/** Quantiles of integers to within 1 %, mergeable: the same whatever the order of what was added. */
export interface QuantileSketch {
  add(value: number): void
  count(): number
  /** The value that so great a share of all is at most; undefined of none. */
  quantileWith(others: readonly QuantileSketch[], share: number): number | undefined
  buckets(): { readonly negative: Float64Array; readonly zero: number; readonly positive: Float64Array }
}

/** All partitions' shares of one window together, final. */
export interface ClosedWindow {
  readonly start: number
  readonly end: number
  readonly complete: boolean
  /** In order of their partition; none for a window in which nothing happened. */
  readonly partials: readonly Partial[]
  /** Whose they are, in the same order: `topic/number`. */
  readonly partitions: readonly string[]
}
