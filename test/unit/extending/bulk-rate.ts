import type { MetricDefinition } from '../../../src/metrics/types.ts'

/** Purchases of ten pieces or more. */
export const bulkRate = {
  name: 'bulk_rate',
  kind: 'ratio',
  numerator: ['bulk_purchases'],
  denominator: ['purchases'],
  unit: 'share',
  bad: 'rise',
  description: 'of purchases: those of ten pieces or more',
  measures: [
    { name: 'bulk_purchases', kind: 'count', types: ['purchase'], where: ({ quantity }) => quantity >= 10 }
  ]
} satisfies MetricDefinition
