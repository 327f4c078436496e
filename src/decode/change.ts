import type { Envelope } from './envelope.ts'
import { isObject, parseInner } from './json.ts'

/** By Debezium's letters. */
const changes: Readonly<Record<string, Envelope['change']>> = {
  c: 'created',
  r: 'created',
  u: 'updated',
  d: 'deleted',
  t: 'deleted'
}

interface Change {
  readonly before?: unknown
  readonly after?: unknown
  readonly op?: unknown
  readonly source?: unknown
  readonly ts_ms?: unknown
}

/** Whether a record is what a change data capture tells of a row: before, after and the operation. */
export function isChange(record: object): boolean {
  const { op, source, ts_ms: time } = record as Change
  return (
    typeof op === 'string' &&
    Object.hasOwn(changes, op) &&
    (Object.hasOwn(record, 'after') || Object.hasOwn(record, 'before')) &&
    (isObject(source) || time !== undefined)
  )
}

/** The row as it is after the change, of which the operation is the type unless the row has one. */
export function unwrapChange(record: object): Envelope {
  const { before, after, op, source, ts_ms: sentAt } = record as Change
  const row = rowOf(after)
  const changedAt = isObject(source) ? (source as Change).ts_ms : undefined
  return {
    record: row ?? rowOf(before) ?? {},
    kind: 'change',
    // The time of a snapshot says nothing of when its rows came to be.
    time: op === 'r' ? undefined : (changedAt ?? sentAt),
    type: op,
    change: row === undefined ? 'deleted' : (changes[String(op)] ?? 'updated')
  }
}

/** Some connectors write the row as JSON in a text. */
function rowOf(value: unknown): object | undefined {
  const row = typeof value === 'string' ? parseInner(value) : value
  return isObject(row) ? row : undefined
}
