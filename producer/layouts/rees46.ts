import type { WriteLine } from '../record.ts'
import type { Step } from '../step.ts'
import { orderAmount } from './order.ts'

const types: Partial<Record<Step['type'], string>> = {
  product_view: 'view',
  add_to_cart: 'cart',
  remove_from_cart: 'remove_from_cart',
  purchase: 'purchase'
}
const brands = ['acme', 'borea', 'corvo', 'delta', 'elm', 'fjord', 'gala', 'halden'] as const

/**
 * The layout of REES46's open data: times to the second, four types of events, a record for each line of an order. It
 * has no quantity, so that a purchase's price is that of its line; a view shows the price of one piece.
 */
export function rees46Lines(): WriteLine {
  return function writeLine(identity, step, eventTime) {
    const { product, price, quantity } = step
    const type = types[step.type]
    if (type === undefined || !product) return undefined
    const iso = new Date(eventTime).toISOString()
    return JSON.stringify({
      event_time: `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`,
      event_type: type,
      product_id: product.id,
      category_code: product.category,
      brand: brands[Number(product.id.slice(2)) % brands.length],
      price: step.type === 'product_view' ? product.price : orderAmount([{ product, price, quantity }]),
      user_id: identity.userId,
      user_session: identity.sessionId
    })
  }
}
