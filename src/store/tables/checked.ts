import { z } from 'zod'
import { parseJson } from '../../source/parse-json.ts'
import { StoreError } from '../errors.ts'

const stateLine = z.tuple([z.string(), z.string()])

/**
 * Reads lines of `id` and `state`, the whole record as JSON. A record is checked and kept as it is, with keys that only
 * newer versions know. One that does not fit is refused: without it something could be notified twice.
 */
export function stateReader<Schema extends z.ZodType, T>(
  table: string,
  schema: Schema,
  recordOf: (stored: z.input<Schema>) => T
): (line: string) => T {
  return function readState(line) {
    const [id, state] = stateLine.parse(JSON.parse(line))
    return recordOf(checked(schema, parseJson(state), table, id))
  }
}

/** Reads lines of the columns of a view as one JSON object. */
export function objectReader<Schema extends z.ZodType>(
  view: string,
  schema: Schema
): (line: string) => z.input<Schema> {
  return function readObject(line) {
    const row: unknown = JSON.parse(line)
    const { id } = z.object({ id: z.string() }).parse(row)
    return checked(schema, row, view, id)
  }
}

function checked<Schema extends z.ZodType>(
  schema: Schema,
  stored: unknown,
  table: string,
  id: string
): z.input<Schema> {
  const { error } = schema.safeParse(stored)
  if (error === undefined) return stored as z.input<Schema>
  const faults = error.issues.map(({ path, message }) => [...path, message].join(': '))
  const message = `Cannot read the row ${id} of ${table}: ${faults.join('; ')}`
  throw new StoreError('QUERY', message, { retryable: false })
}
