import type { WriteLine } from '../record.ts'
import { gatherItems, type Item, orderAmount } from './order.ts'

/** Above the numbers of all orders of one seed, so that orders of two seeds differ. */
const ordersPerSeed = 10_000_000

/** What Shopify's webhook orders/create sends: the orders alone, times to the second, ids as numbers, prices as texts. */
export function shopifyLines(seed: number, currency: string): WriteLine {
  const gather = gatherItems()
  const ordersBefore = (seed % 900_000) * ordersPerSeed
  return function writeLine(identity, step, eventTime) {
    if (step.type !== 'purchase') return undefined
    const items = gather(step)
    if (!items) return undefined
    const total = orderAmount(items)?.toFixed(2)
    const createdAt = `${new Date(eventTime).toISOString().slice(0, 19)}+00:00`
    return JSON.stringify({
      id: ordersBefore + identity.number,
      name: `#${identity.number}`,
      created_at: createdAt,
      processed_at: createdAt,
      test: false,
      currency,
      total_price: total,
      financial_status: 'paid',
      payment_gateway_names: [step.paymentMethod],
      cart_token: `cart-${identity.sessionId}`,
      customer: identity.userId === undefined ? null : { id: Number.parseInt(identity.userId.slice(2), 36) },
      shipping_address: { country_code: identity.country },
      line_items: items.map(lineItem)
    })
  }
}

function lineItem({ product, price, quantity }: Item, index: number) {
  return {
    id: index + 1,
    product_id: Number(product.id.slice(2)),
    sku: product.id,
    price: price?.toFixed(2),
    quantity
  }
}
