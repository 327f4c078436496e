import { ScannedEvent } from '../decode/scanned-event.ts'
import type { ShopEvent } from '../decode/types.ts'
import type { SlotStep } from './columns.ts'
import type { Dimension, Measure } from './measure.ts'
import { hintedRowOf, rowOf } from './segment-table.ts'
import { addEvent, type Steps } from './steps.ts'
import type { Partial, SegmentTable } from './types.ts'

export interface SegmentingOptions {
  /** Those that are kept for each segment. */
  readonly segmentMeasures: readonly Measure[]
  readonly dimensions: readonly Dimension[]
  /** Values of a dimension that survive when there are more than twice as many. */
  readonly maxValues: number
}

/** Adds an event to its segments, by the steps of its type. */
export type AddToSegments = (
  partial: Partial,
  event: ShopEvent,
  recordTime: number | undefined,
  steps: Steps
) => void

export function createSegmenting(options: SegmentingOptions): AddToSegments {
  const { segmentMeasures, dimensions, maxValues } = options
  const slots = segmentMeasures.length

  return function addToSegments(partial, event, recordTime, steps) {
    const hints = event instanceof ScannedEvent ? event.hints : undefined
    for (let index = 0; index < dimensions.length; index++) {
      const dimension = dimensions[index] as Dimension
      const table = partial.segments[index] as SegmentTable
      if (event.lines !== undefined && dimension.ofLine !== undefined) {
        addLines(table, dimension, partial.records, event, recordTime, steps.all)
        continue
      }
      const value = dimension.of(event)
      if (value === undefined) continue
      const { hintAt } = dimension
      const hint = hints === undefined || hintAt === undefined ? -1 : (hints[hintAt] as number)
      const row =
        hint < 0
          ? rowOf(table, slots, maxValues, value, dimension)
          : hintedRowOf(table, slots, maxValues, value, dimension, hint)
      if (row === undefined) continue
      table.valued++
      ;(table.events[row] as number)++
      addEvent(table, row * slots, steps, event, recordTime)
    }
  }

  /** An event counts once in a segment, however many of its products are in it; what a product has, for each. */
  function addLines(
    table: SegmentTable,
    dimension: Dimension,
    stamp: number,
    event: ShopEvent,
    recordTime: number | undefined,
    steps: readonly SlotStep[]
  ): void {
    let isValued = false
    for (const line of event.lines ?? []) {
      const value = dimension.ofLine?.(line, event)
      const row = value === undefined ? undefined : rowOf(table, slots, maxValues, value, dimension)
      if (row === undefined) continue
      isValued = true
      const isFirst = table.stamps[row] !== stamp
      table.stamps[row] = stamp
      if (isFirst) (table.events[row] as number)++
      for (const { slot, step } of steps) {
        const at = row * slots + slot
        if (step.line !== undefined) step.line(table, at, line, event)
        else if (isFirst) step.event(table, at, event, recordTime)
      }
    }
    if (isValued) table.valued++
  }
}
