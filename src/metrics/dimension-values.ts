import { otherValue } from '../window/measure.ts'
import type { SegmentTable } from '../window/types.ts'
import type { Places } from './values.ts'

/** Rows of the tables of one dimension, which are one segment; used again for the next. */
export class SegmentPlaces implements Places {
  readonly columns: SegmentTable[] = []
  readonly rows: number[] = []
  readonly width: number

  constructor(width: number) {
    this.width = width
  }

  clear(): void {
    this.columns.length = 0
    this.rows.length = 0
  }

  add(table: SegmentTable, row: number): void {
    this.columns.push(table)
    this.rows.push(row)
  }
}

/** What the tables of one dimension have of each value. There can be thousands: they lie in arrays, by number. */
export class DimensionValues {
  readonly names: string[] = []
  readonly events: Float64Array
  private readonly tables: readonly SegmentTable[]
  /** Of each value, its row in each table, from 1 on; 0 where it has none. */
  private readonly rows: Int32Array

  constructor(tables: readonly SegmentTable[]) {
    this.tables = tables
    const most = tables.reduce((sum, table) => sum + table.rows.size, 0)
    this.events = new Float64Array(most)
    this.rows = new Int32Array(most * tables.length)
    const numbers = new Map<string, number>()
    tables.forEach((table, place) => {
      table.rows.forEach((row, value) => {
        if (value === otherValue) return
        let number = numbers.get(value)
        if (number === undefined) {
          number = this.names.length
          numbers.set(value, number)
          this.names.push(value)
        }
        this.rows[number * tables.length + place] = row + 1
        this.events[number] = (this.events[number] as number) + (table.events[row] as number)
      })
    })
  }

  /** The numbers of the values in order of their events, then of their names. */
  ranked(): readonly number[] {
    const { names, events } = this
    return names
      .map((_, number) => number)
      .sort(
        (one, other) =>
          (events[other] as number) - (events[one] as number) ||
          ((names[one] as string) < (names[other] as string) ? -1 : 1)
      )
  }

  /** Adds where a value is. */
  put(number: number, to: SegmentPlaces): void {
    this.tables.forEach((table, place) => {
      const row = this.rows[number * this.tables.length + place] as number
      if (row > 0) to.add(table, row - 1)
    })
  }
}
