type Cell = string | number | null | readonly string[]
export type Row = readonly Cell[]

/** The columns of a table in their order, each with the cell that an item has in it. */
type Columns<T> = Readonly<Record<string, (item: T) => Cell>>

export interface Table<T, C extends Columns<T> = Columns<T>> {
  readonly name: string
  readonly columns: C
}

export function rowsOf<T>({ columns }: Table<T>, items: readonly T[]): readonly Row[] {
  const cells = Object.values(columns)
  return items.map(item => cells.map(cellOf => cellOf(item)))
}

type View<C> = {
  readonly [K in Exclude<keyof C, 'state'>]: C[K] extends (item: never) => infer R ? R : never
}

/** An item as JSON: the columns of its table but for `state`, times as ISO 8601 UTC strings. */
export function viewOf<T, C extends Columns<T>>({ columns }: Table<T, C>, item: T): View<C> {
  const shown = Object.entries(columns).filter(([column]) => column !== 'state')
  const cells = shown.map(([column, cellOf]) => [column, jsonCell(column, cellOf(item))] as const)
  return Object.fromEntries(cells) as View<C>
}

/** Columns of a time, and of nothing else. */
const isTime = (column: string): boolean => /(^|_)at$|^window_(start|end)$|_window_end$/.test(column)

function jsonCell(column: string, cell: Cell): Cell {
  return typeof cell === 'string' && isTime(column) ? `${cell.replace(' ', 'T')}Z` : cell
}

/** Milliseconds since the epoch as a DateTime64(3, 'UTC') is written. */
export function dateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, -1)
}

export function maybeDateTime(ms: number | null): string | null {
  return ms === null ? null : dateTime(ms)
}
