import { type DeadReason, type DecodedPart, type Fault, faultBits } from '../types.ts'

/** What can be wrong with a stream. An order is found to come again when windows close. */
export type Problem = DeadReason | Fault | 'repeated_order'

/** What a stretch of a stream held. What is left out is no record here. */
export interface StreamCounts {
  records: number
  /** Events of a known type, or of one that the layout lists as `other`. */
  usable: number
  purchases: number
  /** Records by why they are dead, events of an unknown type, and purchases by each other problem. */
  readonly by: Map<Problem, number>
  /** Currencies of purchases that have no rate. */
  readonly currencies: Map<string, number>
}

export const emptyCounts = (): StreamCounts => ({
  records: 0,
  usable: 0,
  purchases: 0,
  by: new Map(),
  currencies: new Map()
})

const maxCurrencies = 50
const otherFaults = (Object.keys(faultBits) as Fault[]).filter(fault => fault !== 'unknown_type')

/** Adds a record; `onWrong` is called for each thing that is wrong with it. */
export function addToCounts(
  counts: StreamCounts,
  decoded: DecodedPart,
  onWrong: (what: DeadReason | Fault) => void
): void {
  if (decoded.kind === 'skipped') return
  if (decoded.kind === 'dead') {
    counts.records++
    addWrong(counts, decoded.reason, onWrong)
    return
  }
  counts.records++
  const { type, faults, currency } = decoded.event
  if ((faults & faultBits.unknown_type) !== 0) addWrong(counts, 'unknown_type', onWrong)
  else counts.usable++
  if (type !== 'purchase') return
  counts.purchases++
  if (faults === 0) return
  // A text that is no currency has no rate either: one fault says it.
  const own = (faults & faultBits.invalid_currency) === 0 ? faults : faults & ~faultBits.unknown_currency
  for (const fault of otherFaults) if ((own & faultBits[fault]) !== 0) addWrong(counts, fault, onWrong)
  if ((own & faultBits.unknown_currency) === 0) return
  if (counts.currencies.has(currency) || counts.currencies.size < maxCurrencies)
    counts.currencies.set(currency, (counts.currencies.get(currency) ?? 0) + 1)
}

export function addWrong<What extends Problem>(
  { by }: StreamCounts,
  what: What,
  onWrong: (what: What) => void,
  times = 1
): void {
  by.set(what, (by.get(what) ?? 0) + times)
  onWrong(what)
}

/** Both together. */
export const sumOfCounts = (one: StreamCounts, other: StreamCounts): StreamCounts => ({
  records: one.records + other.records,
  usable: one.usable + other.usable,
  purchases: one.purchases + other.purchases,
  by: sumOfMaps(one.by, other.by),
  currencies: sumOfMaps(one.currencies, other.currencies)
})

function sumOfMaps<Key>(one: ReadonlyMap<Key, number>, other: ReadonlyMap<Key, number>): Map<Key, number> {
  const sum = new Map(one)
  for (const [key, count] of other) sum.set(key, (sum.get(key) ?? 0) + count)
  return sum
}
