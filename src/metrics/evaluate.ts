import type { ClosedWindow, ForeignSum, Partial } from '../window/types.ts'
import type { ShopMetrics } from './create.ts'
import { createFaultRows } from './faults.ts'
import { fieldRows } from './fields.ts'
import { lateByPartition } from './late-partitions.ts'
import { segmentRows } from './segments.ts'
import type { MetricValue, SegmentValue, WindowMetrics } from './types.ts'
import { addedAt, counted, evaluateMetric, type MeasuredValue, measured, summed } from './values.ts'

/** Gives the function that turns a closed window into its metrics. Its values do not depend on how records came. */
export function createEvaluate(shop: ShopMetrics): (window: ClosedWindow) => WindowMetrics {
  const valuesOfNothing = valuesOf([], 0, shop)
  const faultRows = createFaultRows(shop)
  return function evaluate(window) {
    const { start, end, complete, partials, orders } = window
    return {
      start,
      end,
      complete,
      records: sum(partials, partial => partial.records),
      values: partials.length === 0 ? valuesOfNothing : valuesOf(partials, repeatsOf(orders), shop),
      segments: [
        ...segmentRows(partials, shop),
        ...fieldRows(partials, shop.metrics),
        ...faultRows(partials),
        ...foreignRevenue(partials),
        ...lateByPartition(window)
      ],
      ...(orders && { orders: { keys: orders.keys, repeated: orders.repeats[0]?.example } })
    }
  }
}

const sum = (partials: readonly Partial[], of: (partial: Partial) => number) =>
  partials.reduce((total, partial) => total + of(partial), 0)

const repeatsOf = (orders: ClosedWindow['orders']) =>
  (orders?.repeats ?? []).reduce((total, { purchases }) => total + purchases, 0)

/** The metrics of the whole shop, by name. */
function valuesOf(
  partials: readonly Partial[],
  repeatedPurchases: number,
  { measures, metrics }: ShopMetrics
): ReadonlyMap<string, MetricValue> {
  const ofRecords = (count: number): MeasuredValue => ({ ...counted(count), quantileAt: () => undefined })
  const values = new Map<string, MeasuredValue>([
    ...measures.map((measure, slot): [string, MeasuredValue] => [
      measure.name,
      measured(measure, addedAt(partials.map(partial => [partial, slot])))
    ]),
    ['late', ofRecords(sum(partials, partial => partial.late))],
    ['dead', ofRecords(sum(partials, partial => partial.dead))],
    ['repeated_purchases', ofRecords(repeatedPurchases)]
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
  const totals = new Map<string, ForeignSum>()
  for (const partial of partials) {
    for (const [currency, { amount, terms, squares }] of partial.foreign) {
      const total = totals.get(currency) ?? { amount: 0, terms: 0, squares: 0 }
      totals.set(currency, total)
      total.amount += amount
      total.terms += terms
      total.squares += squares
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
