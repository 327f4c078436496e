import type { Layout } from '../layout.ts'

/**
 * The public data sets of REES46 (and of shops that log like them): flat, a row a product. There is no order id, so
 * the products that a session buys are its order.
 */
export const rees46: Layout = {
  fields: {
    event_time: ['event_time'],
    event_type: ['event_type'],
    user_id: ['user_id'],
    session_id: ['user_session'],
    product_id: ['product_id'],
    category: ['category_code'],
    price: ['price'],
    order_id: ['user_session']
  },
  eventTypes: {
    view: 'product_view',
    cart: 'add_to_cart',
    remove_from_cart: 'remove_from_cart',
    purchase: 'purchase'
  },
  timeUnit: 'auto',
  absent: []
}
