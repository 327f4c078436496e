import { type ContractField, contractFields } from '../decode/layout.ts'
import { measuredTypes } from '../window/measure.ts'
import type { Segment } from '../window/segment.ts'
import type { Partial } from '../window/types.ts'
import type { MetricDefinition, SegmentValue } from './types.ts'
import { ratio } from './values.ts'

/** The dimension of the rows of fields. */
export const fieldDimension = 'field × event_type'

/** A type of the events that are counted apart, also `unknown`. */
export type CountedType = (typeof measuredTypes)[number]

export const fieldSegment = (field: ContractField, type: CountedType): Segment =>
  `field=${field} × event_type=${type}`

/** Of this field each type that came has a row of `field_rate`: it says how many events the other rows are of. */
export const countingField: ContractField = 'event_type'

/**
 * How often each field of the contract was there, and was a number, among the events of each type: a row each, where any
 * event had it. All events have a time.
 */
export function fieldRows(
  partials: readonly Partial[],
  metrics: readonly MetricDefinition[]
): readonly SegmentValue[] {
  const shares = metrics.flatMap(metric => (metric.kind === 'field_share' ? [metric] : []))
  return measuredTypes.flatMap((type, place) =>
    contractFields.flatMap((field, at) => {
      if (field === 'event_time') return []
      const counts = partials.map(({ fields }) => fields.of(at, place))
      const sum = (of: 'events' | 'present' | 'numeric') =>
        counts.reduce((total, count) => total + count[of], 0)
      const [events, present, numeric] = [sum('events'), sum('present'), sum('numeric')]
      if (events === 0) return []
      return shares.flatMap(({ name, of }): SegmentValue[] => {
        const isSaid = of === 'present' ? present > 0 || field === countingField : numeric > 0
        const share = of === 'present' ? ratio(present, events) : ratio(numeric, present)
        return isSaid
          ? [{ metric: name, dimension: fieldDimension, segment: fieldSegment(field, type), ...share }]
          : []
      })
    })
  )
}
