import type { MetricDefinition, MetricValue, Term } from './types.ts'
import { type MeasuredValue, noSample, ratio, summed } from './values.ts'

/** A metric's value of those that the measures have, each in its slot; it may be the measure's own. */
export type EvaluateMetric = (values: readonly MeasuredValue[]) => MetricValue

type Part = (value: MetricValue) => number

/** Undefined for a metric that the whole of a shop, or of a segment, has not got. Names are looked up once, not for each segment. */
export function compileMetric(
  metric: MetricDefinition,
  slotOf: (measure: string) => number
): EvaluateMetric | undefined {
  switch (metric.kind) {
    case 'count':
    case 'distinct':
    case 'sum': {
      const slot = slotOf(metric.of)
      return values => at(values, slot)
    }
    case 'mean': {
      const slot = slotOf(metric.of)
      return values => {
        const { numerator, sampleSize, squares } = at(values, slot)
        return ratio(numerator, sampleSize, undefined, squares)
      }
    }
    case 'quantile': {
      const { share } = metric
      const slot = slotOf(metric.of)
      return values => {
        const { sampleSize, quantileAt } = at(values, slot)
        return { ...noSample, value: quantileAt(share) ?? null, sampleSize }
      }
    }
    case 'balance': {
      const slots = metric.of.map(term => slotOf(nameOf(term)))
      const amount = total(metric.of, slotOf)
      const sum = (values: readonly MeasuredValue[], part: Part) =>
        slots.reduce((all, slot) => all + part(at(values, slot)), 0)
      return values =>
        summed(
          inTenThousandths(amount(values)),
          sum(values, value => value.sampleSize),
          sum(values, value => value.squares)
        )
    }
    case 'ratio': {
      const numerator = total(metric.numerator, slotOf)
      const denominator = total(metric.denominator, slotOf)
      return values => ratio(numerator(values), denominator(values), metric.floor)
    }
    case 'segment_share':
    case 'field_share':
      return undefined
    default:
      return metric satisfies never
  }
}

const at = (values: readonly MeasuredValue[], slot: number) => values[slot] as MeasuredValue

const nameOf = (term: Term) => term.replace(/^-/, '')

/** The numerators of terms, added up and taken away. */
function total(terms: readonly Term[], slotOf: (measure: string) => number) {
  const signed = terms.map(term => ({ slot: slotOf(nameOf(term)), isTaken: term.startsWith('-') }))
  return (values: readonly MeasuredValue[]): number => {
    let sum = 0
    for (const { slot, isTaken } of signed) {
      const { numerator } = at(values, slot)
      sum = isTaken ? sum - numerator : sum + numerator
    }
    return sum
  }
}

/** A difference of sums of ten-thousandths is one too, whatever the binary digits say. */
const inTenThousandths = (amount: number) => Math.round(amount * 10_000) / 10_000
