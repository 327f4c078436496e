import type { MetricDefinition } from '../../../src/metrics/types.ts'
import type { Measure } from '../../../src/window/measure.ts'

export const bulkPurchases: Measure = {
  name: 'bulk_purchases',
  kind: 'count',
  types: ['purchase'],
  where: event => event.quantity >= 10
}

export const bulkRate: MetricDefinition = {
  name: 'bulk_rate',
  kind: 'ratio',
  numerator: ['bulk_purchases'],
  denominator: ['purchases'],
  unit: 'share',
  bad: 'rise',
  description: 'of purchases: those of ten pieces or more'
}
