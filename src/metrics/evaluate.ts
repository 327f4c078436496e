import type { ClosedWindow, ForeignSum, Partial } from '../window/types.ts'
import { compileMetric } from './compiled.ts'
import type { ShopMetrics } from './create.ts'
import { createFaultRows } from './faults.ts'
import { createFieldRows } from './fields.ts'
import { lateByPartition } from './late-partitions.ts'
import { createSegmentRows } from './segments.ts'
import type { MetricValue, SegmentValue, WindowMetrics } from './types.ts'
import { counted, type MeasuredValue, measured, plain, summed, wholePlaces } from './values.ts'

/** Gives the function that turns a closed window into its metrics. Its values do not depend on how records came. */
export function createEvaluate(shop: ShopMetrics): (window: ClosedWindow) => WindowMetrics {
  const valuesOf = createValues(shop)
  const valuesOfNothing = valuesOf([], 0)
  const segmentRows = createSegmentRows(shop)
  const fieldRows = createFieldRows(shop.metrics)
  const faultRows = createFaultRows(shop)
  return function evaluate(window) {
    const { start, end, complete, partials, orders } = window
    return {
      start,
      end,
      complete,
      records: sum(partials, partial => partial.records),
      values: partials.length === 0 ? valuesOfNothing : valuesOf(partials, repeatsOf(orders)),
      segments: [
        ...segmentRows(partials),
        ...fieldRows(partials),
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

/** Counted in records, beside the measures. */
const ofRecords = ['late', 'dead', 'repeated_purchases']

/** Gives the metrics of the whole shop, by name. */
function createValues({ measures, metrics }: ShopMetrics) {
  const slots = new Map([...measures.map(({ name }) => name), ...ofRecords].map((name, slot) => [name, slot]))
  const compiled = metrics.flatMap(metric => {
    const of = compileMetric(metric, name => slots.get(name) as number)
    return of === undefined ? [] : [[metric.name, of] as const]
  })
  return (partials: readonly Partial[], repeatedPurchases: number): ReadonlyMap<string, MetricValue> => {
    const places = wholePlaces(partials)
    const values: MeasuredValue[] = measures.map((measure, slot) => measured(measure, places, slot))
    values.push(
      counted(sum(partials, partial => partial.late)),
      counted(sum(partials, partial => partial.dead)),
      counted(repeatedPurchases)
    )
    return new Map(compiled.map(([name, of]) => [name, plain(of(values))]))
  }
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
      ...plain(summed(amount / 10_000, terms, squares / 10_000))
    }))
}
