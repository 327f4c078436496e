import type { Layout, TypeMeaning } from '../layout.ts'
import { segment } from './segment.ts'

/** PostHog writes the properties as JSON or, in its exports, as a text of JSON. */
const property = (name: string): string => `properties[json].${name}`

const own: Readonly<Record<string, TypeMeaning>> = {
  $pageview: 'page_view',
  $screen: 'page_view',
  $autocapture: 'other',
  $create_alias: 'other',
  $dead_click: 'other',
  $exception: 'other',
  $feature_flag_called: 'other',
  $groupidentify: 'other',
  $identify: 'other',
  $opt_in: 'other',
  $pageleave: 'other',
  $rageclick: 'other',
  $set: 'other',
  $web_vitals: 'other'
}

/** PostHog's events, with those of its e-commerce spec, which are Segment's. */
export const posthog: Layout = {
  fields: {
    event_time: ['timestamp', 'sent_at', 'created_at'],
    event_type: ['event'],
    event_id: ['uuid'],
    user_id: ['distinct_id', property('distinct_id')],
    session_id: [property('$session_id'), '$session_id'],
    product_id: [property('products[].product_id'), property('product_id')],
    category: [property('products[].category'), property('category')],
    price: [property('products[].price'), property('price')],
    quantity: [property('products[].quantity'), property('quantity')],
    currency: [property('currency')],
    order_total: [property('revenue'), property('total'), property('value')],
    order_id: [property('order_id')],
    payment_method: [property('payment_method')],
    country: [property('$geoip_country_code')],
    device: [property('$device_type')]
  },
  eventTypes: { ...segment.eventTypes, ...own },
  timeUnit: 'auto',
  absent: []
}
