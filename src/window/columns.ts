import type { EventLine, ShopEvent } from '../decode/types.ts'
import { createDistinctCount } from './distinct-count.ts'
import { createGroupedTerms } from './grouped-terms.ts'
import type { Amount, Measure, Together } from './measure.ts'
import { createQuantileSketch } from './quantile-sketch.ts'
import type { Columns, DistinctCount, ForeignSum, Partial } from './types.ts'

/** Currencies without a rate are summed apart, up to this many in a window; further ones under the name `various`. */
const maxForeignCurrencies = 20

export const emptyColumns = (slots: number): Columns => ({
  counts: new Float64Array(slots),
  terms: new Float64Array(slots),
  squares: new Float64Array(slots),
  sets: new Array(slots).fill(undefined),
  sketches: new Array(slots).fill(undefined)
})

/** The columns that a measure adds to; only a whole window keeps foreign money apart, and groups of terms. */
export type Target = Columns & Pick<{ [key in keyof Partial]?: Partial[key] }, 'foreign' | 'grouped'>

/** Adds an event to the slot of one measure. */
export interface Step {
  event(to: Target, slot: number, event: ShopEvent, recordTime: number | undefined): void
  /** Adds one of its products; undefined if the measure is of the whole event. */
  readonly line?: (to: Target, slot: number, line: EventLine, event: ShopEvent) => void
}

/** A step and its slot. */
export interface SlotStep {
  readonly slot: number
  readonly step: Step
}

/** `rates`: factor into the shop's currency by currency. */
export function stepOf(measure: Measure, rates: ReadonlyMap<string, number>): Step {
  const step = unconditionalStep(measure, rates)
  const where = conditionOf(measure)
  if (where === undefined) return step
  return {
    event: (to, slot, event, recordTime) => {
      if (where(event)) step.event(to, slot, event, recordTime)
    },
    ...(step.line && {
      line: (to, slot, line, event) => {
        if (where(event)) step.line?.(to, slot, line, event)
      }
    })
  }
}

function conditionOf({ where, faults }: Measure): Measure['where'] {
  if (faults === undefined) return where
  return event => (event.faults & faults) !== 0 && (where?.(event) ?? true)
}

function unconditionalStep(measure: Measure, rates: ReadonlyMap<string, number>): Step {
  switch (measure.kind) {
    case 'count':
      return { event: addOne }
    case 'distinct': {
      const { printOf, printOfLine, countAbsent = false } = measure
      return {
        event(to, slot, event) {
          if (printOfLine !== undefined && event.lines !== undefined) {
            for (const line of event.lines) addMember(to, slot, printOfLine(line))
            return
          }
          const print = printOf(event)
          if (print === 0 && countAbsent) addOne(to, slot)
          else addMember(to, slot, print)
        }
      }
    }
    case 'sum': {
      const { squareStep, keepForeign = false, together } = measure
      const add: Add = (to, slot, amount) => addTerm(to, slot, amount, squareStep)
      return amountStep(measure, rates, together ? addingTogether(together, add) : add, keepForeign)
    }
    case 'quantile':
      return amountStep(measure, rates, addToSketch, false)
    default:
      return measure satisfies never
  }
}

type Add = (to: Target, slot: number, amount: number, event: ShopEvent) => void

function amountStep(
  { of, ofLine, money, map }: Amount,
  rates: ReadonlyMap<string, number>,
  add: Add,
  keepForeign: boolean
): Step {
  const put = (to: Target, slot: number, amount: number | undefined, event: ShopEvent) => {
    if (amount === undefined) return
    const { currency } = event
    const rate = money ? rates.get(currency) : 1
    if (rate === undefined) {
      if (keepForeign && to.foreign !== undefined) addForeign(to.foreign, currency, amount)
      return
    }
    const own = rate === 1 ? amount : Math.round(amount * rate)
    const mapped = map === undefined ? own : map(own)
    if (mapped !== undefined) add(to, slot, mapped, event)
  }
  const line: Step['line'] = ofLine && ((to, slot, one, event) => put(to, slot, ofLine(one), event))
  if (of !== undefined && line === undefined && !money && map === undefined) {
    return {
      event(to, slot, event, recordTime) {
        const amount = of(event, recordTime)
        if (amount !== undefined) add(to, slot, amount, event)
      }
    }
  }
  return {
    event(to, slot, event, recordTime) {
      if (of !== undefined) return put(to, slot, of(event, recordTime), event)
      // An event without lines is itself the only line.
      if (event.lines === undefined) return line?.(to, slot, event, event)
      for (const one of event.lines) line?.(to, slot, one, event)
    },
    ...(line && { line })
  }
}

function addOne(to: Target, slot: number): void {
  ;(to.counts[slot] as number)++
}

export function addMember(to: Target, slot: number, print: number): void {
  if (print !== 0) setAt(to, slot).add(print)
}

/** Adds the print that lies there. */
export function addMemberAt(to: Target, slot: number, prints: Float64Array, at: number): void {
  if (prints[at] !== 0) setAt(to, slot).addAt(prints, at)
}

function setAt(to: Target, slot: number): DistinctCount {
  let set = to.sets[slot]
  if (set === undefined) {
    set = createDistinctCount()
    to.sets[slot] = set
  }
  return set
}

function addTerm(to: Target, slot: number, amount: number, squareStep: number): void {
  const steps = Math.round(amount / squareStep)
  to.counts[slot] = (to.counts[slot] as number) + amount
  to.terms[slot] = (to.terms[slot] as number) + 1
  to.squares[slot] = (to.squares[slot] as number) + steps * steps
}

/** Of a segment, each term is one by itself. */
const addingTogether =
  ({ by, as }: Together, addOwn: Add): Add =>
  (to, slot, amount, event) => {
    if (to.grouped === undefined) return addOwn(to, slot, amount, event)
    if (as === 'sum') to.counts[slot] = (to.counts[slot] as number) + amount
    const groups = to.grouped[slot] ?? createGroupedTerms()
    to.grouped[slot] = groups
    groups.add(by(event), amount)
  }

function addToSketch(to: Target, slot: number, amount: number): void {
  const sketch = to.sketches[slot] ?? createQuantileSketch()
  to.sketches[slot] = sketch
  sketch.add(amount)
}

function addForeign(foreign: Map<string, ForeignSum>, currency: string, amount: number): void {
  const full = !foreign.has(currency) && foreign.size >= maxForeignCurrencies
  const name = full ? 'various' : currency
  const sum: ForeignSum = foreign.get(name) ?? { amount: 0, terms: 0, squares: 0 }
  const hundredths = Math.round(amount / 100)
  sum.amount += amount
  sum.terms++
  sum.squares += hundredths * hundredths
  foreign.set(name, sum)
}
