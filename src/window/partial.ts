import type { EventType, ShopEvent } from '../decode/types.ts'
import { eventTypes } from '../decode/types.ts'
import type { Measure } from '../metrics/types.ts'
import { createDistinct } from './distinct.ts'
import type { Distinct, ForeignSum, Partial } from './types.ts'

/** Currencies without a rate that a window keeps apart; further ones share the name `other`. */
const maxForeignCurrencies = 20

export interface PartialOptions {
  readonly measures: readonly Measure[]
  /** Factor into the shop's currency by currency, its own with 1; others are kept apart. */
  readonly rates: ReadonlyMap<string, number>
}

export type Accumulate = (partial: Partial, event: ShopEvent) => void

/** An empty share of the window that begins at `start`. */
export function createPartial(start: number, measures: readonly Measure[]): Partial {
  return {
    start,
    records: 0,
    late: 0,
    dead: 0,
    counts: new Float64Array(measures.length),
    terms: new Float64Array(measures.length),
    squares: new Float64Array(measures.length),
    sets: measures.map(measure => (measure.kind === 'distinct' ? createDistinct() : undefined)),
    foreign: new Map()
  }
}

/** Compiles the measures into one function that adds an event, looking only at those of its type. */
export function compile({ measures, rates }: PartialOptions): Accumulate {
  const steps = new Map<EventType | 'unknown', readonly Accumulate[]>()
  for (const type of [...eventTypes, 'unknown'] as const) {
    const ofType = measures.flatMap((measure, slot) =>
      measure.types === 'every' || measure.types.includes(type) ? [step(measure, slot, rates)] : []
    )
    steps.set(type, ofType)
  }
  return function accumulate(partial, event) {
    partial.records++
    const ofType = steps.get(event.type) as readonly Accumulate[]
    for (let index = 0; index < ofType.length; index++) (ofType[index] as Accumulate)(partial, event)
  }
}

function step(measure: Measure, slot: number, rates: ReadonlyMap<string, number>): Accumulate {
  switch (measure.kind) {
    case 'count': {
      const { where } = measure
      return (partial, event) => {
        if (where === undefined || where(event)) (partial.counts[slot] as number)++
      }
    }
    case 'distinct': {
      const { of, countAbsent = false } = measure
      return (partial, event) => {
        const member = of(event)
        if (member !== undefined) (partial.sets[slot] as Distinct).add(member)
        else if (countAbsent) (partial.counts[slot] as number)++
      }
    }
    case 'sum': {
      const { of } = measure
      return (partial, event) => {
        const amount = of(event)
        if (amount === undefined) return
        const rate = rates.get(event.currency)
        if (rate === undefined) return addForeign(partial, event.currency, amount)
        const own = rate === 1 ? amount : Math.round(amount * rate)
        partial.counts[slot] = (partial.counts[slot] as number) + own
        partial.terms[slot] = (partial.terms[slot] as number) + 1
        partial.squares[slot] = (partial.squares[slot] as number) + square(own)
      }
    }
    default:
      return measure satisfies never
  }
}

/** In hundredths squared, so that the sum stays an integer, the same in whatever order it is made. */
function square(amount: number): number {
  const hundredths = Math.round(amount / 100)
  return hundredths * hundredths
}

function addForeign(partial: Partial, currency: string, amount: number): void {
  const full = !partial.foreign.has(currency) && partial.foreign.size >= maxForeignCurrencies
  const name = full ? 'other' : currency
  const sum: ForeignSum = partial.foreign.get(name) ?? { amount: 0, terms: 0, squares: 0 }
  sum.amount += amount
  sum.terms++
  sum.squares += square(amount)
  partial.foreign.set(name, sum)
}
