import type { ClosedWindow } from '../merge/types.ts'
import type { Partial } from '../window/types.ts'
import type { MetricDefinition } from './catalogue.ts'
import { lateByPartition } from './late-partitions.ts'
import type { Measure, MetricValue, SegmentValue, WindowMetrics } from './types.ts'

/** Ten-thousandths of a unit, in which money is summed. */
const unit = 10_000
/** Squares are kept in hundredths squared. */
const squareUnit = 10_000

/** Gives the function that turns a closed window into its metrics. Its values do not depend on how records came. */
export function createEvaluate(
  measures: readonly Measure[],
  metrics: readonly MetricDefinition[]
): (window: ClosedWindow) => WindowMetrics {
  return function evaluate(window) {
    const { start, end, complete, partials } = window
    const counts = new Map<string, MetricValue>(
      measures.map((measure, slot) => [measure.name, measured(measure, slot, partials)])
    )
    counts.set('late', counted(sum(partials, partial => partial.late)))
    counts.set('dead', counted(sum(partials, partial => partial.dead)))
    const values = new Map(metrics.map(metric => [metric.name, evaluateMetric(metric, counts)]))
    return {
      start,
      end,
      complete,
      records: sum(partials, partial => partial.records),
      values,
      segments: [...foreignRevenue(partials), ...lateByPartition(window)]
    }
  }
}

function evaluateMetric(metric: MetricDefinition, measures: ReadonlyMap<string, MetricValue>): MetricValue {
  if (metric.kind !== 'ratio') return measures.get(metric.of) as MetricValue
  const total = (terms: readonly string[]) =>
    terms.reduce((all, term) => {
      const negative = term.startsWith('-')
      const { numerator } = measures.get(negative ? term.slice(1) : term) as MetricValue
      return negative ? all - numerator : all + numerator
    }, 0)
  const numerator = total(metric.numerator)
  const denominator = total(metric.denominator)
  const ratio = denominator === 0 ? null : numerator / denominator
  const value = ratio === null || metric.floor === undefined ? ratio : Math.max(metric.floor, ratio)
  return { value, numerator, denominator, sampleSize: denominator, squares: 0 }
}

function measured(measure: Measure, slot: number, partials: readonly Partial[]): MetricValue {
  const count = sum(partials, partial => partial.counts[slot] as number)
  switch (measure.kind) {
    case 'count':
      return counted(count)
    case 'distinct': {
      const sets = partials.flatMap(partial => partial.sets[slot] ?? [])
      return counted(count + (sets[0]?.countWith(sets.slice(1)) ?? 0))
    }
    case 'sum':
      return summed(
        count,
        sum(partials, partial => partial.terms[slot] as number),
        sum(partials, partial => partial.squares[slot] as number)
      )
    default:
      return measure satisfies never
  }
}

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
      ...summed(amount, terms, squares)
    }))
}

const counted = (count: number): MetricValue => ({
  value: count,
  numerator: count,
  denominator: 1,
  sampleSize: count,
  squares: 0
})

const summed = (amount: number, terms: number, squares: number): MetricValue => ({
  value: amount / unit,
  numerator: amount / unit,
  denominator: 1,
  sampleSize: terms,
  squares: squares / squareUnit
})

function sum(partials: readonly Partial[], of: (partial: Partial) => number): number {
  let total = 0
  for (const partial of partials) total += of(partial)
  return total
}
