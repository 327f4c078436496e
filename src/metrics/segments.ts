import { type Dimension, type Measure, otherValue } from '../window/measure.ts'
import type { Segment } from '../window/segment.ts'
import { otherRow } from '../window/segment-table.ts'
import type { Partial, SegmentTable } from '../window/types.ts'
import { compileMetric } from './compiled.ts'
import { isSegmentedBy, measureNamesOf, type ShopMetrics } from './create.ts'
import { DimensionValues, SegmentPlaces } from './dimension-values.ts'
import type { MetricDefinition, MetricValue, SegmentValue } from './types.ts'
import { type MeasuredValue, measured, ratio } from './values.ts'

type SegmentRows = (partials: readonly Partial[]) => readonly SegmentValue[]

/**
 * Gives the rows of every segment: of a dimension's `top` values with the most events, and of the rest as `other`. There can be
 * ten thousand: what depends on the metrics alone is found out once.
 */
export function createSegmentRows({ metrics, segmentMeasures, dimensions, top }: ShopMetrics): SegmentRows {
  const rowsOf = dimensions.map((dimension, index) => {
    const rows = createRowsOfDimension(dimension, metrics, segmentMeasures)
    return (partials: readonly Partial[]) =>
      rows(
        partials.flatMap(partial => partial.segments[index] ?? []),
        top
      )
  })
  return partials => rowsOf.flatMap(rows => rows(partials))
}

function createRowsOfDimension(
  dimension: Dimension,
  metrics: readonly MetricDefinition[],
  measures: readonly Measure[]
) {
  const own = metrics.filter(metric =>
    metric.kind === 'segment_share'
      ? metric.dimension === dimension.name
      : isSegmentedBy(metric, dimension.name)
  )
  const slots = new Map(measures.map(({ name }, slot) => [name, slot]))
  const needed = new Set(own.flatMap(measureNamesOf))
  const counted = measures
    .map((measure, slot) => ({ measure, slot }))
    .filter(({ measure }) => needed.has(measure.name))
  const compiled = own.map(metric => ({
    metric: metric.name,
    of: compileMetric(metric, name => slots.get(name) as number)
  }))

  /** Texts that come again are the same ones: those who look for them need not read them. */
  const labels = new Map<string, Segment>()
  function labelOf(value: string): Segment {
    const known = labels.get(value)
    if (known !== undefined) return known
    const label = dimension.label(value)
    labels.set(value, label)
    return label
  }

  const places = new SegmentPlaces(measures.length)

  return function rowsOf(tables: readonly SegmentTable[], top: number): readonly SegmentValue[] {
    if (labels.size > 2 * top) labels.clear()
    let valued = 0
    for (const table of tables) valued += table.valued
    const all = new DimensionValues(tables)
    const ranked = all.ranked()
    const values: MeasuredValue[] = []
    const rows: SegmentValue[] = []
    function add(segment: Segment, events: number): void {
      for (const { measure, slot } of counted) values[slot] = measured(measure, places, slot)
      for (const { metric, of } of compiled) {
        const found = of === undefined ? ratio(events, valued) : of(values)
        if (!isNothing(found)) rows.push(rowOf(metric, dimension.name, segment, found))
      }
    }

    for (const number of ranked.slice(0, top)) {
      places.clear()
      all.put(number, places)
      add(labelOf(all.names[number] as string), all.events[number] as number)
    }
    places.clear()
    for (const table of tables) places.add(table, otherRow)
    for (const number of ranked.slice(top)) all.put(number, places)
    const ofOthers = eventsAt(places)
    if (ofOthers > 0) add(`${dimension.name}=${otherValue}`, ofOthers)
    places.clear()
    return rows
  }
}

function eventsAt({ columns, rows }: SegmentPlaces): number {
  let events = 0
  columns.forEach((table, at) => {
    events += table.events[rows[at] as number] as number
  })
  return events
}

const rowOf = (
  metric: string,
  dimension: string,
  segment: Segment,
  { value, numerator, denominator, sampleSize, squares }: MetricValue
): SegmentValue => ({ metric, dimension, segment, value, numerator, denominator, sampleSize, squares })

/** A segment without a row of a metric has nothing of it. */
const isNothing = ({ numerator, sampleSize }: MetricValue) => numerator === 0 && sampleSize === 0
