import type { ShopEvent } from '../decode/types.ts'
import { emptyColumns, type SlotStep } from './columns.ts'
import { createFieldCounts } from './field-counts.ts'
import { type Measure, type MeasuredType, measuredTypes } from './measure.ts'
import { hold, noneHeld } from './orders/held.ts'
import { createSegmentTable } from './segment-table.ts'
import { createSegmenting, type SegmentingOptions } from './segmenting.ts'
import { addEvent, type Steps, stepsOf } from './steps.ts'
import type { Partial } from './types.ts'

export interface PartialOptions extends SegmentingOptions {
  readonly measures: readonly Measure[]
  /** Factor into the shop's currency by currency, its own with 1; others are kept apart. */
  readonly rates: ReadonlyMap<string, number>
  /** For so long the same order again is counted once; 0: it counts each time. */
  readonly orderSpanMs: number
}

/** Adds an event; `recordTime` is its record's own timestamp, undefined where it has none. */
export type Accumulate = (partial: Partial, event: ShopEvent, recordTime: number | undefined) => void

/** The same, as an event of the type that is given. */
type Count = (
  partial: Partial,
  event: ShopEvent,
  recordTime: number | undefined,
  as: ShopEvent['type'] | 'repeated_purchase'
) => void

/** An empty share of the window that begins at `start`; `like` is that of another window of the same partition. */
export function createPartial(
  start: number,
  { measures, segmentMeasures, dimensions, orderSpanMs }: PartialOptions,
  like?: Partial
): Partial {
  return {
    ...emptyColumns(measures.length),
    ...(like && { sets: like.sets.map(set => set?.another()) }),
    start,
    records: 0,
    late: 0,
    dead: 0,
    foreign: new Map(),
    grouped: new Array(measures.length).fill(undefined),
    fields: createFieldCounts(),
    held: orderSpanMs === 0 ? undefined : noneHeld(),
    segments: dimensions.map((_, index) => createSegmentTable(segmentMeasures.length, like?.segments[index]))
  }
}

/** What is done with an event of one type: only the measures that look at it. */
interface TypePlan {
  readonly place: number
  readonly steps: Steps
  /** Of measures that look at events with faults alone. */
  readonly faultSteps: readonly SlotStep[]
  readonly segmentSteps: Steps
}

/** Compiles the measures into one function that adds an event, or keeps it until its window closes. */
export function compile(options: PartialOptions): Accumulate {
  const count = compileCount(options)
  return function accumulate(partial, event, recordTime) {
    const { held } = partial
    const isHeld = held !== undefined && event.type === 'purchase' && hold(held, event, recordTime)
    if (!isHeld) count(partial, event, recordTime, event.type)
  }
}

/** Compiles the measures into one function that adds an event at once. */
export function compileCount(options: PartialOptions): Count {
  const { measures, segmentMeasures, rates } = options
  const addToSegments = createSegmenting(options)
  const planOf = (type: MeasuredType, place: number): TypePlan => ({
    place,
    steps: stepsOf(measures, type, rates, measure => !isOfFaults(measure)),
    faultSteps: stepsOf(measures, type, rates, isOfFaults).all,
    segmentSteps: stepsOf(segmentMeasures, type, rates, () => true)
  })
  const plans = new Map<string, TypePlan>(measuredTypes.map((type, place) => [type, planOf(type, place)]))
  // It has the fields of a purchase.
  plans.set('repeated_purchase', planOf('repeated_purchase', measuredTypes.indexOf('purchase')))
  return function count(partial, event, recordTime, as) {
    partial.records++
    const { place, steps, faultSteps, segmentSteps } = plans.get(as) as TypePlan
    partial.fields.add(place, event.present, event.numeric)
    addEvent(partial, 0, steps, event, recordTime)
    if (event.faults !== 0) {
      for (const { slot, step } of faultSteps) step.event(partial, slot, event, recordTime)
    }
    addToSegments(partial, event, recordTime, segmentSteps)
  }
}

const isOfFaults = ({ faults }: Measure): boolean => faults !== undefined
