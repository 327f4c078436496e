import type { EventType, Layout } from './layout.ts'

/** The faults of an event that still counts, a bit each. */
export const faultBits = {
  missing_price: 1,
  negative_price: 2,
  invalid_price: 4,
  invalid_quantity: 8,
  unknown_type: 16,
  unknown_currency: 32,
  invalid_field: 64,
  invalid_currency: 128
} as const
export type Fault = keyof typeof faultBits
export const allFaults = Object.values(faultBits).reduce((bits, bit) => bits | bit, 0)

/** One product of an event that has several, such as an order's line. */
export interface EventLine {
  readonly productId: string | undefined
  readonly category: string | undefined
  /** Price × quantity in ten-thousandths of the unit of the event's currency; undefined without a valid price. */
  readonly amount: number | undefined
  readonly quantity: number
}

/** A further field that the configuration names; undefined if the event lacks it. */
export type ExtraValue = string | number | boolean | undefined

/** An event of the shop, as every stage behind the decoder sees it. */
export interface ShopEvent {
  readonly type: EventType | 'unknown'
  /** The type's name, as it came if it is `unknown`: a fault, unless the layout lists it as `other`. */
  readonly typeName: string
  /** Milliseconds since the epoch. */
  readonly eventTime: number
  readonly eventId: string | undefined
  readonly userId: string | undefined
  readonly sessionId: string | undefined
  readonly productId: string | undefined
  readonly category: string | undefined
  readonly orderId: string | undefined
  readonly paymentMethod: string | undefined
  readonly country: string | undefined
  readonly device: string | undefined
  /** Upper case; the configured currency if the event names none. */
  readonly currency: string
  /** Price × quantity in ten-thousandths of the unit of `currency`, an integer; undefined without a valid price. */
  readonly amount: number | undefined
  readonly quantity: number
  /**
   * The products of an event that names several in one record; undefined where the event itself is its one line. With
   * lines, `productId` and `category` are undefined, `amount` is the lines' sum and `quantity` that of their quantities. An
   * order's total is a line of its own, of quantity 0, where those of its products have no price.
   */
  readonly lines: readonly EventLine[] | undefined
  /** Fields of the contract that the record had, and those of them that were a number (JSON): a bit each, by place. */
  readonly present: number
  readonly numeric: number
  /** Values of the further fields that the configuration names, in its order. */
  readonly extra: readonly ExtraValue[]
  /** A sum of `faultBits`. */
  readonly faults: number
}

/** Shared by all events without further fields. */
export const noExtra: readonly ExtraValue[] = []

/** Why a record cannot be an event. */
export type DeadReason =
  | 'too_large'
  | 'unsupported_encoding'
  | 'unknown_schema'
  | 'schema_mismatch'
  | 'invalid_json'
  | 'not_an_object'
  | 'missing_event_time'
  | 'invalid_event_time'
  | 'future_event_time'
  | 'missing_event_type'
  | 'undecodable_batch'
  | 'too_many_events'

/** Why a record that is right is no event: it is left out and counted. */
export type SkipReason = 'tombstone' | 'row_deleted' | 'row_updated' | 'no_events' | 'ignored'

/** One event, or why there is none. `source` is what stood in a record that holds several. */
export type DecodedPart =
  | { readonly kind: 'event'; readonly event: ShopEvent }
  | { readonly kind: 'dead'; readonly reason: DeadReason; readonly source?: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

/** The parts of one record are in order of their time, so that none is late because of another. */
export type Decoded = DecodedPart | { readonly kind: 'several'; readonly parts: readonly DecodedPart[] }

/** The headers of a Kafka record, as its source has them. */
export type RecordHeaders = Readonly<Record<string, unknown>>

/** Decodes one record's value; never throws. */
export type Decode = (value: Buffer | string | null, headers?: RecordHeaders) => Decoded

export interface DecodeOptions {
  /** The shop's currency, ISO 4217. */
  readonly currency: string
  /** Currencies that have a rate, beside `currency`. */
  readonly knownCurrencies: ReadonlySet<string>
  /** A longer value is dead. */
  readonly maxBytes: number
  /** Default: the contract itself. */
  readonly layout?: Layout
  /** Paths of the further fields of `ShopEvent.extra`, in the records' own names. */
  readonly extraFields?: readonly string[]
}
