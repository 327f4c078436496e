import { setImmediate as nextTurn } from 'node:timers/promises'
import { StoreError } from './errors.ts'
import type { Row } from './tables/table.ts'

/** More rows in a request would hold the event loop for long. */
const maxRows = 10_000
const linesPerTurn = 500

export function* chunksOf<T>(all: Iterable<T>): Generator<readonly T[]> {
  let chunk: T[] = []
  for (const one of all) {
    chunk.push(one)
    if (chunk.length < maxRows) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** Half a surrogate pair is no text that ClickHouse takes; JSON writes it as an escape, and little else so. */
export function jsonLines(rows: readonly Row[]): string {
  const wellFormed = (_: string, cell: unknown) => (typeof cell === 'string' ? cell.toWellFormed() : cell)
  const lines = rows.map(row => {
    const line = JSON.stringify(row)
    return line.includes('\\ud') ? JSON.stringify(row, wellFormed) : line
  })
  return `${lines.join('\n')}\n`
}

/** Reads a long answer in turns, so that other work gets its turn in between. */
export async function readLines<T>(text: string, read: (line: string) => T): Promise<readonly T[]> {
  const all: T[] = []
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    if (end > start) all.push(readLine(text.slice(start, end), read))
    start = end + 1
    if (all.length % linesPerTurn === 0) await nextTurn()
  }
  return all
}

/** Every answer that is read so is of ClickHouse's own JSON formats: another program may answer 200 to anything. */
function readLine<T>(line: string, read: (line: string) => T): T {
  try {
    return read(line)
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    const start = line.length > 80 ? `${line.slice(0, 80)}…` : line
    const message = `the answer is not from ClickHouse: ${start}`
    throw new StoreError('QUERY', message, { retryable: false, cause })
  }
}
