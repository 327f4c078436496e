import type { EventType } from '../decode/layout.ts'
import { eventTypes } from '../decode/layout.ts'
import type { EventLine, ShopEvent } from '../decode/types.ts'
import type { Segment } from './segment.ts'

/** What a partial accumulates of the events of some types. */
export type Measure = {
  readonly name: string
  readonly types: Types
  readonly where?: (event: ShopEvent) => boolean
  /** Only events with one of these faults: a sum of `faultBits`. */
  readonly faults?: number
} & (
  | { readonly kind: 'count' }
  | {
      readonly kind: 'distinct'
      /** What is counted, as an `idPrint`; 0 where the event has none. */
      readonly printOf: (event: ShopEvent) => number
      /** Of an event with several products: what each of them has. */
      readonly printOfLine?: (line: EventLine) => number
      /** Events without the field count as one each, instead of not at all. */
      readonly countAbsent?: boolean
    }
  | (Amount & {
      readonly kind: 'sum'
      /** Squares are kept of whole steps of so many, so that their sum stays an integer that a double holds. */
      readonly squareStep: number
      /** Amounts in currencies without a rate are kept apart, instead of left out. */
      readonly keepForeign?: true
      /** Terms of one group are one term, of a whole window: their sum, or their mean. */
      readonly together?: Together
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

export interface Together {
  readonly by: (event: ShopEvent) => string
  readonly as: 'sum' | 'mean'
}

/** A field whose values are segments. */
export interface Dimension {
  /** Such as `category`, or `country × payment_method`. */
  readonly name: string
  /** Where a scanned event has a hint at its value, if it is one field's. */
  readonly hintAt?: number
  /** The event's value, as it is a row of the table. */
  readonly of: (event: ShopEvent) => string | undefined
  /** Of an event with several products, the value of each; undefined where the dimension is none of theirs. */
  readonly ofLine?: (line: EventLine, event: ShopEvent) => string | undefined
  /** The value as it is kept: called for those that are not yet known. */
  readonly clean: (value: string) => string
  /** The segment's name, of a value. */
  readonly label: (value: string) => Segment
}

/** What values beyond the bound are counted under. */
export const otherValue = 'other'

/** Every type that an event can have; `unknown` are those outside the contract. */
export const measuredTypes = [...eventTypes, 'unknown'] as const

/** A purchase whose order was counted before is an event of this type, and no purchase. */
export type MeasuredType = EventType | 'unknown' | 'repeated_purchase'

/** Event types that a measure looks at. */
export type Types = 'every' | readonly MeasuredType[]
