import type { Layout } from '../layout.ts'

/**
 * Segment's calls with the events of its e-commerce spec. Segment has no session id of its own: where a shop sends
 * none, a visitor is one visit.
 */
export const segment: Layout = {
  fields: {
    event_time: ['timestamp', 'originalTimestamp', 'receivedAt'],
    event_type: ['event', 'type'],
    event_id: ['messageId'],
    user_id: ['userId', 'anonymousId'],
    session_id: ['properties.session_id', 'context.sessionId', 'anonymousId', 'userId'],
    product_id: ['properties.products[].product_id', 'properties.product_id'],
    category: ['properties.products[].category', 'properties.category'],
    price: ['properties.products[].price', 'properties.price'],
    quantity: ['properties.products[].quantity', 'properties.quantity'],
    currency: ['properties.currency'],
    order_total: ['properties.revenue', 'properties.total', 'properties.value'],
    order_id: ['properties.order_id'],
    payment_method: ['properties.payment_method'],
    country: ['context.location.country', 'context.traits.address.country'],
    device: ['context.device.type']
  },
  eventTypes: {
    page: 'page_view',
    screen: 'page_view',
    'Page Viewed': 'page_view',
    'Products Searched': 'search',
    'Product Viewed': 'product_view',
    'Product Added': 'add_to_cart',
    'Product Removed': 'remove_from_cart',
    'Checkout Started': 'checkout_started',
    'Order Completed': 'purchase',
    'Order Refunded': 'refund',
    identify: 'other',
    group: 'other',
    alias: 'other',
    'Cart Shared': 'other',
    'Cart Viewed': 'other',
    'Checkout Step Completed': 'other',
    'Checkout Step Viewed': 'other',
    'Coupon Applied': 'other',
    'Coupon Denied': 'other',
    'Coupon Entered': 'other',
    'Coupon Removed': 'other',
    'Order Cancelled': 'other',
    'Order Updated': 'other',
    'Payment Info Entered': 'other',
    'Product Added to Wishlist': 'other',
    'Product Clicked': 'other',
    'Product List Filtered': 'other',
    'Product List Viewed': 'other',
    'Product Removed from Wishlist': 'other',
    'Product Reviewed': 'other',
    'Product Shared': 'other',
    'Promotion Clicked': 'other',
    'Promotion Viewed': 'other',
    'Wishlist Product Added to Cart': 'add_to_cart'
  },
  timeUnit: 'auto',
  absent: []
}
