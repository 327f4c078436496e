import type { Structure } from './structure.ts'

/** What a type of theirs is to us: `other` is known to be none of ours, counts as an event and is no fault. */
export type TypeMeaning = EventType | 'other'

/** How a shop writes its events: where each field of the contract is, and what its types are called. Plain data. */
export interface Layout {
  /** By our field, paths (see `parsePaths`): the first that has a value counts. A field without any is absent. */
  readonly fields: Readonly<Partial<Record<LayoutField, readonly string[]>>>
  /** The paths of further fields, by the name under which they are asked for; of others the name is the path. */
  readonly further?: Readonly<Record<string, readonly string[]>>
  readonly eventTypes: Readonly<Record<string, TypeMeaning>>
  /** Of an event time that is a number: `auto` tells seconds, milliseconds, microseconds and nanoseconds apart. */
  readonly timeUnit: 'auto' | 'microseconds'
  /** The IANA zone of times without one; default UTC. */
  readonly timezone?: string | undefined
  /** Of dates such as 11/20/2026, which are not read without it. */
  readonly dateOrder?: 'day_first' | 'month_first' | undefined
  /** Of prices that are a text: what decides where it could be two numbers; `base64` is Kafka Connect's decimals. */
  readonly decimal?: 'auto' | 'point' | 'comma' | 'base64' | undefined
  /** Prices are so many powers of ten too great: 2 for cents, `currency` for the minor units of their currency. */
  readonly moneyScale?: number | 'currency' | undefined
  /** Texts that stand for nothing. */
  readonly absent: readonly string[]
  /** Absent: each record is one event, which says its type itself. */
  readonly structure?: Structure | undefined
}

/** Where a further field is: the first path that has a value counts. */
export const furtherPathsOf = ({ further = {} }: Layout, name: string): readonly string[] =>
  further[name] ?? [name]

/** The fields that each product of an event has for itself. */
export const lineFields = ['product_id', 'category', 'price', 'quantity'] as const
export type LineField = (typeof lineFields)[number]

export const eventTypes = [
  'page_view',
  'search',
  'product_view',
  'add_to_cart',
  'remove_from_cart',
  'checkout_started',
  'purchase',
  'refund'
] as const

export type EventType = (typeof eventTypes)[number]

/** The fields of the contract, in the order of their bits in `ShopEvent.present` and `ShopEvent.numeric`. */
export const contractFields = [
  'event_time',
  'event_type',
  'event_id',
  'user_id',
  'session_id',
  'product_id',
  'category',
  'price',
  'quantity',
  'currency',
  'order_id',
  'payment_method',
  'country',
  'device'
] as const

export type ContractField = (typeof contractFields)[number]

/** What a layout says the place of: `order_total` is the money of an event whose lines have no price. */
export const layoutFields = [...contractFields, 'order_total'] as const
export type LayoutField = (typeof layoutFields)[number]
