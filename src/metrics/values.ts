import type { GroupedTerms } from '../window/grouped-terms.ts'
import type { Measure, Together } from '../window/measure.ts'
import type { Columns, DistinctCount, Partial } from '../window/types.ts'
import type { MetricValue } from './types.ts'

/** Only a whole window takes terms together. */
type Held = Columns & { readonly grouped?: Partial['grouped'] }

/** Where partials hold the measures: the row of `width` slots in each of their columns. A whole window has one row. */
export interface Places {
  readonly columns: readonly Held[]
  readonly rows: readonly number[]
  readonly width: number
}

/** The places of whole windows. */
export const wholePlaces = (partials: readonly Partial[]): Places => ({
  columns: partials,
  rows: partials.map(() => 0),
  width: 0
})

/** A measure's own value and what quantiles are read off; a quantile has no value of its own. */
export interface MeasuredValue extends MetricValue {
  readonly quantileAt: (share: number) => number | undefined
}

/** What the measure in this slot has added up at all these places together. */
export function measured(measure: Measure, places: Places, slot: number): MeasuredValue {
  switch (measure.kind) {
    case 'count':
      return counted(countAt(places, slot))
    case 'distinct':
      return counted(countAt(places, slot) + membersAt(places, slot))
    case 'sum': {
      const { scale, squareStep } = measure
      const own = sumsAt(places, slot)
      const whole = measure.together ? takenTogether(own, places, slot, measure.together.as, squareStep) : own
      return summed(whole.count / scale, whole.terms, whole.squares / (scale / squareStep) ** 2)
    }
    case 'quantile':
      return quantileOf(places, slot, measure.scale)
    default:
      return measure satisfies never
  }
}

function countAt({ columns, rows, width }: Places, slot: number): number {
  let count = 0
  for (let at = 0; at < columns.length; at++)
    count += (columns[at] as Held).counts[(rows[at] as number) * width + slot] as number
  return count
}

/** What lies in a slot beside the numbers, where there is any. */
function allAt<One>(
  { columns, rows, width }: Places,
  slot: number,
  of: (held: Held) => readonly (One | undefined)[] | undefined
): readonly One[] {
  let all: One[] = none
  for (let at = 0; at < columns.length; at++) {
    const one = of(columns[at] as Held)?.[(rows[at] as number) * width + slot]
    if (one === undefined) continue
    if (all === none) all = [one]
    else all.push(one)
  }
  return all
}

const none: never[] = []
const setsOf = (held: Held) => held.sets
const sketchesOf = (held: Held) => held.sketches
const groupsOf = (held: Held) => held.grouped

function membersAt(places: Places, slot: number): number {
  const sets = allAt(places, slot, setsOf)
  return sets.length === 0 ? 0 : (sets[0] as DistinctCount).countWith(sets.slice(1))
}

interface Sums {
  readonly count: number
  readonly terms: number
  readonly squares: number
}

function sumsAt({ columns, rows, width }: Places, slot: number): Sums {
  let count = 0
  let terms = 0
  let squares = 0
  for (let at = 0; at < columns.length; at++) {
    const held = columns[at] as Held
    const place = (rows[at] as number) * width + slot
    count += held.counts[place] as number
    terms += held.terms[place] as number
    squares += held.squares[place] as number
  }
  return { count, terms, squares }
}

function quantileOf(places: Places, slot: number, scale: number): MeasuredValue {
  const sketches = allAt(places, slot, sketchesOf)
  let sampleSize = 0
  for (const sketch of sketches) sampleSize += sketch.count()
  const [first, ...others] = sketches
  return {
    ...noSample,
    sampleSize,
    quantileAt: share => {
      const value = first?.quantileWith(others, share)
      return value === undefined ? undefined : value / scale
    }
  }
}

/** Each group is one term. Of a segment nothing was grouped. */
function takenTogether(
  sums: Sums,
  places: Places,
  slot: number,
  as: Together['as'],
  squareStep: number
): Sums {
  const grouped = allAt(places, slot, groupsOf)
  if (grouped.length === 0) return sums
  const { count, terms, squares } = sums
  const amounts = (grouped[0] as GroupedTerms)
    .groupsWith(grouped.slice(1))
    .map(group => (as === 'sum' ? group.sum : Math.round(group.sum / group.terms)))
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

export const counted = (count: number): MeasuredValue => ({
  value: count,
  numerator: count,
  denominator: 1,
  sampleSize: count,
  squares: 0,
  quantileAt: nothingAt
})

/** In units, and squares in squared units. */
export const summed = (amount: number, terms: number, squares: number): MeasuredValue => ({
  value: amount,
  numerator: amount,
  denominator: 1,
  sampleSize: terms,
  squares,
  quantileAt: nothingAt
})

/** The value alone. */
export const plain = ({ value, numerator, denominator, sampleSize, squares }: MetricValue): MetricValue => ({
  value,
  numerator,
  denominator,
  sampleSize,
  squares
})

export const noSample: MetricValue = { value: null, numerator: 0, denominator: 0, sampleSize: 0, squares: 0 }
