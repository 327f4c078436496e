import { fingerprint } from '../../decode/fingerprint.ts'
import { contractFields } from '../../decode/layout.ts'
import type { EventLine, ShopEvent } from '../../decode/types.ts'

/**
 * What makes a purchase the same as another: order, customer, currency, products, amounts and quantities. Another line of
 * the order differs in one of them; an id that several orders share differs in the customer, mostly.
 */
export const contentOf = (event: ShopEvent): number => fingerprint(plainText(event) ?? jsonText(event))

const jsonText = ({ orderId, userId, currency, ...event }: ShopEvent): string =>
  JSON.stringify([orderId, userId, currency, ...(event.lines ?? [event]).map(textOf).sort()])

/** The same text, of an event with one line and texts that need no escapes; undefined for others. */
function plainText(event: ShopEvent): string | undefined {
  const { orderId, userId, currency, productId, amount = null, quantity } = event
  if (event.lines !== undefined || !isPlain(orderId) || !isPlain(userId) || !isPlain(currency))
    return undefined
  if (!isPlain(productId)) return undefined
  const product = productId === undefined ? null : `\\"${productId}\\"`
  return `[${quoted(orderId)},${quoted(userId)},"${currency}","[${product},${amount},${quantity}]"]`
}

const isPlain = (text: string | undefined): boolean => text === undefined || /^[ !#-[\]-~]*$/.test(text)

const quoted = (text: string | undefined): string => (text === undefined ? 'null' : `"${text}"`)

const textOf = ({ productId, amount, quantity }: Pick<EventLine, 'productId' | 'amount' | 'quantity'>) =>
  JSON.stringify([productId, amount, quantity])

const quantityBit = 1 << contractFields.indexOf('quantity')

/**
 * Two equal events of a product at the same time are two lines of the order, where each has an id of its own; and two pieces
 * where events have no quantity.
 */
export const isPiece = ({ lines, productId, eventId, present }: ShopEvent): boolean =>
  lines === undefined && productId !== undefined && (eventId !== undefined || (present & quantityBit) === 0)
