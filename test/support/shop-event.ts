import type { ShopEvent } from '../../src/decode/types.ts'

/** An event of the shop, a page view of nobody unless said. */
export function shopEvent(eventTime: number, fields: Partial<ShopEvent> = {}): ShopEvent {
  return {
    type: 'page_view',
    typeName: fields.type ?? 'page_view',
    eventTime,
    eventId: undefined,
    userId: undefined,
    sessionId: undefined,
    productId: undefined,
    category: undefined,
    orderId: undefined,
    paymentMethod: undefined,
    country: undefined,
    device: undefined,
    currency: 'EUR',
    amount: undefined,
    quantity: 1,
    lines: undefined,
    present: 0,
    numeric: 0,
    extra: [],
    faults: 0,
    ...fields
  }
}
