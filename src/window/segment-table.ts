import { emptyColumns } from './columns.ts'
import { type Dimension, otherValue } from './measure.ts'
import type { Columns, DistinctCount, SegmentTable } from './types.ts'

const firstRows = 4
const otherRow = 0

/** A table with `slots` slots in each row. */
export function createSegmentTable(slots: number): SegmentTable {
  return {
    ...emptyColumns(firstRows * slots),
    rows: new Map([[otherValue, otherRow]]),
    events: new Float64Array(firstRows),
    stamps: new Float64Array(firstRows),
    valued: 0
  }
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
  const row = table.rows.get(cleaned)
  if (row !== undefined) return row
  if (table.rows.size > 2 * maxValues) prune(table, slots, maxValues)
  if (table.rows.size === table.events.length) resize(table, slots, 2 * table.rows.size, [])
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
  resize(
    table,
    slots,
    events.length,
    kept.map(([, row]) => row)
  )
  for (const [row, [value]] of kept.entries()) rows.set(value, row)
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

/** Makes room for `rows` rows. `moved` lists the old places of the rows to keep, in their new order; empty keeps all. */
function resize(table: SegmentTable, slots: number, rows: number, moved: readonly number[]): void {
  const order = moved.length > 0 ? moved : [...table.events.keys()]
  const spread = (from: Float64Array, width: number) => {
    const to = new Float64Array(rows * width)
    order.forEach((row, at) => {
      to.set(from.subarray(row * width, (row + 1) * width), at * width)
    })
    return to
  }
  const sets: (DistinctCount | undefined)[] = new Array(rows * slots).fill(undefined)
  order.forEach((row, at) => {
    for (let slot = 0; slot < slots; slot++) sets[at * slots + slot] = table.sets[row * slots + slot]
  })
  const columns: Pick<Columns, 'counts' | 'terms' | 'squares' | 'sets'> = {
    counts: spread(table.counts, slots),
    terms: spread(table.terms, slots),
    squares: spread(table.squares, slots),
    sets
  }
  Object.assign(table, columns, { events: spread(table.events, 1), stamps: spread(table.stamps, 1) })
}
