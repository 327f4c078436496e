import type { EventType, ShopEvent } from '../decode/types.ts'

/**
 * One metric's share of a window, additive over windows: a trailing sum adds up `numerator`, `denominator`,
 * `sampleSize` and `squares` of its windows.
 *
 * - count, distinct: `numerator` is the count, `denominator` 1, `sampleSize` the count, `squares` 0.
 * - sum: `numerator` is the sum in units, `denominator` 1, `sampleSize` the number of terms, `squares` the sum of
 *   their squares.
 * - ratio: `numerator` ÷ `denominator`, `sampleSize` the denominator, `squares` 0.
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
}

export interface SegmentValue extends MetricValue {
  readonly metric: string
  /** What the segment is a value of, such as `category`; two of them for a combination: `country × payment_method`. */
  readonly dimension: string
  /** `dimension=value`, such as `currency=EUR`; of a combination `country=DE × payment_method=paypal`. */
  readonly segment: string
}

/** What a partial accumulates of the events of some types. Adding a metric means adding an entry here or below. */
export type Measure =
  | {
      readonly name: string
      readonly kind: 'count'
      readonly types: Types
      readonly where?: (event: ShopEvent) => boolean
    }
  | {
      readonly name: string
      readonly kind: 'sum'
      readonly types: Types
      readonly of: (event: ShopEvent) => number | undefined
    }
  | {
      readonly name: string
      readonly kind: 'distinct'
      readonly types: Types
      readonly of: (event: ShopEvent) => string | undefined
      /** Events without the field count as one each, instead of not at all. */
      readonly countAbsent?: boolean
    }

/** Event types that a measure looks at; `unknown` are those outside the contract. */
export type Types = 'every' | readonly (EventType | 'unknown')[]
