import type { ListedMetric } from './listed-metric.ts'

/** The quality of the data itself: faults, duplicates, fields, freshness, late events and dead letters. */
export const dataMetrics: readonly ListedMetric[] = [
  {
    name: 'missing_price_rate',
    kind: 'ratio',
    numerator: ['missing_prices'],
    denominator: ['priced_events'],
    unit: 'share',
    bad: 'rise',
    description: 'of add_to_cart, checkout_started and purchase: those without a price'
  },
  {
    name: 'negative_price_rate',
    kind: 'ratio',
    numerator: ['negative_prices'],
    denominator: ['priced_events'],
    unit: 'share',
    bad: 'rise',
    description: 'of add_to_cart, checkout_started and purchase: those with a price below 0'
  },
  {
    name: 'unknown_currency_rate',
    kind: 'ratio',
    numerator: ['unknown_currencies'],
    denominator: ['purchases'],
    unit: 'share',
    bad: 'rise',
    description: 'of purchases: those in a currency that is not configured and has no rate'
  },
  {
    name: 'missing_id_rate',
    kind: 'ratio',
    numerator: ['nobodys_events', 'unnumbered_purchases'],
    denominator: ['events'],
    unit: 'share',
    bad: 'rise',
    description: 'events with neither session_id nor user_id, and purchases without an order_id'
  },
  {
    name: 'unknown_type_rate',
    kind: 'ratio',
    numerator: ['unknown_types'],
    denominator: ['events'],
    unit: 'share',
    bad: 'rise',
    description: 'events whose type is none of the contract'
  },
  {
    name: 'invalid_rate',
    kind: 'ratio',
    numerator: ['invalid'],
    denominator: ['events'],
    unit: 'share',
    bad: 'rise',
    description: 'events with a missing or wrong business field'
  },
  {
    name: 'duplicate_rate',
    kind: 'ratio',
    numerator: ['named_events', '-event_ids'],
    denominator: ['named_events'],
    floor: 0,
    unit: 'share',
    bad: 'rise',
    description: '1 − distinct event ids ÷ events with an id, within a window, not below 0'
  },
  {
    name: 'field_rate',
    kind: 'field_share',
    of: 'present',
    unit: 'share',
    bad: 'drop',
    description: 'of the events whose types usually carry a field: those that have it; rows of fields only'
  },
  {
    name: 'field_number_rate',
    kind: 'field_share',
    of: 'numeric',
    unit: 'share',
    bad: 'either',
    description: 'of the events that have a field: those in which it is a JSON number; rows of fields only'
  },
  {
    name: 'freshness',
    kind: 'mean',
    of: 'age',
    unit: 'seconds',
    bad: 'rise',
    description:
      "the mean of record timestamp less event time, from nought to a day; a file's lines have no such timestamp"
  },
  {
    name: 'freshness_p95',
    kind: 'quantile',
    of: 'ages',
    share: 0.95,
    unit: 'seconds',
    bad: 'rise',
    description: 'what 95 % of events are at most as old as when they arrive, to within 1 %'
  },
  {
    name: 'late_rate',
    kind: 'ratio',
    numerator: ['late'],
    denominator: ['events', 'late'],
    unit: 'share',
    bad: 'rise',
    description: 'events that came after their window had closed'
  },
  {
    name: 'dead_letter_rate',
    kind: 'ratio',
    numerator: ['dead'],
    denominator: ['events', 'late', 'dead'],
    unit: 'share',
    bad: 'rise',
    description: 'records that cannot be events'
  }
]
