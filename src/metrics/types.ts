import type { Measure } from '../window/measure.ts'
import type { Segment } from '../window/segment.ts'
import type { CountedFault } from './measures.ts'

/**
 * One metric's share of a window, additive over windows: a trailing sum adds up `numerator`, `denominator`,
 * `sampleSize` and `squares` of its windows.
 *
 * - count, distinct: `numerator` is the count, `denominator` 1, `sampleSize` the count, `squares` 0.
 * - sum: `numerator` is the sum in units, `denominator` 1, `sampleSize` the number of terms, `squares` the sum of
 *   their squares.
 * - mean: as a sum, but `denominator` is the number of terms.
 * - ratio: `numerator` ÷ `denominator`, `sampleSize` the denominator, `squares` 0.
 * - quantile: adds up over no windows, so `numerator` and `denominator` are 0; `sampleSize` is the number of its values.
 */
export interface MetricValue {
  /** What a person reads, e.g. revenue in units of the currency; null for a ratio without a denominator. */
  readonly value: number | null
  readonly numerator: number
  readonly denominator: number
  readonly sampleSize: number
  readonly squares: number
}

/** The metrics of one closed window. `values` are those of the whole shop (segment `all`), by metric name. */
export interface WindowMetrics {
  /** Milliseconds since the epoch, inclusive. */
  readonly start: number
  /** Milliseconds since the epoch, exclusive. */
  readonly end: number
  /** False where a part of the window was never seen: such a window is not judged and not learned from. */
  readonly complete: boolean
  /** Records counted into the window: the version of its rows. */
  readonly records: number
  readonly values: ReadonlyMap<string, MetricValue>
  /** Rows of segments other than `all`. */
  readonly segments: readonly SegmentValue[]
  /** Absent where it counted none, and of windows read back from the store. */
  readonly orders?: WindowOrders
}

/** What later windows, and people, need to know of a window's orders. */
interface WindowOrders {
  /** Fingerprints of the purchases that count. */
  readonly keys: Float64Array
  /** The id of an order that came again; undefined where none did. */
  readonly repeated: string | undefined
}

export interface SegmentValue extends MetricValue {
  readonly metric: string
  /** What the segment is a value of, such as `category`; two of them for a combination: `country × payment_method`. */
  readonly dimension: string
  readonly segment: Segment
}

/** What a metric's value is counted in; `money` in units of the shop's currency, a `share` is 1 for all. */
export const units = ['money', 'count', 'share', 'seconds', 'bytes', 'number'] as const
export type Unit = (typeof units)[number]

/** The change that is bad news; `either` where both are. */
export const badChanges = ['drop', 'rise', 'either'] as const
export type BadChange = (typeof badChanges)[number]

/** How values of a metric are read. */
export interface Scale {
  readonly unit: Unit
  /** Values of several windows add up. */
  readonly additive: boolean
}

/** A metric: a named number of a window, made of measures. `Name` are the names that a measure may have. */
export type MetricDefinition<Name extends string = string> = {
  readonly name: string
  readonly unit: Unit
  /** As in `Scale`; where left out, counts, sums and balances add up and nothing else does. */
  readonly additive?: boolean
  readonly bad: BadChange
  readonly description: string
  /** Detectors learn it of segments, too: a restart reads those rows back. */
  readonly learntOfSegments?: true
  /** Those that it is made of beside the ones that every shop has. */
  readonly measures?: readonly Measure[]
} & (
  | (Segmentable & {
      readonly kind: 'count' | 'distinct' | 'sum' | 'mean'
      readonly of: Name
    })
  | { readonly kind: 'quantile'; readonly of: Name; readonly share: number }
  | (Segmentable & {
      readonly kind: 'balance'
      /** Sums added up and taken away. */
      readonly of: readonly Term<Name>[]
    })
  | (Segmentable & {
      readonly kind: 'ratio'
      readonly numerator: readonly Term<Name>[]
      readonly denominator: readonly Term<Name>[]
      /** Both are counts; where left out, those of a share are. */
      readonly ofCounts?: boolean
      /** The least value shown; the numerator itself is kept as it is, so that it adds up over windows. */
      readonly floor?: number
      /** There are rows of it for each type of event, too: of this fault. */
      readonly fault?: CountedFault
    })
  /** Of one dimension only, nothing of the whole shop: events of a value ÷ events with any. */
  | { readonly kind: 'segment_share'; readonly dimension: string }
  /** Of the fields of the contract, a segment each, nothing of the whole shop. */
  | { readonly kind: 'field_share'; readonly of: 'present' | 'numeric' }
)

interface Segmentable {
  /** There are rows of it for each segment, too: of every dimension, or of these. */
  readonly segmented?: true | readonly string[]
}

/** Measures added up and, with a leading minus, taken away. */
export type Term<Name extends string = string> = Name | `-${Name}`
