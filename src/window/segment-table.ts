import { emptyColumns } from './columns.ts'
import { type Dimension, otherValue } from './measure.ts'
import type { Columns, SegmentTable } from './types.ts'

const firstRows = 4
/** A power of two: as many values are found by their hints. */
const hintedValues = 512
/** That of `other`, in each table. */
export const otherRow = 0

/** A table with `slots` slots in each row, and with room for as many values as `like` has: a window mostly has those of the one before. */
export function createSegmentTable(slots: number, like: SegmentTable | undefined): SegmentTable {
  let room = firstRows
  while (room < (like?.rows.size ?? 0)) room *= 2
  return {
    ...emptyColumns(room * slots),
    rows: new Map([[otherValue, otherRow]]),
    hinted: new Int32Array(hintedValues),
    values: [],
    events: new Float64Array(room),
    stamps: new Float64Array(room),
    valued: 0
  }
}

/** The same as `rowOf` with what a scanned event hints at: a value that came before is found without its text being read. */
export function hintedRowOf(
  table: SegmentTable,
  slots: number,
  maxValues: number,
  value: string,
  dimension: Dimension,
  hint: number
): number | undefined {
  const at = hint & (hintedValues - 1)
  const hinted = table.hinted[at] as number
  if (hinted !== otherRow && table.values[hinted] === value) return hinted
  const row = rowOf(table, slots, maxValues, value, dimension)
  if (row === undefined) return undefined
  table.hinted[at] = row
  table.values[row] = value
  return row
}

/** The row of a value, added if it is new; undefined if cleaning leaves nothing of the value. */
export function rowOf(
  table: SegmentTable,
  slots: number,
  maxValues: number,
  value: string,
  { clean }: Dimension
): number | undefined {
  const known = table.rows.get(value)
  if (known !== undefined) return known
  const cleaned = clean(value)
  if (cleaned === '') return undefined
  const row = cleaned === value ? undefined : table.rows.get(cleaned)
  if (row !== undefined) return row
  if (table.rows.size > 2 * maxValues) prune(table, slots, maxValues)
  if (table.rows.size === table.events.length) grow(table)
  const added = table.rows.size
  table.rows.set(cleaned, added)
  return added
}

/**
 * Keeps the values with the most events and folds the rest into `other`, so a flood of values that come once does not
 * push out a frequent one.
 */
function prune(table: SegmentTable, slots: number, maxValues: number): void {
  const { rows, events } = table
  const ranked = [...rows]
    .filter(([, row]) => row !== otherRow)
    .sort(([a, one], [b, other]) => (events[other] as number) - (events[one] as number) || (a < b ? -1 : 1))
  for (const [value, row] of ranked.slice(maxValues)) {
    fold(table, slots, row)
    rows.delete(value)
  }
  const kept = [...rows].sort(([, one], [, other]) => one - other)
  keepRows(
    table,
    slots,
    kept.map(([, row]) => row)
  )
  for (const [row, [value]] of kept.entries()) rows.set(value, row)
  table.hinted.fill(otherRow)
}

function fold(table: SegmentTable, slots: number, row: number): void {
  addAt(table.events, otherRow, row)
  table.stamps[otherRow] = Math.max(table.stamps[otherRow] as number, table.stamps[row] as number)
  for (let slot = 0; slot < slots; slot++) {
    const from = row * slots + slot
    addAt(table.counts, slot, from)
    addAt(table.terms, slot, from)
    addAt(table.squares, slot, from)
    const set = table.sets[from]
    if (set === undefined) continue
    const other = table.sets[slot]
    if (other === undefined) table.sets[slot] = set
    else other.merge(set)
  }
}

function addAt(numbers: Float64Array, to: number, from: number): void {
  numbers[to] = (numbers[to] as number) + (numbers[from] as number)
}

/** Keeps these rows, in this order. */
function keepRows(table: SegmentTable, slots: number, rows: readonly number[]): void {
  const spread = (from: Float64Array, width: number) => {
    const to = new Float64Array(from.length)
    rows.forEach((row, at) => {
      to.set(from.subarray(row * width, (row + 1) * width), at * width)
    })
    return to
  }
  const sets: Columns['sets'] = new Array(table.sets.length).fill(undefined)
  rows.forEach((row, at) => {
    for (let slot = 0; slot < slots; slot++) sets[at * slots + slot] = table.sets[row * slots + slot]
  })
  replace(
    table,
    from => spread(from, slots),
    from => spread(from, 1),
    sets
  )
}

/** Makes room for twice as many rows. */
function grow(table: SegmentTable): void {
  const twice = (from: Float64Array) => {
    const to = new Float64Array(2 * from.length)
    to.set(from)
    return to
  }
  const { sets } = table
  for (let left = sets.length; left > 0; left--) sets.push(undefined)
  replace(table, twice, twice, sets)
}

type Change = (from: Float64Array) => Float64Array

function replace(table: SegmentTable, ofSlots: Change, ofRows: Change, sets: Columns['sets']): void {
  table.counts = ofSlots(table.counts)
  table.terms = ofSlots(table.terms)
  table.squares = ofSlots(table.squares)
  table.sets = sets
  table.events = ofRows(table.events)
  table.stamps = ofRows(table.stamps)
}
