import { type ContractField, contractFields } from '../decode/layout.ts'
import { noFieldSums } from '../window/field-counts.ts'
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

/** What is said of one field and type. */
interface FieldRows {
  readonly place: number
  readonly at: number
  readonly segment: Segment
  /** It says how many events the other rows of its type are of. */
  readonly isCounting: boolean
}

/**
 * Gives how often each field of the contract was there, and was a number, among the events of each type: a row each, where any
 * event had it. All events have a time.
 */
export function createFieldRows(metrics: readonly MetricDefinition[]) {
  const shares = metrics.flatMap(metric => (metric.kind === 'field_share' ? [metric] : []))
  const all = measuredTypes.flatMap((type, place) =>
    contractFields.flatMap((field, at): FieldRows[] =>
      field === 'event_time'
        ? []
        : [{ place, at, segment: fieldSegment(field, type), isCounting: field === countingField }]
    )
  )
  return function fieldRows(partials: readonly Partial[]): readonly SegmentValue[] {
    const sums = noFieldSums()
    for (const { fields } of partials) fields.addTo(sums)
    const rows: SegmentValue[] = []
    for (const { place, at, segment, isCounting } of all) {
      const events = sums.events[place] as number
      if (events === 0) continue
      const present = sums.present[place * contractFields.length + at] as number
      const numeric = sums.numeric[place * contractFields.length + at] as number
      for (const { name, of } of shares) {
        const isSaid = of === 'present' ? present > 0 || isCounting : numeric > 0
        const share = of === 'present' ? ratio(present, events) : ratio(numeric, present)
        if (isSaid) rows.push({ metric: name, dimension: fieldDimension, segment, ...share })
      }
    }
    return rows
  }
}
