import type { WriteLine } from '../record.ts'
import type { Step } from '../step.ts'
import { isoTimes } from '../times.ts'
import { gatherItems, type Item, orderAmount } from './order.ts'

const names: Record<Exclude<Step['type'], 'page_view'>, string> = {
  search: 'Products Searched',
  product_view: 'Product Viewed',
  add_to_cart: 'Product Added',
  remove_from_cart: 'Product Removed',
  checkout_started: 'Checkout Started',
  purchase: 'Order Completed',
  refund: 'Order Refunded'
}

/** The calls of Segment's e-commerce spec: a page view is a page call, all else is tracked; an order is one record. */
export function segmentLines(seed: number, currency: string): WriteLine {
  const name = (seed >>> 0).toString(36)
  const isoTime = isoTimes()
  const gather = gatherItems()
  let count = 0
  return function writeLine(identity, step, eventTime) {
    const items = gather(step)
    if (!items) return undefined
    count += 1
    const timestamp = isoTime(eventTime)
    return JSON.stringify({
      messageId: `m-${name}-${count.toString(36)}`,
      ...(step.type === 'page_view' ? { type: 'page' } : { type: 'track', event: names[step.type] }),
      timestamp,
      anonymousId: identity.sessionId,
      userId: identity.userId,
      properties: propertiesOf(step, items, identity.orderId, currency),
      context: { device: { type: identity.device }, location: { country: identity.country } }
    })
  }
}

function propertiesOf(step: Step, items: readonly Item[], orderId: string, currency: string): object {
  const total = orderAmount(items)
  const products = items.map(productOf)
  switch (step.type) {
    case 'page_view':
    case 'search':
      return {}
    case 'product_view':
    case 'add_to_cart':
    case 'remove_from_cart':
      return { ...products[0], currency }
    case 'checkout_started':
      return { value: total, currency, products }
    case 'purchase':
    case 'refund':
      return { order_id: orderId, total, currency, payment_method: step.paymentMethod, products }
    default:
      return step.type satisfies never
  }
}

function productOf({ product, price, quantity }: Item) {
  return { product_id: product.id, category: product.category, price, quantity }
}
