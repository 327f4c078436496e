import type { Measure } from '../window/measure.ts'
import type { Partial } from '../window/types.ts'
import type { ShopMetrics } from './create.ts'
import { eventsOf, faultOf, pricedTypes } from './measures.ts'
import type { SegmentValue } from './types.ts'
import { measured, type Places, ratio, wholePlaces } from './values.ts'

/** Of this one every type that came has a row: it says how many events the other faults are of. */
const always = 'missing_price'

/** Gives how many events of each type have a fault: a row of dimension `event_type` each, where there is anything to say. */
export function createFaultRows({ measures, metrics }: ShopMetrics) {
  const slotOf = (name: string) => measures.findIndex(measure => measure.name === name)
  const read = (slot: number, places: Places) => measured(measures[slot] as Measure, places, slot)
  const rows = metrics.flatMap(metric => {
    if (metric.kind !== 'ratio' || metric.fault === undefined) return []
    const { name, fault } = metric
    return pricedTypes.map(type => ({
      metric: name,
      type,
      isAlways: fault === always,
      faulty: slotOf(faultOf(fault, type)),
      all: slotOf(eventsOf[type])
    }))
  })
  return function faultRows(partials: readonly Partial[]): readonly SegmentValue[] {
    const places = wholePlaces(partials)
    return rows.flatMap(({ metric, type, isAlways, faulty, all }): SegmentValue[] => {
      const { numerator, squares } = read(faulty, places)
      const of = ratio(numerator, read(all, places).numerator)
      if (numerator === 0 && (!isAlways || of.denominator === 0)) return []
      return [{ metric, dimension: 'event_type', segment: `event_type=${type}`, ...of, squares }]
    })
  }
}
