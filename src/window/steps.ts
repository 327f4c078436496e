import { idOfPrint, ScannedEvent } from '../decode/scanned-event.ts'
import type { ShopEvent } from '../decode/types.ts'
import { addMember, addMemberAt, type SlotStep, stepOf, type Target } from './columns.ts'
import type { Measure, MeasuredType } from './measure.ts'

/** Slots of distinct measures that count by the same print. */
interface PrintSlots {
  readonly printOf: (event: ShopEvent) => number
  /** As `idOfPrint` has it. */
  readonly id: number
  readonly slots: Int32Array
}

/** What is done with an event of one type: only the measures that look at it. */
export interface Steps {
  /** Each of them, for those who add line by line. */
  readonly all: readonly SlotStep[]
  /** The same in groups: those that count one, those that count by a print, and others. */
  readonly counts: Int32Array
  readonly prints: readonly PrintSlots[]
  readonly others: readonly SlotStep[]
}

/** The steps of the measures that are taken; the slot of each is its place in `measures`. */
export function stepsOf(
  measures: readonly Measure[],
  type: MeasuredType,
  rates: ReadonlyMap<string, number>,
  isTaken: (measure: Measure) => boolean
): Steps {
  const taken = measures.flatMap((measure, slot) =>
    isTaken(measure) && (measure.types === 'every' || measure.types.includes(type)) ? [{ measure, slot }] : []
  )
  const all = taken.map(({ measure, slot }) => ({ slot, step: stepOf(measure, rates) }))
  const slotsOf = (isOne: (measure: Measure) => boolean) =>
    taken.filter(({ measure }) => isOne(measure)).map(({ slot }) => slot)
  const counts = slotsOf(isPlainCount)
  const prints = [...Map.groupBy(taken.filter(isPlainDistinct), one => one.measure.printOf)].map(
    ([printOf, group]) => ({
      printOf,
      id: idOfPrint(printOf),
      slots: Int32Array.from(group, ({ slot }) => slot)
    })
  )
  const grouped = new Set([...counts, ...prints.flatMap(({ slots }) => [...slots])])
  return {
    all,
    counts: Int32Array.from(counts),
    prints,
    others: all.filter(({ slot }) => !grouped.has(slot))
  }
}

/** Adds an event to the slots behind `from`. */
export function addEvent(
  to: Target,
  from: number,
  { counts, prints, others }: Steps,
  event: ShopEvent,
  recordTime: number | undefined
): void {
  for (let index = 0; index < counts.length; index++)
    (to.counts[from + (counts[index] as number)] as number)++
  for (let index = 0; index < prints.length; index++) addPrints(to, from, prints[index] as PrintSlots, event)
  for (let index = 0; index < others.length; index++) {
    const { slot, step } = others[index] as SlotStep
    step.event(to, from + slot, event, recordTime)
  }
}

function addPrints(to: Target, from: number, { printOf, id, slots }: PrintSlots, event: ShopEvent): void {
  if (event instanceof ScannedEvent && id >= 0) {
    for (let each = 0; each < slots.length; each++)
      addMemberAt(to, from + (slots[each] as number), event.prints, id)
    return
  }
  const print = printOf(event)
  for (let each = 0; each < slots.length; each++) addMember(to, from + (slots[each] as number), print)
}

const isPlain = ({ where, faults }: Measure) => where === undefined && faults === undefined

const isPlainCount = (measure: Measure): boolean => measure.kind === 'count' && isPlain(measure)

type Taken<M extends Measure = Measure> = { readonly measure: M; readonly slot: number }
type Distinct = Extract<Measure, { readonly kind: 'distinct' }>

/** Of the event alone, and not of those without a value. */
const isPlainDistinct = (taken: Taken): taken is Taken<Distinct> =>
  taken.measure.kind === 'distinct' &&
  isPlain(taken.measure) &&
  taken.measure.printOfLine === undefined &&
  taken.measure.countAbsent !== true
