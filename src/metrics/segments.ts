import { type Dimension, type Measure, otherValue } from '../window/measure.ts'
import type { Segment } from '../window/segment.ts'
import type { Partial, SegmentTable } from '../window/types.ts'
import { compileMetric } from './compiled.ts'
import { isSegmentedBy, measureNamesOf, type ShopMetrics } from './create.ts'
import { eventsAt, measuredAt, type Places } from './segment-values.ts'
import type { MetricDefinition, MetricValue, SegmentValue } from './types.ts'
import { type MeasuredValue, ratio } from './values.ts'

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

  return function rowsOf(tables: readonly SegmentTable[], top: number): readonly SegmentValue[] {
    const valued = tables.reduce((sum, table) => sum + table.valued, 0)
    const values: MeasuredValue[] = []
    const rows: SegmentValue[] = []
    for (const [value, places, events] of topValues(tables, top)) {
      const segment: Segment =
        value === otherValue ? `${dimension.name}=${otherValue}` : dimension.label(value)
      for (const { measure, slot } of counted)
        values[slot] = measuredAt(measure, places, measures.length, slot)
      for (const { metric, of } of compiled) {
        const found = of === undefined ? ratio(events, valued) : of(values)
        if (!isNothing(found)) rows.push(rowOf(metric, dimension.name, segment, found))
      }
    }
    return rows
  }
}

const rowOf = (
  metric: string,
  dimension: string,
  segment: Segment,
  { value, numerator, denominator, sampleSize, squares }: MetricValue
): SegmentValue => ({ metric, dimension, segment, value, numerator, denominator, sampleSize, squares })

/** A segment without a row of a metric has nothing of it. */
const isNothing = ({ numerator, sampleSize }: MetricValue) => numerator === 0 && sampleSize === 0

type Ranked = readonly [value: string, places: Places, events: number]

/** In order of their events, then of their names; the rest last. */
function topValues(tables: readonly SegmentTable[], top: number): readonly Ranked[] {
  const placesOf = new Map<string, [SegmentTable, number][]>()
  for (const table of tables) {
    for (const [value, row] of table.rows) {
      const places = placesOf.get(value)
      if (places === undefined) placesOf.set(value, [[table, row]])
      else places.push([table, row])
    }
  }
  const folded = placesOf.get(otherValue) ?? []
  placesOf.delete(otherValue)
  const ranked = [...placesOf]
    .map(([value, places]): Ranked => [value, places, eventsAt(places)])
    .sort(([one, , ofOne], [other, , ofOther]) => ofOther - ofOne || (one < other ? -1 : 1))
  const others = [...folded, ...ranked.slice(top).flatMap(([, places]) => places)]
  const ofOthers = eventsAt(others)
  const values = ranked.slice(0, top)
  return ofOthers === 0 ? values : [...values, [otherValue, others, ofOthers]]
}
