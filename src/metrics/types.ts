import { type EventLine, type EventType, eventTypes, type ShopEvent } from '../decode/types.ts'

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
}

export interface SegmentValue extends MetricValue {
  readonly metric: string
  /** What the segment is a value of, such as `category`; two of them for a combination: `country × payment_method`. */
  readonly dimension: string
  /** `dimension=value`, such as `currency=EUR`; of a combination `country=DE × payment_method=paypal`. */
  readonly segment: string
}

/** What a metric's value is counted in; `money` in units of the shop's currency. */
export type Unit = 'money' | 'count' | 'share' | 'seconds' | 'number'

/** A metric: a named number of a window, made of measures. `Name` are the names that a measure may have. */
export type MetricDefinition<Name extends string = string> = {
  readonly name: string
  readonly unit: Unit
  readonly description: string
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
      /** The least value shown; the numerator itself is kept as it is, so that it adds up over windows. */
      readonly floor?: number
    })
  /** Of one dimension only, nothing of the whole shop: events of a value ÷ events with any. */
  | { readonly kind: 'segment_share'; readonly dimension: string }
  /** Of the fields of the contract, a segment each, nothing of the whole shop. */
  | { readonly kind: 'field_share'; readonly of: 'present' | 'numeric' }
)

interface Segmentable {
  /** There are rows of it for each segment, too. */
  readonly segmented?: true
}

/** Measures added up and, with a leading minus, taken away. */
export type Term<Name extends string = string> = Name | `-${Name}`

/** What a partial accumulates of the events of some types. */
export type Measure = {
  readonly name: string
  readonly types: Types
  readonly where?: (event: ShopEvent) => boolean
} & (
  | { readonly kind: 'count' }
  | {
      readonly kind: 'distinct'
      readonly of: (event: ShopEvent) => string | undefined
      /** Of an event with several products: what each of them has. */
      readonly ofLine?: (line: EventLine) => string | undefined
      /** Events without the field count as one each, instead of not at all. */
      readonly countAbsent?: boolean
    }
  | (Amount & {
      readonly kind: 'sum'
      /** Squares are kept of whole steps of so many, so that their sum stays an integer that a double holds. */
      readonly squareStep: number
      /** Amounts in currencies without a rate are kept apart, instead of left out. */
      readonly keepForeign?: true
    })
  | (Amount & { readonly kind: 'quantile' })
)

/** A number of an event, an integer, so that sums do not depend on their order. One of `of` and `ofLine`, or both. */
export interface Amount {
  /** Of the event; `recordTime` is its record's own timestamp, undefined where it has none. */
  readonly of?: (event: ShopEvent, recordTime: number | undefined) => number | undefined
  /** Of each of an event's products. With both, it serves segments that are a product's. */
  readonly ofLine?: (line: EventLine) => number | undefined
  /** It is money in the event's currency, in ten-thousandths: turned into the shop's, left out without a rate. */
  readonly money?: true
  /** What is taken of it, behind that. */
  readonly map?: (amount: number) => number | undefined
  /** So many of it are one unit. */
  readonly scale: number
}

/** A field whose values are segments. */
export interface Dimension {
  /** Such as `category`, or `country × payment_method`. */
  readonly name: string
  /** The event's value, as it is a row of the table. */
  readonly of: (event: ShopEvent) => string | undefined
  /** Of an event with several products, the value of each; undefined where the dimension is none of theirs. */
  readonly ofLine?: (line: EventLine, event: ShopEvent) => string | undefined
  /** The value as it is kept: called for those that are not yet known. */
  readonly clean: (value: string) => string
  /** The segment's name, of a value. */
  readonly label: (value: string) => string
}

/** What values beyond the bound are counted under. */
export const otherValue = 'other'

/** Every type that an event can have; `unknown` are those outside the contract. */
export const measuredTypes = [...eventTypes, 'unknown'] as const

/** Event types that a measure looks at. */
export type Types = 'every' | readonly (EventType | 'unknown')[]
