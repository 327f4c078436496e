import type { GroupedTerms } from '../window/grouped-terms.ts'
import type { Measure, Together } from '../window/measure.ts'
import type { Columns, DistinctCount, Partial, QuantileSketch } from '../window/types.ts'
import type { MetricValue } from './types.ts'

/** What one measure has added up in all partials together. */
export interface Added {
  readonly count: number
  readonly terms: number
  readonly squares: number
  readonly sets: readonly DistinctCount[]
  readonly sketches: readonly QuantileSketch[]
  readonly grouped: readonly GroupedTerms[]
}

/** Only a whole window takes terms together. */
type Places = Columns & { readonly grouped?: Partial['grouped'] }

/** What one measure has added up at these places. */
export function addedAt(places: readonly (readonly [columns: Places, slot: number])[]): Added {
  let count = 0
  let terms = 0
  let squares = 0
  const sets: DistinctCount[] = []
  const sketches: QuantileSketch[] = []
  const grouped: GroupedTerms[] = []
  for (const [columns, slot] of places) {
    count += columns.counts[slot] as number
    terms += columns.terms[slot] as number
    squares += columns.squares[slot] as number
    const set = columns.sets[slot]
    if (set !== undefined) sets.push(set)
    const sketch = columns.sketches[slot]
    if (sketch !== undefined) sketches.push(sketch)
    const groups = columns.grouped?.[slot]
    if (groups !== undefined) grouped.push(groups)
  }
  return { count, terms, squares, sets, sketches, grouped }
}

/** A measure's own value and what quantiles are read off; a quantile has no value of its own. */
export interface MeasuredValue extends MetricValue {
  readonly quantileAt: (share: number) => number | undefined
}

export function measured(measure: Measure, added: Added): MeasuredValue {
  const { count, sets, sketches } = added
  switch (measure.kind) {
    case 'count':
      return noQuantile(counted(count))
    case 'distinct':
      return noQuantile(counted(count + (sets[0]?.countWith(sets.slice(1)) ?? 0)))
    case 'sum': {
      const { scale, squareStep } = measure
      const whole = measure.together ? takenTogether(added, measure.together.as, squareStep) : added
      return noQuantile(summed(whole.count / scale, whole.terms, whole.squares / (scale / squareStep) ** 2))
    }
    case 'quantile': {
      const { scale } = measure
      const [first, ...others] = sketches
      return {
        ...noSample,
        sampleSize: sketches.reduce((total, sketch) => total + sketch.count(), 0),
        quantileAt: share => {
          const value = first?.quantileWith(others, share)
          return value === undefined ? undefined : value / scale
        }
      }
    }
    default:
      return measure satisfies never
  }
}

type Sums = Pick<Added, 'count' | 'terms' | 'squares'>

/** Each group is one term. Of a segment nothing was grouped. */
function takenTogether(
  { count, terms, squares, grouped }: Added,
  as: Together['as'],
  squareStep: number
): Sums {
  const [first, ...others] = grouped
  const amounts = (first?.groupsWith(others) ?? []).map(group =>
    as === 'sum' ? group.sum : Math.round(group.sum / group.terms)
  )
  const ofGroups = as === 'mean' ? amounts.reduce((sum, amount) => sum + amount, 0) : 0
  return {
    count: count + ofGroups,
    terms: terms + amounts.length,
    squares: squares + exactSum(amounts.map(amount => Math.round(amount / squareStep) ** 2))
  }
}

/** A sum that a double does not hold depends on the order of its terms. */
function exactSum(numbers: readonly number[]): number {
  const add = (sum: number, one: number) => sum + one
  const total = numbers.reduce(add, 0)
  return total <= Number.MAX_SAFE_INTEGER ? total : numbers.toSorted((a, b) => a - b).reduce(add, 0)
}

export const noQuantile = ({
  value,
  numerator,
  denominator,
  sampleSize,
  squares
}: MetricValue): MeasuredValue => ({
  value,
  numerator,
  denominator,
  sampleSize,
  squares,
  quantileAt: nothingAt
})

const nothingAt = () => undefined

export function ratio(
  numerator: number,
  denominator: number,
  floor = Number.NEGATIVE_INFINITY,
  squares = 0
): MetricValue {
  const value = denominator === 0 ? null : Math.max(floor, numerator / denominator)
  return { value, numerator, denominator, sampleSize: denominator, squares }
}

export const counted = (count: number): MetricValue => ({
  value: count,
  numerator: count,
  denominator: 1,
  sampleSize: count,
  squares: 0
})

/** In units, and squares in squared units. */
export const summed = (amount: number, terms: number, squares: number): MetricValue => ({
  value: amount,
  numerator: amount,
  denominator: 1,
  sampleSize: terms,
  squares
})

export const noSample: MetricValue = { value: null, numerator: 0, denominator: 0, sampleSize: 0, squares: 0 }
