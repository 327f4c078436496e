import type { Envelope } from './envelope.ts'
import { isObject, parseInner } from './json.ts'

type Fields = Readonly<Record<string, unknown>>

/** A change of a row, with the operation in Debezium's letter: c created, r read by a snapshot, u updated, d deleted. */
interface Change {
  readonly op: string
  readonly row: object | undefined
  readonly time: unknown
}

/** What a change data capture tells of a row; undefined where a record is no such thing. */
export function unwrapChange(record: object): Envelope | undefined {
  const change = ofDebezium(record) ?? ofMaxwell(record) ?? ofDms(record)
  if (change === undefined) return undefined
  const { op, row, time } = change
  return {
    record: row ?? {},
    kind: 'change',
    // The time of a snapshot says nothing of when its rows came to be.
    time: op === 'r' ? undefined : time,
    type: op,
    change: kinds[op] ?? 'none'
  }
}

const kinds: Readonly<Record<string, Envelope['change']>> = {
  c: 'created',
  r: 'created',
  u: 'updated',
  d: 'deleted',
  t: 'deleted'
}

function ofDebezium(record: object): Change | undefined {
  const { before, after, op, source, ts_ms: sentAt } = record as Fields
  const hasRow = Object.hasOwn(record, 'after') || Object.hasOwn(record, 'before')
  if (typeof op !== 'string' || !Object.hasOwn(kinds, op) || !hasRow) return undefined
  if (!isObject(source) && sentAt === undefined) return undefined
  const changedAt = isObject(source) ? (source as Fields)['ts_ms'] : undefined
  const row = rowOf(after)
  return { op: row === undefined ? 'd' : op, row: row ?? rowOf(before), time: changedAt ?? sentAt }
}

const maxwellTypes: Readonly<Record<string, string>> = {
  insert: 'c',
  update: 'u',
  delete: 'd',
  'bootstrap-insert': 'r'
}
/** What Maxwell tells of a table or of its own work. */
const maxwellOthers = /^(bootstrap-(start|complete)|(table|database)-(create|alter|drop))$/

/** Maxwell's daemon: database, table, type, and the row in `data`; `ts` is in seconds. */
function ofMaxwell(record: object): Change | undefined {
  const { database, table, type, data, ts } = record as Fields
  if (typeof database !== 'string' || typeof type !== 'string') return undefined
  if (maxwellOthers.test(type)) return { op: type, row: undefined, time: ts }
  const op = Object.hasOwn(maxwellTypes, type) ? maxwellTypes[type] : undefined
  return op === undefined || typeof table !== 'string' || !isObject(data)
    ? undefined
    : { op, row: data, time: ts }
}

const dmsOperations: Readonly<Record<string, string>> = { load: 'r', insert: 'c', update: 'u', delete: 'd' }

/** AWS DMS: the row in `data`, and what became of it in `metadata`. */
function ofDms(record: object): Change | undefined {
  const { data, metadata } = record as Fields
  if (!isObject(metadata)) return undefined
  const { operation, timestamp, 'record-type': recordType } = metadata as Fields
  if (typeof operation !== 'string' || typeof recordType !== 'string') return undefined
  const op = Object.hasOwn(dmsOperations, operation) ? dmsOperations[operation] : undefined
  if (recordType !== 'data' || op === undefined) return { op: operation, row: undefined, time: timestamp }
  return { op, row: rowOf(data), time: timestamp }
}

/** Some connectors write the row as JSON in a text. */
function rowOf(value: unknown): object | undefined {
  const row = typeof value === 'string' ? parseInner(value) : value
  return isObject(row) ? row : undefined
}
