import { expect, test } from 'vitest'
import { kinds } from '../../../detectors/catalogue.ts'

test('each kind of anomaly is named once, and all but a stalled pipeline are found in windows', () => {
  expect(kinds.map(({ kind }) => kind)).toEqual([
    'revenue_drop',
    'traffic_spike',
    'traffic_drop',
    'cart_abandonment_spike',
    'checkout_failure',
    'data_quality',
    'data_loss',
    'pipeline_stalled'
  ])
  expect(kinds.filter(({ create }) => !create).map(({ kind }) => kind)).toEqual(['pipeline_stalled'])
})
