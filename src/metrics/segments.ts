import { type Dimension, otherValue } from '../window/measure.ts'
import type { Segment } from '../window/segment.ts'
import type { Partial, SegmentTable } from '../window/types.ts'
import { isSegmentedBy, type ShopMetrics } from './create.ts'
import type { MetricDefinition, MetricValue, SegmentValue } from './types.ts'
import { addedAt, evaluateMetric, type MeasuredValue, measured, ratio } from './values.ts'

/** Where the partials hold a value: their tables, and the row in each. */
type Places = readonly (readonly [table: SegmentTable, row: number])[]

/** The rows of every segment: of a dimension's `top` values with the most events, and of the rest as `other`. */
export function segmentRows(
  partials: readonly Partial[],
  { metrics, segmentMeasures, dimensions, top }: ShopMetrics
): readonly SegmentValue[] {
  const slots = segmentMeasures.length
  return dimensions.flatMap((dimension, index) => {
    const tables = partials.flatMap(partial => partial.segments[index] ?? [])
    const valued = tables.reduce((sum, table) => sum + table.valued, 0)
    return topValues(tables, top).flatMap(([value, places]) => {
      const segment: Segment =
        value === otherValue ? `${dimension.name}=${otherValue}` : dimension.label(value)
      const measures = new Map(
        segmentMeasures.map((measure, slot) => [
          measure.name,
          measured(measure, addedAt(places.map(([table, row]) => [table, row * slots + slot])))
        ])
      )
      return metrics.flatMap((metric): SegmentValue[] => {
        const of = segmentValue(metric, dimension, measures, eventsAt(places), valued)
        return of === undefined || isNothing(of)
          ? []
          : [{ metric: metric.name, dimension: dimension.name, segment, ...of }]
      })
    })
  })
}

function segmentValue(
  metric: MetricDefinition,
  dimension: Dimension,
  measures: ReadonlyMap<string, MeasuredValue>,
  events: number,
  valued: number
): MetricValue | undefined {
  if (metric.kind === 'segment_share')
    return metric.dimension === dimension.name ? ratio(events, valued) : undefined
  return isSegmentedBy(metric, dimension.name) ? evaluateMetric(metric, measures) : undefined
}

/** A segment without a row of a metric has nothing of it. */
const isNothing = ({ numerator, sampleSize }: MetricValue) => numerator === 0 && sampleSize === 0

/** In order of their events, then of their names; the rest last. */
function topValues(tables: readonly SegmentTable[], top: number): readonly (readonly [string, Places])[] {
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
    .map(([value, places]) => ({ value, places, events: eventsAt(places) }))
    .sort((one, other) => other.events - one.events || (one.value < other.value ? -1 : 1))
  const rest = ranked.slice(top).flatMap(({ places }) => places)
  const values: (readonly [string, Places])[] = ranked
    .slice(0, top)
    .map(({ value, places }) => [value, places])
  const others = [...folded, ...rest]
  return eventsAt(others) === 0 ? values : [...values, [otherValue, others]]
}

const eventsAt = (places: Places) =>
  places.reduce((sum, [table, row]) => sum + (table.events[row] as number), 0)
