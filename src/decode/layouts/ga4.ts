import type { Layout } from '../layout.ts'

/** Google Analytics 4 as BigQuery exports it in JSON. Session ids there are unique only within a user. */
export const ga4: Layout = {
  fields: {
    event_time: ['event_timestamp'],
    event_type: ['event_name'],
    user_id: ['user_id', 'user_pseudo_id'],
    session_id: [
      'user_pseudo_id + event_params[key=ga_session_id].value.int_value',
      'user_pseudo_id + event_params[key=ga_session_id].value.string_value'
    ],
    product_id: ['items[].item_id'],
    category: ['items[].item_category'],
    price: ['items[].price'],
    quantity: ['items[].quantity'],
    currency: ['event_params[key=currency].value.string_value', 'items[0].currency'],
    order_id: ['ecommerce.transaction_id', 'event_params[key=transaction_id].value.string_value'],
    payment_method: ['event_params[key=payment_type].value.string_value'],
    order_total: [
      'event_params[key=value].value.double_value',
      'event_params[key=value].value.int_value',
      'event_params[key=value].value.float_value',
      'ecommerce.purchase_revenue',
      'ecommerce.refund_value'
    ],
    country: ['geo.country'],
    device: ['device.category']
  },
  eventTypes: {
    page_view: 'page_view',
    screen_view: 'page_view',
    search: 'search',
    view_search_results: 'search',
    view_item: 'product_view',
    add_to_cart: 'add_to_cart',
    remove_from_cart: 'remove_from_cart',
    begin_checkout: 'checkout_started',
    purchase: 'purchase',
    refund: 'refund',
    add_payment_info: 'other',
    add_shipping_info: 'other',
    add_to_wishlist: 'other',
    click: 'other',
    file_download: 'other',
    first_open: 'other',
    first_visit: 'other',
    form_start: 'other',
    form_submit: 'other',
    login: 'other',
    scroll: 'other',
    select_content: 'other',
    select_item: 'other',
    select_promotion: 'other',
    session_start: 'other',
    share: 'other',
    sign_up: 'other',
    user_engagement: 'other',
    video_complete: 'other',
    video_progress: 'other',
    video_start: 'other',
    view_cart: 'other',
    view_item_list: 'other',
    view_promotion: 'other'
  },
  timeUnit: 'microseconds',
  absent: ['(not set)']
}
