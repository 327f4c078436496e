import type { EventType } from '../decode/layout.ts'
import {
  eventPrintOf,
  hasEventId,
  hasOrder,
  hasSession,
  hasUser,
  orderPrintOf,
  sessionPrintOf,
  userPrintOf
} from '../decode/scanned-event.ts'
import { allFaults, type Fault, faultBits, type ShopEvent } from '../decode/types.ts'
import { dayMs } from '../time/units.ts'
import type { Measure } from '../window/measure.ts'

/** Types whose events need a price. */
export const pricedTypes = [
  'add_to_cart',
  'checkout_started',
  'purchase'
] as const satisfies readonly EventType[]
export type PricedType = (typeof pricedTypes)[number]

/** The measure that counts the events of a type. */
export const eventsOf = {
  add_to_cart: 'cart_adds',
  checkout_started: 'checkouts_started',
  purchase: 'purchases'
} as const satisfies { readonly [type in PricedType]: string }

/** Faults that are counted of each of these types. */
export const countedFaults = [
  'missing_price',
  'negative_price',
  'invalid_price',
  'invalid_quantity',
  'invalid_currency',
  'unknown_currency'
] as const satisfies readonly Fault[]
export type CountedFault = (typeof countedFaults)[number]

/** The measure that counts a fault of a type. */
export const faultOf = <F extends CountedFault, T extends PricedType>(fault: F, type: T) =>
  `${fault} of ${type}` as const

/** Ten-thousandths of a unit, in which money and numbers of one's own are summed; squares in whole hundredths. */
export const exact = { scale: 10_000, squareStep: 100 } as const
const money = { ...exact, money: true } as const

/** An event from a clock ahead came at once; one of a day ago or more is as old as a day. */
const age = ({ eventTime }: ShopEvent, recordTime: number | undefined) =>
  recordTime === undefined ? undefined : Math.min(Math.max(recordTime - eventTime, 0), dayMs)

/** The lines of an order come together: by its id, else those of a session in a window, else those of a moment. */
const orderOf = ({ orderId, sessionId, userId, eventTime }: ShopEvent) =>
  orderId ?? sessionId ?? userId ?? String(eventTime)

/** Of events that have a fault. Those of one order or session mostly share it: they are one term. */
const faultMeasures = countedFaults.flatMap(fault =>
  pricedTypes.map(type => ({
    name: faultOf(fault, type),
    kind: 'sum' as const,
    types: [type],
    faults: faultBits[fault],
    of: () => 1,
    together: { by: orderOf, as: 'sum' as const },
    scale: 1,
    squareStep: 1
  }))
)

/** The measures of the whole shop. Amounts are in ten-thousandths of the currency's unit, integers. */
export const shopMeasures = [
  { name: 'events', kind: 'count', types: 'every' },
  { name: 'invalid', kind: 'count', types: 'every', faults: allFaults },
  { name: 'visits', kind: 'distinct', types: 'every', printOf: sessionPrintOf },
  { name: 'visitors', kind: 'distinct', types: 'every', printOf: userPrintOf },
  { name: 'product_views', kind: 'count', types: ['product_view'] },
  { name: 'searches', kind: 'count', types: ['search'] },
  { name: 'cart_adds', kind: 'count', types: ['add_to_cart'] },
  { name: 'cart_removals', kind: 'count', types: ['remove_from_cart'] },
  { name: 'carting_sessions', kind: 'distinct', types: ['add_to_cart'], printOf: sessionPrintOf },
  { name: 'checkouts_started', kind: 'count', types: ['checkout_started'] },
  { name: 'purchases', kind: 'count', types: ['purchase'] },
  { name: 'orders', kind: 'distinct', types: ['purchase'], printOf: orderPrintOf, countAbsent: true },
  { name: 'purchasing_sessions', kind: 'distinct', types: ['purchase'], printOf: sessionPrintOf },
  {
    name: 'revenue',
    kind: 'sum',
    types: ['purchase'],
    ofLine: line => line.amount,
    together: { by: orderOf, as: 'sum' },
    keepForeign: true,
    ...money
  },
  {
    name: 'units',
    kind: 'sum',
    types: ['purchase'],
    of: event => Math.round(event.quantity * exact.scale),
    ...exact
  },
  { name: 'refunds', kind: 'count', types: ['refund'] },
  { name: 'refunded', kind: 'sum', types: ['refund'], of: event => event.amount, ...money },
  { name: 'order_value', kind: 'quantile', types: ['purchase'], of: event => event.amount, ...money },
  {
    name: 'price_level',
    kind: 'sum',
    types: ['purchase'],
    ofLine: line => line.amount,
    money: true,
    map: amount => (amount > 0 ? Math.round(1_000 * Math.log(amount / exact.scale)) : undefined),
    together: { by: orderOf, as: 'mean' },
    scale: 1_000,
    squareStep: 1
  },
  ...faultMeasures,
  { name: 'unknown_types', kind: 'count', types: ['unknown'] },
  {
    name: 'nobodys_events',
    kind: 'count',
    types: 'every',
    where: event => !hasSession(event) && !hasUser(event)
  },
  {
    name: 'unnumbered_purchases',
    kind: 'count',
    types: ['purchase'],
    where: event => !hasOrder(event) && (hasSession(event) || hasUser(event))
  },
  { name: 'named_events', kind: 'count', types: 'every', where: hasEventId },
  { name: 'event_ids', kind: 'distinct', types: 'every', printOf: eventPrintOf },
  { name: 'age', kind: 'sum', types: 'every', of: age, scale: 1_000, squareStep: 1_000 },
  { name: 'ages', kind: 'quantile', types: 'every', of: age, scale: 1_000 }
] as const satisfies readonly Measure[]

/** Counted by the window stage itself: records that no measure sees, and purchases whose order had been counted. */
type RecordCount = 'late' | 'dead' | 'repeated_purchases'

export type MeasureName = (typeof shopMeasures)[number]['name'] | RecordCount
