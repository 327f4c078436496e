import { type ContractField, contractFields, type EventType } from '../decode/layout.ts'
import { measuredTypes } from '../window/measure.ts'
import type { Partial } from '../window/types.ts'
import type { MetricDefinition, SegmentValue } from './types.ts'
import { ratio } from './values.ts'

/** Types whose events usually carry a field; all, where it is none of these. */
const carriedBy: { readonly [field in ContractField]?: readonly EventType[] } = {
  product_id: ['product_view', 'add_to_cart', 'remove_from_cart', 'purchase', 'refund'],
  category: ['product_view', 'add_to_cart', 'remove_from_cart', 'purchase', 'refund'],
  price: ['add_to_cart', 'checkout_started', 'purchase'],
  quantity: ['add_to_cart', 'checkout_started', 'purchase'],
  currency: ['add_to_cart', 'checkout_started', 'purchase'],
  order_id: ['purchase'],
  payment_method: ['purchase']
}

const typesOf = contractFields.map(field =>
  [...measuredTypes.keys()].filter(
    place => carriedBy[field]?.includes(measuredTypes[place] as EventType) ?? true
  )
)

/** How often each field of the contract was there, and was a number: a row each, where there is anything to say. */
export function fieldRows(
  partials: readonly Partial[],
  metrics: readonly MetricDefinition[]
): readonly SegmentValue[] {
  if (partials.length === 0) return []
  const totals = contractFields.map((_, field) => {
    const counts = partials.map(partial => partial.fields.of(field, typesOf[field] as readonly number[]))
    const sum = (of: 'events' | 'present' | 'numeric') =>
      counts.reduce((total, count) => total + count[of], 0)
    return { events: sum('events'), present: sum('present'), numeric: sum('numeric') }
  })
  return metrics.flatMap(metric => {
    if (metric.kind !== 'field_share') return []
    return contractFields.flatMap((field, place): SegmentValue[] => {
      const { events, present, numeric } = totals[place] as (typeof totals)[number]
      const of = metric.of === 'present' ? ratio(present, events) : ratio(numeric, present)
      if (of.denominator === 0) return []
      return [{ metric: metric.name, dimension: 'field', segment: `field=${field}`, ...of }]
    })
  })
}
