import { fingerprint } from '../../decode/fingerprint.ts'
import { contractFields } from '../../decode/layout.ts'
import type { EventLine, ShopEvent } from '../../decode/types.ts'

/**
 * What makes a purchase the same as another: order, customer, currency, products, amounts and quantities. Another line of
 * the order differs in one of them; an id that several orders share differs in the customer, mostly.
 */
export const contentOf = ({ orderId, userId, currency, ...event }: ShopEvent): number =>
  fingerprint(JSON.stringify([orderId, userId, currency, ...(event.lines ?? [event]).map(textOf).sort()]))

const textOf = ({ productId, amount, quantity }: Pick<EventLine, 'productId' | 'amount' | 'quantity'>) =>
  JSON.stringify([productId, amount, quantity])

const quantityBit = 1 << contractFields.indexOf('quantity')

/**
 * Two equal events of a product at the same time are two lines of the order, where each has an id of its own; and two pieces
 * where events have no quantity.
 */
export const isPiece = ({ lines, productId, eventId, present }: ShopEvent): boolean =>
  lines === undefined && productId !== undefined && (eventId !== undefined || (present & quantityBit) === 0)
