import type { EventType } from '../decode/layout.ts'
import { type Fault, faultBits, type ShopEvent } from '../decode/types.ts'
import { dayMs } from '../time/units.ts'
import type { Measure } from '../window/measure.ts'

const priced: readonly EventType[] = ['add_to_cart', 'checkout_started', 'purchase']

/** Ten-thousandths of a unit, in which money and numbers of one's own are summed; squares in whole hundredths. */
export const exact = { scale: 10_000, squareStep: 100 } as const
const money = { ...exact, money: true } as const

const has = (fault: Fault) => (event: ShopEvent) => (event.faults & faultBits[fault]) !== 0

/** An event from a clock ahead came at once; one of a day ago or more is as old as a day. */
const age = ({ eventTime }: ShopEvent, recordTime: number | undefined) =>
  recordTime === undefined ? undefined : Math.min(Math.max(recordTime - eventTime, 0), dayMs)

/** The lines of an order come together: by its id, else those of a session in a window, else those of a moment. */
const orderOf = ({ orderId, sessionId, userId, eventTime }: ShopEvent) =>
  orderId ?? sessionId ?? userId ?? String(eventTime)

/** The measures of the whole shop. Amounts are in ten-thousandths of the currency's unit, integers. */
export const shopMeasures = [
  { name: 'events', kind: 'count', types: 'every' },
  { name: 'invalid', kind: 'count', types: 'every', where: event => event.faults !== 0 },
  { name: 'visits', kind: 'distinct', types: 'every', of: event => event.sessionId },
  { name: 'visitors', kind: 'distinct', types: 'every', of: event => event.userId },
  { name: 'product_views', kind: 'count', types: ['product_view'] },
  { name: 'searches', kind: 'count', types: ['search'] },
  { name: 'cart_adds', kind: 'count', types: ['add_to_cart'] },
  { name: 'cart_removals', kind: 'count', types: ['remove_from_cart'] },
  { name: 'carting_sessions', kind: 'distinct', types: ['add_to_cart'], of: event => event.sessionId },
  { name: 'checkouts_started', kind: 'count', types: ['checkout_started'] },
  { name: 'purchases', kind: 'count', types: ['purchase'] },
  { name: 'orders', kind: 'distinct', types: ['purchase'], of: event => event.orderId, countAbsent: true },
  { name: 'purchasing_sessions', kind: 'distinct', types: ['purchase'], of: event => event.sessionId },
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
  { name: 'priced_events', kind: 'count', types: priced },
  { name: 'missing_prices', kind: 'count', types: priced, where: has('missing_price') },
  { name: 'negative_prices', kind: 'count', types: priced, where: has('negative_price') },
  { name: 'unread_prices', kind: 'count', types: ['purchase'], where: has('invalid_price') },
  { name: 'invalid_currencies', kind: 'count', types: ['purchase'], where: has('invalid_currency') },
  { name: 'unknown_currencies', kind: 'count', types: ['purchase'], where: has('unknown_currency') },
  { name: 'unknown_types', kind: 'count', types: ['unknown'] },
  {
    name: 'nobodys_events',
    kind: 'count',
    types: 'every',
    where: event => event.sessionId === undefined && event.userId === undefined
  },
  {
    name: 'unnumbered_purchases',
    kind: 'count',
    types: ['purchase'],
    where: event =>
      event.orderId === undefined && (event.sessionId !== undefined || event.userId !== undefined)
  },
  { name: 'named_events', kind: 'count', types: 'every', where: event => event.eventId !== undefined },
  { name: 'event_ids', kind: 'distinct', types: 'every', of: event => event.eventId },
  { name: 'age', kind: 'sum', types: 'every', of: age, scale: 1_000, squareStep: 1_000 },
  { name: 'ages', kind: 'quantile', types: 'every', of: age, scale: 1_000 }
] as const satisfies readonly Measure[]

/** Counted by the window stage itself: records that no measure sees. */
type RecordCount = 'late' | 'dead'

export type MeasureName = (typeof shopMeasures)[number]['name'] | RecordCount
