import { dataMetrics } from './data-metrics.ts'
import type { ListedMetric } from './listed-metric.ts'

/** Every metric of a shop: docs/metrics.md lists them. A new one is an entry here; one with measures of its own is a file beside this one and a line here. */
export const shopMetrics: readonly ListedMetric[] = [
  {
    name: 'events',
    kind: 'count',
    of: 'events',
    unit: 'count',
    bad: 'either',
    segmented: true,
    description: 'events of any type'
  },
  {
    name: 'visits',
    kind: 'distinct',
    of: 'visits',
    unit: 'count',
    additive: true,
    bad: 'either',
    description: 'distinct sessions; one that is active in three windows counts in each'
  },
  {
    name: 'visitors',
    kind: 'distinct',
    of: 'visitors',
    unit: 'count',
    bad: 'either',
    description: 'distinct users; events without a user_id count for nobody'
  },
  {
    name: 'product_views',
    kind: 'count',
    of: 'product_views',
    unit: 'count',
    bad: 'drop',
    description: 'product_view events'
  },
  {
    name: 'searches',
    kind: 'count',
    of: 'searches',
    unit: 'count',
    bad: 'drop',
    description: 'search events'
  },
  {
    name: 'cart_adds',
    kind: 'count',
    of: 'cart_adds',
    unit: 'count',
    bad: 'drop',
    segmented: true,
    description: 'add_to_cart events'
  },
  {
    name: 'cart_removals',
    kind: 'count',
    of: 'cart_removals',
    unit: 'count',
    bad: 'rise',
    description: 'remove_from_cart events'
  },
  {
    name: 'carting_sessions',
    kind: 'distinct',
    of: 'carting_sessions',
    unit: 'count',
    bad: 'drop',
    description: 'distinct sessions that put something into a cart'
  },
  {
    name: 'checkouts_started',
    kind: 'count',
    of: 'checkouts_started',
    unit: 'count',
    bad: 'drop',
    segmented: true,
    description: 'checkout_started events'
  },
  {
    name: 'purchasing_sessions',
    kind: 'distinct',
    of: 'purchasing_sessions',
    unit: 'count',
    bad: 'drop',
    description: 'distinct sessions that purchased'
  },
  {
    name: 'orders',
    kind: 'distinct',
    of: 'orders',
    unit: 'count',
    additive: true,
    bad: 'drop',
    segmented: true,
    description: 'distinct order ids of purchases; a purchase without one counts as an order'
  },
  {
    name: 'revenue',
    kind: 'sum',
    of: 'revenue',
    unit: 'money',
    bad: 'drop',
    segmented: true,
    description: 'price × quantity of purchases, in the configured currency; refunds are not subtracted'
  },
  {
    name: 'units',
    kind: 'sum',
    of: 'units',
    unit: 'number',
    bad: 'drop',
    description: 'pieces that were purchased: the sum of their quantities'
  },
  { name: 'refunds', kind: 'count', of: 'refunds', unit: 'count', bad: 'rise', description: 'refund events' },
  {
    name: 'refund_rate',
    kind: 'ratio',
    numerator: ['refunds'],
    denominator: ['orders'],
    unit: 'share',
    bad: 'rise',
    description: 'refunds ÷ orders of the same window, most of them of older orders; may pass 1'
  },
  {
    name: 'net_revenue',
    kind: 'balance',
    of: ['revenue', '-refunded'],
    unit: 'money',
    bad: 'drop',
    description: 'revenue less what was refunded in the window'
  },
  {
    name: 'average_order_value',
    kind: 'ratio',
    numerator: ['revenue'],
    denominator: ['orders'],
    unit: 'money',
    bad: 'drop',
    description: 'revenue ÷ orders'
  },
  {
    name: 'order_value_p50',
    kind: 'quantile',
    of: 'order_value',
    share: 0.5,
    unit: 'money',
    bad: 'drop',
    description: 'the median amount of a purchase, to within 1 %'
  },
  {
    name: 'price_level',
    kind: 'mean',
    of: 'price_level',
    unit: 'number',
    bad: 'either',
    description:
      'the mean natural logarithm of what a purchased product cost, to three places: one great order hardly moves it'
  },
  {
    name: 'conversion_rate',
    kind: 'ratio',
    numerator: ['purchasing_sessions'],
    denominator: ['visits'],
    unit: 'share',
    bad: 'drop',
    description: 'sessions that purchased ÷ sessions'
  },
  {
    name: 'cart_abandonment_rate',
    kind: 'ratio',
    numerator: ['carting_sessions', '-purchasing_sessions'],
    denominator: ['carting_sessions'],
    floor: 0,
    unit: 'share',
    bad: 'rise',
    description: '1 − sessions that purchased ÷ sessions that carted, not below 0'
  },
  {
    name: 'checkout_success_rate',
    kind: 'ratio',
    numerator: ['orders'],
    denominator: ['checkouts_started'],
    unit: 'share',
    bad: 'drop',
    description: 'orders ÷ checkouts started'
  },
  {
    name: 'category_share',
    kind: 'segment_share',
    dimension: 'category',
    unit: 'share',
    bad: 'either',
    description: 'events of a category ÷ events with a category; rows of categories only'
  },
  ...dataMetrics
]
