import type { NotificationRecord } from '../../incident/types.ts'
import type { Look } from '../types.ts'
import { filledText, filledUrl } from './template.ts'
import { plain } from './text.ts'

/** What to check first, by kind, where the configuration has no words of its own. */
export const firstChecks: Readonly<Record<string, string>> = {
  revenue_drop:
    'Buy something yourself. Then look at the status of the payment providers, at what was deployed last, and at the segments named here.',
  traffic_spike:
    'See whether orders rose too. If they did not, look for one client, network or page behind it: a crawler or an attack.',
  traffic_drop:
    'Open the shop from outside. Then look at DNS, the CDN, and whether the tracking still sends events.',
  category_imbalance:
    'Open that category in the shop: stock, prices, search, and what was changed in the catalogue last.',
  cart_abandonment_spike:
    'Take a cart to the checkout: shipping costs, coupons, login, and errors in the browser.',
  checkout_failure:
    'Pay with the methods named here. Then look at the errors of the payment provider and of the checkout service.',
  conversion_drop:
    'Walk the way from a product to the order on the devices named here. See whether the visits are people.',
  order_value_shift:
    'Look for a wrong price, discount or currency: the newest price import, coupons, rounding by 100.',
  refund_spike:
    'Read the reasons of the newest refunds: one product, one carrier, or one account behind them.',
  data_quality:
    'Look at what the producer deployed last. inspect shows a few events with the field that is missing or odd.',
  duplicate_spike:
    'Look for a producer that retries without idempotence, or a job that sends what it sent before.',
  late_spike: 'Look for a client or a queue that holds events back, and for clocks that are wrong.',
  schema_drift:
    'Compare the fields named here with the producer’s newest version: renamed, dropped, or of another type.',
  data_loss:
    'See whether the producer runs and reaches Kafka. If the shop itself is open, orders are being taken unseen.',
  metric_change: 'Look at what changed around that time: a deployment, a campaign, a configuration.',
  metric_drift: 'Compare with the weeks before: a slow change rarely has one cause. Nothing here is urgent.',
  pipeline_stalled:
    'Look at the brokers, the lag of the group and the partition named here. Until it moves, nothing else is noticed.',
  store_unavailable:
    'Look at ClickHouse: is it up, is its disk full, did a password change. Windows wait and are written later.'
}

const ofAnyKind = 'Look at what changed around that time, and at the dashboard of this metric.'

export interface Advice {
  readonly checkFirst: string
  readonly runbookUrl: string | null
}

/** What to do about it: the configuration's words, else those that come with the kind. */
export function adviceOn(notification: NotificationRecord, { guides }: Pick<Look, 'guides'>): Advice {
  const guide = guides.get(notification.kind)
  const own = guide?.checkFirst
  return {
    checkFirst: own ? plain(filledText(own, notification)) : (firstChecks[notification.kind] ?? ofAnyKind),
    runbookUrl: filledUrl(guide?.runbookUrl ?? null, notification)
  }
}
