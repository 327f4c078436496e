import type { MeasureName } from './measures.ts'

/** A metric: a named number of a window, made of measures. */
export type MetricDefinition =
  | {
      readonly name: string
      readonly kind: 'count' | 'distinct' | 'sum'
      readonly of: MeasureName
      readonly description: string
    }
  | {
      readonly name: string
      readonly kind: 'ratio'
      /** Measures added up and, with a leading minus, taken away. */
      readonly numerator: readonly Term[]
      readonly denominator: readonly Term[]
      /** The least value shown; the numerator itself is kept as it is, so that it adds up over windows. */
      readonly floor?: number
      readonly description: string
    }

type Term = MeasureName | `-${MeasureName}`

export const shopMetrics: readonly MetricDefinition[] = [
  { name: 'events', kind: 'count', of: 'events', description: 'events of any type' },
  {
    name: 'visits',
    kind: 'distinct',
    of: 'visits',
    description: 'distinct sessions; one that is active in three windows counts in each'
  },
  {
    name: 'orders',
    kind: 'distinct',
    of: 'orders',
    description: 'distinct order ids of purchases; a purchase without one counts as an order'
  },
  {
    name: 'revenue',
    kind: 'sum',
    of: 'revenue',
    description: 'price × quantity of purchases, in the configured currency; refunds are not subtracted'
  },
  { name: 'cart_adds', kind: 'count', of: 'cart_adds', description: 'add_to_cart events' },
  {
    name: 'carting_sessions',
    kind: 'distinct',
    of: 'carting_sessions',
    description: 'distinct sessions that put something into a cart'
  },
  {
    name: 'purchasing_sessions',
    kind: 'distinct',
    of: 'purchasing_sessions',
    description: 'distinct sessions that purchased'
  },
  {
    name: 'checkouts_started',
    kind: 'count',
    of: 'checkouts_started',
    description: 'checkout_started events'
  },
  {
    name: 'cart_abandonment_rate',
    kind: 'ratio',
    numerator: ['carting_sessions', '-purchasing_sessions'],
    denominator: ['carting_sessions'],
    floor: 0,
    description: '1 − sessions that purchased ÷ sessions that carted, not below 0'
  },
  {
    name: 'checkout_success_rate',
    kind: 'ratio',
    numerator: ['orders'],
    denominator: ['checkouts_started'],
    description: 'orders ÷ checkouts started'
  },
  {
    name: 'missing_price_rate',
    kind: 'ratio',
    numerator: ['missing_prices'],
    denominator: ['priced_events'],
    description: 'of add_to_cart, checkout_started and purchase: those without a price'
  },
  {
    name: 'invalid_rate',
    kind: 'ratio',
    numerator: ['invalid'],
    denominator: ['events'],
    description: 'events with a missing or wrong business field'
  },
  {
    name: 'late_rate',
    kind: 'ratio',
    numerator: ['late'],
    denominator: ['events', 'late'],
    description: 'events that came after their window had closed'
  },
  {
    name: 'dead_letter_rate',
    kind: 'ratio',
    numerator: ['dead'],
    denominator: ['events', 'late', 'dead'],
    description: 'records that cannot be events'
  }
]
