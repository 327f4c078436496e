import type { Layout } from '../layout.ts'

/** WooCommerce's webhooks of orders: each record is an order; those that came to nothing are left out. */
export const woocommerce: Layout = {
  fields: {
    event_time: ['date_created_gmt', 'date_created'],
    // Guests are customer 0.
    user_id: ['customer_id'],
    product_id: ['line_items[].product_id', 'line_items[].sku'],
    price: ['line_items[].price'],
    quantity: ['line_items[].quantity'],
    currency: ['currency'],
    order_total: ['total'],
    order_id: ['id'],
    payment_method: ['payment_method'],
    country: ['billing.country', 'shipping.country']
  },
  eventTypes: {},
  timeUnit: 'auto',
  absent: [],
  structure: {
    eventType: { constant: 'purchase' },
    ignore: [{ status: ['failed', 'cancelled', 'trash', 'auto-draft', 'checkout-draft'] }]
  }
}
