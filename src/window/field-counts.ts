import { contractFields } from '../decode/layout.ts'
import { measuredTypes } from './measure.ts'
import type { FieldCounts, FieldSums } from './types.ts'

const width = contractFields.length

export const noFieldSums = (): FieldSums => ({
  events: new Float64Array(measuredTypes.length),
  present: new Float64Array(measuredTypes.length * width),
  numeric: new Float64Array(measuredTypes.length * width)
})

/** Events of one type mostly have the same fields, so a run of them is counted at once, when it ends. */
export function createFieldCounts(): FieldCounts {
  const types = measuredTypes.length
  const lastPresent = new Int32Array(types)
  const lastNumeric = new Int32Array(types)
  const runs = new Float64Array(types)
  const own = noFieldSums()
  const { events, present, numeric } = own

  function endRun(type: number): void {
    const run = runs[type] as number
    if (run === 0) return
    runs[type] = 0
    events[type] = (events[type] as number) + run
    addBits(present, type * width, lastPresent[type] as number, run)
    addBits(numeric, type * width, lastNumeric[type] as number, run)
  }

  return {
    add(type, has, isNumber) {
      if (lastPresent[type] !== has || lastNumeric[type] !== isNumber) {
        endRun(type)
        lastPresent[type] = has
        lastNumeric[type] = isNumber
      }
      ;(runs[type] as number)++
    },
    addTo(sums) {
      for (let type = 0; type < types; type++) endRun(type)
      addAll(sums.events, events)
      addAll(sums.present, present)
      addAll(sums.numeric, numeric)
    }
  }
}

function addAll(to: Float64Array, from: Float64Array): void {
  for (let at = 0; at < from.length; at++) to[at] = (to[at] as number) + (from[at] as number)
}

function addBits(counts: Float64Array, from: number, bits: number, times: number): void {
  for (let left = bits; left !== 0; left &= left - 1) {
    const at = from + 31 - Math.clz32(left & -left)
    counts[at] = (counts[at] as number) + times
  }
}
