import { dataMetrics } from './data-metrics.ts'
import { type ListedMetric, plainMetric, ratioMetric } from './listed-metric.ts'

/**
 * Every metric of a shop: docs/metrics.md lists them. A new one is an entry here; one with measures of its own is a file
 * beside this one and a line here.
 */
export const shopMetrics: readonly ListedMetric[] = [
  plainMetric('count', 'events', {
    bad: 'either',
    segmented: true,
    learntOfSegments: true,
    description: 'events of any type'
  }),
  plainMetric('distinct', 'visits', {
    additive: true,
    bad: 'either',
    description: 'distinct sessions; one that is active in three windows counts in each'
  }),
  plainMetric('distinct', 'visitors', {
    bad: 'either',
    description: 'distinct users; events without a user_id count for nobody'
  }),
  plainMetric('count', 'product_views', { bad: 'drop', description: 'product_view events' }),
  plainMetric('count', 'searches', { bad: 'drop', description: 'search events' }),
  plainMetric('count', 'cart_adds', { bad: 'drop', segmented: true, description: 'add_to_cart events' }),
  plainMetric('count', 'cart_removals', { bad: 'rise', description: 'remove_from_cart events' }),
  plainMetric('distinct', 'carting_sessions', {
    bad: 'drop',
    description: 'distinct sessions that put something into a cart'
  }),
  plainMetric('count', 'checkouts_started', {
    bad: 'drop',
    segmented: true,
    description: 'checkout_started events'
  }),
  plainMetric('distinct', 'purchasing_sessions', {
    bad: 'drop',
    description: 'distinct sessions that purchased'
  }),
  plainMetric('distinct', 'orders', {
    additive: true,
    bad: 'drop',
    segmented: true,
    learntOfSegments: true,
    description: 'distinct order ids of purchases; a purchase without one counts as an order'
  }),
  plainMetric('sum', 'revenue', {
    unit: 'money',
    bad: 'drop',
    segmented: true,
    learntOfSegments: true,
    description:
      'price × quantity of purchases, in the configured currency; refunds are not subtracted. Its terms are orders, whose lines are one'
  }),
  plainMetric('sum', 'units', {
    unit: 'number',
    bad: 'drop',
    description: 'pieces that were purchased: the sum of their quantities'
  }),
  plainMetric('count', 'refunds', { bad: 'rise', description: 'refund events' }),
  ratioMetric('refund_rate', ['refunds'], ['orders'], {
    bad: 'rise',
    description: 'refunds ÷ orders of the same window, most of them of older orders; may pass 1'
  }),
  {
    name: 'net_revenue',
    kind: 'balance',
    of: ['revenue', '-refunded'],
    unit: 'money',
    bad: 'drop',
    description: 'revenue less what was refunded in the window'
  },
  ratioMetric('average_order_value', ['revenue'], ['orders'], {
    unit: 'money',
    bad: 'drop',
    description: 'revenue ÷ orders'
  }),
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
      'the mean over orders of the mean natural logarithm of what their products cost, to three places: one great order hardly moves it'
  },
  ratioMetric('conversion_rate', ['purchasing_sessions'], ['visits'], {
    bad: 'drop',
    description: 'sessions that purchased ÷ sessions'
  }),
  ratioMetric('cart_abandonment_rate', ['carting_sessions', '-purchasing_sessions'], ['carting_sessions'], {
    floor: 0,
    bad: 'rise',
    description: '1 − sessions that purchased ÷ sessions that carted, not below 0'
  }),
  ratioMetric('checkout_success_rate', ['orders'], ['checkouts_started'], {
    bad: 'drop',
    description: 'orders ÷ checkouts started'
  }),
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
