import { expect, test } from 'vitest'
import { kinds } from '../../../detectors/catalogue.ts'

test('each kind of anomaly is named once, and most have a detector of their own that looks at windows', () => {
  expect(kinds.map(({ kind }) => kind)).toEqual([
    'revenue_drop',
    'traffic_spike',
    'traffic_drop',
    'category_imbalance',
    'cart_abandonment_spike',
    'checkout_failure',
    'conversion_drop',
    'order_value_shift',
    'refund_spike',
    'data_quality',
    'duplicate_spike',
    'late_spike',
    'schema_drift',
    'data_loss',
    'metric_change',
    'metric_anomaly',
    'metric_drift',
    'metric_threshold',
    'pipeline_stalled',
    'store_unavailable'
  ])
  const elsewhere = ['category_imbalance', 'metric_threshold', 'pipeline_stalled', 'store_unavailable']
  expect(kinds.filter(({ create }) => !create).map(({ kind }) => kind)).toEqual(elsewhere)
})
