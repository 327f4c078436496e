import type { Detector } from './detector.ts'
import { cartAbandonmentSpike } from './kinds/cart-abandonment.ts'
import { checkoutFailure } from './kinds/checkout-failure.ts'
import { dataLoss } from './kinds/data-loss.ts'
import { dataQuality } from './kinds/data-quality.ts'
import { revenueDrop } from './kinds/revenue-drop.ts'
import { trafficDrop, trafficSpike } from './kinds/traffic.ts'
import type { ShopSeries } from './shop.ts'
import type { DetectorsOptions } from './types.ts'

/** An anomaly kind: its name everywhere, what a person reads, and its detector where windows show it. */
export interface Kind {
  readonly kind: string
  readonly title: string
  readonly metric: string
  /** How value and expected value are to be read. */
  readonly unit: 'money' | 'count' | 'share' | 'seconds'
  readonly summary: string
  readonly create?: (series: ShopSeries, options: DetectorsOptions) => Detector | undefined
}

/** A new kind is one entry here. */
export const kinds: readonly Kind[] = [
  {
    kind: 'revenue_drop',
    title: 'Revenue drop',
    metric: 'revenue',
    unit: 'money',
    summary: 'Revenue is well below its baseline.',
    create: (series, { revenueDrop: options }) => (options.enabled ? revenueDrop(series, options) : undefined)
  },
  {
    kind: 'traffic_spike',
    title: 'Traffic spike',
    metric: 'events',
    unit: 'count',
    summary: 'Far more events than usual.',
    create: (series, { trafficSpike: options }) =>
      options.enabled ? trafficSpike(series, options) : undefined
  },
  {
    kind: 'traffic_drop',
    title: 'Traffic drop',
    metric: 'events',
    unit: 'count',
    summary: 'Far fewer events than usual.',
    create: (series, { trafficDrop: options }) => (options.enabled ? trafficDrop(series, options) : undefined)
  },
  {
    kind: 'cart_abandonment_spike',
    title: 'Cart abandonment spike',
    metric: 'cart_abandonment_rate',
    unit: 'share',
    summary: 'Far more sessions than usual leave a filled cart.',
    create: (series, { cartAbandonmentSpike: options }) =>
      options.enabled ? cartAbandonmentSpike(series, options) : undefined
  },
  {
    kind: 'checkout_failure',
    title: 'Checkout failure',
    metric: 'checkout_success_rate',
    unit: 'share',
    summary: 'Far fewer checkouts than usual become orders.',
    create: (series, { checkoutFailure: options }) =>
      options.enabled ? checkoutFailure(series, options) : undefined
  },
  {
    kind: 'data_quality',
    title: 'Data quality',
    metric: 'missing_price_rate',
    unit: 'share',
    summary: 'Prices are missing or of another order, or events are invalid.',
    create: (series, { dataQuality: options }) => (options.enabled ? dataQuality(series, options) : undefined)
  },
  {
    kind: 'data_loss',
    title: 'Data loss',
    metric: 'events',
    unit: 'count',
    summary: 'No event at all where many were expected.',
    create: (series, { dataLoss: options }) => (options.enabled ? dataLoss(series, options) : undefined)
  },
  {
    kind: 'pipeline_stalled',
    title: 'Pipeline stalled',
    metric: 'lag',
    unit: 'seconds',
    summary: 'The stream is not being read as fast as it comes, or not at all.'
  }
]
