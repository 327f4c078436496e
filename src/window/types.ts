import type { ShopEvent } from '../decode/types.ts'
import type { GroupedTerms } from './grouped-terms.ts'
import type { HeldPurchases } from './orders/held.ts'

/** The sums of all measures, by slot. */
export interface Columns {
  /** Counts, sums as integers, and of a distinct measure the events without the field. */
  counts: Float64Array
  /** Terms of a sum. */
  terms: Float64Array
  /** The sum of squared terms, in squared steps of the measure's own. */
  squares: Float64Array
  /** Of distinct measures; undefined before the first member. */
  sets: (DistinctCount | undefined)[]
  /** Of quantile measures; undefined before the first value. */
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
  /** Sums of amounts in currencies without a rate, in ten-thousandths. The number of names is bounded. */
  readonly foreign: Map<string, ForeignSum>
  /** Of measures whose terms are taken together, by slot; undefined before the first. */
  readonly grouped: (GroupedTerms | undefined)[]
  readonly fields: FieldCounts
  /** They are no part of the other numbers until the window has closed; undefined where orders are not compared. */
  readonly held: HeldPurchases | undefined
  /** In the order of the dimensions. */
  readonly segments: readonly SegmentTable[]
}

/** How many events had which field of the contract, by the place of their type in `measuredTypes`. */
export interface FieldCounts {
  /** Counts an event; `present` and `numeric` as in `ShopEvent`. */
  add(type: number, present: number, numeric: number): void
  addTo(sums: FieldSums): void
}

export interface FieldSums {
  /** By type. */
  readonly events: Float64Array
  /** How many had a field, and in how many it was a JSON number: the fields of the first type, then those of the next. */
  readonly present: Float64Array
  readonly numeric: Float64Array
}

/**
 * What one dimension's values have of the segmented measures: a row of slots for each, the first one that of `other`,
 * into which values beyond the bound are folded.
 */
export interface SegmentTable extends Columns {
  /** Value to row. */
  readonly rows: Map<string, number>
  /** By a hint at a value, the row in which it may be, and by row the value that a hint led to last. */
  readonly hinted: Int32Array
  readonly values: string[]
  /** Events of each row. */
  events: Float64Array
  /** By row, the number of the last event counted in it. */
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
  /** The first record of the oldest window that is not done; the next record if all are done. */
  readonly offset: number
  /** Windows that end at or before it are done; undefined before the first. */
  readonly closedUntil: number | undefined
  /** The greatest trusted event time among the records before `offset`, and that record's own timestamp. */
  readonly maxEventTime: number | undefined
  readonly maxRecordTime: number | undefined
  /** Windows that start before it lack records. Undefined if the first record will tell. */
  readonly incompleteUntil: number | undefined
  /** Windows that the clock closed: the log does not show it. In order of their offset. */
  readonly closedMarkers: readonly ClosedMarker[]
}

/** What happened to a record; `replayed`: its window was done before. */
export type Placed = 'counted' | 'late' | 'replayed'

/** One partition's windows. A function of its checkpoint, the log behind it and the closed markers. */
export interface PartitionWindows {
  /** Counts a trusted event; `recordTime` is the record's own timestamp. Both in milliseconds. */
  add(event: ShopEvent, offset: number, recordTime: number): Placed
  /** Counts a dead letter in the open window. */
  addDead(offset: number): void
  /** Reading has reached `offset`: every record below it was handed in. */
  moveTo(offset: number): void
  position(): number
  /** Continues at `offset`; the records before it are lost, so the windows around it are incomplete. */
  jumpTo(offset: number): void
  /**
   * Takes an answer of the broker, asked for at `askedAt`: the partition ended at `endOffset`. Where the broker was away,
   * it answers again since `answeringSince`.
   */
  endSeen(endOffset: number, askedAt: number, answeringSince?: number): void
  readToEnd(): boolean
  /** When the last answer that showed it read to its end was asked for. */
  endSeenAt(): number | undefined
  /** Windows that end at or before it may close; undefined if the partition holds nothing back (no event, at its end). */
  watermark(): number | undefined
  maxEventTime(): number | undefined
  /** Start of the oldest window that has records. */
  oldestOpen(): number | undefined
  /** Removes a window's share, to be merged; the checkpoint covers it until `done`. */
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

/** Counts distinct members by what stands for them (`idPrint`): exactly up to `exactLimit` members, by a HyperLogLog sketch above. */
export interface DistinctCount {
  add(print: number): void
  /** Adds the print that lies there. */
  addAt(prints: Float64Array, at: number): void
  /** The exact members' fingerprints, or undefined once it is a sketch. */
  fingerprints(): { readonly slots: Float64Array; readonly size: number } | undefined
  registers(): Uint8Array | undefined
  /** An empty one, with room for as many. */
  another(): DistinctCount
  /** Adds the members of another. */
  merge(other: DistinctCount): void
  /** The number of distinct members of this and the others together; exact if each of them is. */
  countWith(others: readonly DistinctCount[]): number
}

/** Quantiles of integers to within 1 %, mergeable: the same whatever the order of what was added. */
export interface QuantileSketch {
  add(value: number): void
  count(): number
  /** The value that this share of all values does not exceed; undefined without values. */
  quantileWith(others: readonly QuantileSketch[], share: number): number | undefined
  buckets(): { readonly negative: Float64Array; readonly zero: number; readonly positive: Float64Array }
}

/** All partitions' shares of one window together, final. */
export interface ClosedWindow {
  readonly start: number
  readonly end: number
  readonly complete: boolean
  /** In order of their partition; empty if nothing happened in the window. */
  readonly partials: readonly Partial[]
  /** Their partitions, in the same order: `topic/number`. */
  readonly partitions: readonly string[]
  /** Once its orders are settled; absent where it has none. */
  readonly orders?: ClosedOrders
}

/** What became of the orders of a closed window. */
export interface ClosedOrders {
  /** Fingerprints of the purchases that count. */
  readonly keys: Float64Array
  /** By partition, where there are any. */
  readonly repeats: readonly RepeatedOrders[]
  /** Purchases that were too many to be compared, and so were counted. */
  readonly uncompared: number
  /** Earlier purchases that were too many to be remembered for the whole span. */
  readonly forgotten: number
}

/** Purchases of a partition whose order had been counted, late ones among them, with the id of one. */
export interface RepeatedOrders {
  readonly partition: string
  readonly purchases: number
  readonly example: string
}
