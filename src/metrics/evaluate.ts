import type { Dimension, Measure } from '../window/measure.ts'
import type { ClosedWindow, Partial } from '../window/types.ts'
import { fieldRows } from './fields.ts'
import { lateByPartition } from './late-partitions.ts'
import { segmentRows } from './segments.ts'
import type { MetricDefinition, MetricValue, SegmentValue, WindowMetrics } from './types.ts'
import { addedAt, counted, evaluateMetric, type Measured, measured, summed } from './values.ts'

export interface EvaluateOptions {
  readonly measures: readonly Measure[]
  readonly metrics: readonly MetricDefinition[]
  readonly segmentMeasures: readonly Measure[]
  readonly dimensions: readonly Dimension[]
  /** Values of a dimension that have rows of their own. */
  readonly top: number
}

/** Gives the function that turns a closed window into its metrics. Its values do not depend on how records came. */
export function createEvaluate(options: EvaluateOptions): (window: ClosedWindow) => WindowMetrics {
  const valuesOfNothing = valuesOf([], options)
  return function evaluate(window) {
    const { start, end, complete, partials } = window
    return {
      start,
      end,
      complete,
      records: sum(partials, partial => partial.records),
      values: partials.length === 0 ? valuesOfNothing : valuesOf(partials, options),
      segments: [
        ...segmentRows(partials, options),
        ...fieldRows(partials, options.metrics),
        ...foreignRevenue(partials),
        ...lateByPartition(window)
      ]
    }
  }
}

const sum = (partials: readonly Partial[], of: (partial: Partial) => number) =>
  partials.reduce((total, partial) => total + of(partial), 0)

/** The metrics of the whole shop, by name. */
function valuesOf(
  partials: readonly Partial[],
  { measures, metrics }: EvaluateOptions
): ReadonlyMap<string, MetricValue> {
  const ofRecords = (count: number): Measured => ({ ...counted(count), quantileAt: () => undefined })
  const values = new Map<string, Measured>([
    ...measures.map((measure, slot): [string, Measured] => [
      measure.name,
      measured(measure, addedAt(partials.map(partial => [partial, slot])))
    ]),
    ['late', ofRecords(sum(partials, partial => partial.late))],
    ['dead', ofRecords(sum(partials, partial => partial.dead))]
  ])
  return new Map(
    metrics.flatMap((metric): [string, MetricValue][] => {
      const value = evaluateMetric(metric, values)
      return value === undefined ? [] : [[metric.name, value]]
    })
  )
}

/** Revenue in currencies without a rate, in their own units. */
function foreignRevenue(partials: readonly Partial[]): readonly SegmentValue[] {
  const totals = new Map<string, { amount: number; terms: number; squares: number }>()
  for (const partial of partials) {
    for (const [currency, { amount, terms, squares }] of partial.foreign) {
      const total = totals.get(currency) ?? { amount: 0, terms: 0, squares: 0 }
      totals.set(currency, {
        amount: total.amount + amount,
        terms: total.terms + terms,
        squares: total.squares + squares
      })
    }
  }
  return [...totals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, { amount, terms, squares }]) => ({
      metric: 'revenue',
      dimension: 'currency',
      segment: `currency=${currency}`,
      ...summed(amount / 10_000, terms, squares / 10_000)
    }))
}
