/**
 * The newest rows of numbers, column by column, kept as running sums: any range of them costs one subtraction.
 * `capacity`: rows that can be summed. Sums run on for ever: whole numbers below 2 ** 53 stay exact.
 */
export function createCumulative(columns: number, capacity: number) {
  const slots = capacity + 1
  const table = new Float64Array(slots * columns)
  let size = 0
  /** The oldest row whose running sum is still there. */
  let oldest = 0
  const offset = (row: number) => (row % slots) * columns

  return {
    /** Rows pushed and not popped. */
    size: () => size,
    push(row: Float64Array): void {
      const before = offset(size)
      size += 1
      const at = offset(size)
      for (let column = 0; column < columns; column += 1) {
        table[at + column] = (table[before + column] as number) + (row[column] as number)
      }
      oldest = Math.max(oldest, size - capacity)
    },
    /** Takes the newest row back. */
    pop(): void {
      size -= 1
    },
    /** Rows that can still be summed, the newest included. */
    kept: () => size - oldest,
    /** The sum of a column over the rows `older` < row ≤ `newer`, rows counted from 1. */
    sum: (column: number, older: number, newer: number) =>
      (table[offset(newer) + column] as number) - (table[offset(older) + column] as number),
    /** The same of the first columns, into `into`. */
    sums(older: number, newer: number, into: Float64Array, width: number): void {
      const from = offset(older)
      const to = offset(newer)
      for (let column = 0; column < width; column += 1) {
        into[column] = (table[to + column] as number) - (table[from + column] as number)
      }
    },
    /** A column begins anew at 0. */
    clear(column: number): void {
      for (let at = column; at < table.length; at += columns) table[at] = 0
    }
  }
}
