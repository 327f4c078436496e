import { faultMetric, type ListedMetric, ratioMetric } from './listed-metric.ts'
import { pricedTypes } from './measures.ts'

/** The quality of the data itself: faults, duplicates, fields, freshness, late events and dead letters. */
export const dataMetrics: readonly ListedMetric[] = [
  faultMetric(
    'missing_price',
    pricedTypes,
    'of add_to_cart, checkout_started and purchase: those without a price; also of each of these types'
  ),
  faultMetric(
    'negative_price',
    pricedTypes,
    'of add_to_cart, checkout_started and purchase: those with a price below 0; also of each of these types'
  ),
  faultMetric(
    'invalid_price',
    ['purchase'],
    'of purchases: those with a price that cannot be read; also of add_to_cart and checkout_started'
  ),
  faultMetric(
    'invalid_quantity',
    ['purchase'],
    'of purchases: those with a quantity that is none; also of add_to_cart and checkout_started'
  ),
  faultMetric(
    'invalid_currency',
    ['purchase'],
    'of purchases: those with a currency that is none, such as undefined; also of add_to_cart and checkout_started'
  ),
  faultMetric(
    'unknown_currency',
    ['purchase'],
    'of purchases: those in a currency that is not configured and has no rate'
  ),
  ratioMetric('missing_id_rate', ['nobodys_events', 'unnumbered_purchases'], ['events'], {
    bad: 'rise',
    description: 'events with neither session_id nor user_id, and purchases without an order_id'
  }),
  ratioMetric('unknown_type_rate', ['unknown_types'], ['events'], {
    bad: 'rise',
    description: 'events whose type is none of the contract'
  }),
  ratioMetric('invalid_rate', ['invalid'], ['events'], {
    bad: 'rise',
    description: 'events with a missing or wrong business field'
  }),
  ratioMetric('duplicate_rate', ['named_events', '-event_ids'], ['named_events'], {
    floor: 0,
    bad: 'rise',
    description: '1 − distinct event ids ÷ events with an id, within a window, not below 0'
  }),
  ratioMetric('repeated_order_rate', ['repeated_purchases'], ['purchases', 'repeated_purchases'], {
    bad: 'rise',
    description:
      'of purchases: those whose order was counted before, late ones too; they are events and no purchases'
  }),
  {
    name: 'field_rate',
    kind: 'field_share',
    of: 'present',
    unit: 'share',
    bad: 'drop',
    learntOfSegments: true,
    description: 'of the events of a type: those that have a field; rows of fields and types only'
  },
  {
    name: 'field_number_rate',
    kind: 'field_share',
    of: 'numeric',
    unit: 'share',
    bad: 'either',
    learntOfSegments: true,
    description:
      'of the events of a type that have a field: those in which it is a JSON number; rows of fields and types only'
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
  ratioMetric('late_rate', ['late'], ['events', 'late'], {
    bad: 'rise',
    description: 'events that came after their window had closed'
  }),
  ratioMetric('dead_letter_rate', ['dead'], ['events', 'late', 'dead'], {
    bad: 'rise',
    description: 'records that cannot be events'
  })
]
