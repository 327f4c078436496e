import type { Measure } from '../window/measure.ts'
import type { DistinctCount, SegmentTable } from '../window/types.ts'
import { addedAt, counted, type MeasuredValue, measured, noQuantile, summed } from './values.ts'

/** Where the partials hold a value: their tables, and the row in each. */
export type Places = readonly (readonly [table: SegmentTable, row: number])[]

export function eventsAt(places: Places): number {
  let events = 0
  for (const [table, row] of places) events += table.events[row] as number
  return events
}

/** A measure of one segment: as `measured` has it, of what tables hold. Of a segment no terms are taken together. */
export function measuredAt(measure: Measure, places: Places, slots: number, slot: number): MeasuredValue {
  switch (measure.kind) {
    case 'count':
      return noQuantile(counted(countAt(places, slots, slot)))
    case 'distinct': {
      const sets: DistinctCount[] = []
      for (const [table, row] of places) {
        const set = table.sets[row * slots + slot]
        if (set !== undefined) sets.push(set)
      }
      return noQuantile(counted(countAt(places, slots, slot) + (sets[0]?.countWith(sets.slice(1)) ?? 0)))
    }
    case 'sum': {
      const { scale, squareStep } = measure
      let terms = 0
      let squares = 0
      for (const [table, row] of places) {
        terms += table.terms[row * slots + slot] as number
        squares += table.squares[row * slots + slot] as number
      }
      const amount = countAt(places, slots, slot)
      return noQuantile(summed(amount / scale, terms, squares / (scale / squareStep) ** 2))
    }
    case 'quantile':
      return measured(measure, addedAt(places.map(([table, row]) => [table, row * slots + slot])))
    default:
      return measure satisfies never
  }
}

function countAt(places: Places, slots: number, slot: number): number {
  let count = 0
  for (const [table, row] of places) count += table.counts[row * slots + slot] as number
  return count
}
