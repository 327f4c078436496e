import type { Severity } from '../../detectors/types.ts'
import type { Sign } from './signs.ts'

/** Alerts that point to a cause when they come together. */
export interface CausePattern {
  readonly id: string
  /** Each of these kinds has an alert. */
  readonly all: readonly string[]
  /** So has one of these, where there are any. */
  readonly any: readonly string[]
  /** What the findings say must be so. */
  readonly when: readonly Sign[]
  readonly title: string
  readonly text: string
  /** Kinds whose alerts the cause explains: they make an incident no graver than this. */
  readonly explains?: { readonly kinds: readonly string[]; readonly atMost: Severity }
  /** What is missing was not counted, but it was not lost. */
  readonly losesNothing?: true
  /** Of several alerts at the highest severity the first of these kinds leads: its figures are shown, its routes hold. */
  readonly leads: readonly string[]
}

const drops = [
  'traffic_drop',
  'revenue_drop',
  'checkout_failure',
  'conversion_drop',
  'cart_abandonment_spike'
]

const undercounted = {
  id: 'revenue_undercounted',
  title: 'Revenue is undercounted',
  text: 'Prices are missing, but orders come as usual. Revenue is counted too low, not lost.',
  explains: { kinds: ['revenue_drop'], atMost: 'high' },
  losesNothing: true
} as const

/** The first one that fits counts. Where none does, an incident is what its leading alert says. */
export const causePatterns: readonly CausePattern[] = [
  {
    id: 'events_missing',
    all: ['data_loss'],
    any: drops,
    when: [],
    title: 'Events are missing',
    text: 'Events are missing, so everything that is counted drops: the tracking, its way to Kafka, or the whole shop.',
    leads: ['data_loss']
  },
  {
    id: 'events_late',
    all: ['late_spike'],
    any: ['traffic_drop', 'revenue_drop'],
    when: [],
    title: 'Events come late',
    text: 'Events come too late for their windows, which count too few. The delivery of the events is at fault, not the shop.',
    explains: { kinds: ['traffic_drop', 'revenue_drop'], atMost: 'high' },
    leads: ['late_spike']
  },
  {
    id: 'events_twice',
    all: ['duplicate_spike'],
    any: ['late_spike'],
    when: [],
    title: 'Events come twice',
    text: 'Events come more than once. Counts are too high; the shop itself may be well.',
    explains: { kinds: ['late_spike'], atMost: 'medium' },
    leads: ['duplicate_spike']
  },
  {
    ...undercounted,
    all: ['revenue_drop'],
    any: ['data_quality', 'schema_drift'],
    when: ['orders_as_usual'],
    leads: ['data_quality', 'schema_drift', 'revenue_drop']
  },
  {
    ...undercounted,
    all: ['revenue_drop'],
    any: [],
    when: ['orders_as_usual', 'prices_missing'],
    leads: ['revenue_drop']
  },
  {
    id: 'prices_wrong',
    all: ['revenue_drop', 'order_value_shift'],
    any: [],
    when: ['orders_as_usual'],
    title: 'Prices are wrong',
    text: 'Orders come as usual, at other prices than before: a price import, a coupon or a currency.',
    leads: ['revenue_drop']
  },
  {
    id: 'part_gone',
    all: ['category_imbalance'],
    any: ['revenue_drop', 'conversion_drop'],
    when: [],
    title: 'A part of the shop is gone',
    text: 'Visitors do not reach a part of the shop: its pages, its stock, or the search.',
    leads: ['category_imbalance']
  },
  {
    id: 'visitors_gone',
    all: ['traffic_drop'],
    any: ['revenue_drop'],
    when: [],
    title: 'Visitors are gone',
    text: 'Far fewer visitors come, and sales drop with them: the shop cannot be reached, or its events are lost.',
    leads: ['traffic_drop']
  },
  {
    id: 'payment_or_checkout',
    all: ['checkout_failure'],
    any: ['revenue_drop', 'conversion_drop', 'cart_abandonment_spike'],
    when: [],
    title: 'Payment or checkout fails',
    text: 'Checkouts are begun and do not become orders: the payment provider or the last steps of the checkout.',
    leads: ['checkout_failure', 'revenue_drop']
  },
  {
    id: 'payment_or_checkout',
    all: ['revenue_drop'],
    any: ['conversion_drop', 'cart_abandonment_spike'],
    when: [],
    title: 'Payment or checkout fails',
    text: 'Visitors come, and far fewer of them buy: payment or checkout.',
    leads: ['revenue_drop', 'conversion_drop']
  },
  {
    id: 'before_payment',
    all: ['conversion_drop', 'cart_abandonment_spike'],
    any: [],
    when: [],
    title: 'Carts do not become orders',
    text: 'Visitors fill carts, and far fewer of them buy: a fault between cart and payment.',
    leads: ['conversion_drop']
  },
  {
    id: 'bots',
    all: ['traffic_spike'],
    any: ['conversion_drop'],
    when: ['orders_do_not_follow'],
    title: 'Bots, probably',
    text: 'Far more visits come, and orders do not rise with them: a crawler, a scraper or an attack.',
    explains: { kinds: ['conversion_drop'], atMost: 'medium' },
    leads: ['traffic_spike']
  }
]
