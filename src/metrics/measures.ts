import { type EventType, faultBits } from '../decode/types.ts'
import type { Measure } from './types.ts'

const priced: readonly EventType[] = ['add_to_cart', 'checkout_started', 'purchase']

/** The measures of the whole shop. Amounts are in ten-thousandths of the currency's unit, integers. */
export const shopMeasures = [
  { name: 'events', kind: 'count', types: 'every' },
  { name: 'invalid', kind: 'count', types: 'every', where: event => event.faults !== 0 },
  { name: 'visits', kind: 'distinct', types: 'every', of: event => event.sessionId },
  { name: 'orders', kind: 'distinct', types: ['purchase'], of: event => event.orderId, countAbsent: true },
  { name: 'revenue', kind: 'sum', types: ['purchase'], of: event => event.amount },
  { name: 'cart_adds', kind: 'count', types: ['add_to_cart'] },
  { name: 'carting_sessions', kind: 'distinct', types: ['add_to_cart'], of: event => event.sessionId },
  { name: 'purchasing_sessions', kind: 'distinct', types: ['purchase'], of: event => event.sessionId },
  { name: 'checkouts_started', kind: 'count', types: ['checkout_started'] },
  { name: 'priced_events', kind: 'count', types: priced },
  {
    name: 'missing_prices',
    kind: 'count',
    types: priced,
    where: event => (event.faults & faultBits.missing_price) !== 0
  }
] as const satisfies readonly Measure[]

/** Counted by the window stage itself: records that no measure sees. */
export type RecordCount = 'late' | 'dead'

export type MeasureName = (typeof shopMeasures)[number]['name'] | RecordCount
