import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Row } from './rows.ts'

/** More rows in a request would hold the event loop for long. */
export const maxRows = 10_000
const linesPerTurn = 500

export function* chunksOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += maxRows) yield all.slice(at, at + maxRows)
}

/** Half a surrogate pair is no text that ClickHouse takes; JSON writes it as an escape, and little else so. */
export function linesOf(rows: readonly Row[]): string {
  const wellFormed = (_: string, cell: unknown) => (typeof cell === 'string' ? cell.toWellFormed() : cell)
  const lines = rows.map(row => {
    const line = JSON.stringify(row)
    return line.includes('\\ud') ? JSON.stringify(row, wellFormed) : line
  })
  return `${lines.join('\n')}\n`
}

/** Reads a long answer in turns, so that the event loop goes on between them. */
export async function readLines<T>(text: string, read: (line: string) => T): Promise<readonly T[]> {
  const all: T[] = []
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    if (end > start) all.push(read(text.slice(start, end)))
    start = end + 1
    if (all.length % linesPerTurn === 0) await nextTurn()
  }
  return all
}
