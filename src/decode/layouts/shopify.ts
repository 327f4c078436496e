import type { Layout } from '../layout.ts'

/** Shopify's webhooks of orders: each record is an order, and test orders are left out. */
export const shopify: Layout = {
  fields: {
    event_time: ['created_at', 'processed_at'],
    user_id: ['customer.id'],
    session_id: ['cart_token', 'checkout_token'],
    product_id: ['line_items[].product_id', 'line_items[].sku'],
    price: ['line_items[].price'],
    quantity: ['line_items[].quantity'],
    currency: ['currency'],
    order_total: ['current_total_price', 'total_price'],
    order_id: ['id'],
    payment_method: ['payment_gateway_names[0]', 'gateway'],
    country: ['shipping_address.country_code', 'billing_address.country_code']
  },
  eventTypes: {},
  timeUnit: 'auto',
  absent: [],
  structure: { eventType: { constant: 'purchase' }, ignore: [{ test: [true] }] }
}
