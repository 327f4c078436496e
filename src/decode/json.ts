import type { DeadReason } from './types.ts'

/** The fields of the contract. */
export const recordFields = [
  'event_id',
  'event_type',
  'event_time',
  'user_id',
  'session_id',
  'product_id',
  'category',
  'price',
  'quantity',
  'currency',
  'order_id',
  'payment_method',
  'country',
  'device'
] as const

/** A record as it came: only the fields of the contract are ever looked at, and nothing is known of their types. */
export type RawRecord = { readonly [field in (typeof recordFields)[number]]?: unknown }

/** Fields that many shops fill with numbers of 64 bits. */
const idFieldNames: ReadonlySet<string> = new Set([
  'event_id',
  'user_id',
  'session_id',
  'product_id',
  'order_id'
])

const byteOrderMark = 0xfeff

/** Parses JSON text into a record, or says why it is none. A leading byte order mark is allowed. */
export function parseRecord(text: string): RawRecord | DeadReason {
  let parsed: unknown
  try {
    parsed = JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text)
  } catch {
    return 'invalid_json'
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'not_an_object'
  // Not a cast of trust: every field of a RawRecord is unknown.
  const record: RawRecord = parsed
  return hasLongNumber(record) ? withDigitsKept(text, record) : record
}

/**
 * An id of more digits than a double holds would fall together with its neighbours, and distinct orders be counted as
 * one: such a number is taken again, from the text, as a string of its digits.
 */
function withDigitsKept(text: string, record: RawRecord): RawRecord {
  try {
    return JSON.parse(text, (key, value, context?: { readonly source?: string }) =>
      typeof value === 'number' &&
      !Number.isSafeInteger(value) &&
      idFieldNames.has(key) &&
      context?.source !== undefined &&
      /^-?\d+$/.test(context.source)
        ? context.source
        : value
    )
  } catch {
    // A reviver walks recursively, so that a nesting deeper than the stack ends here: the rounded number is kept.
    return record
  }
}

// Each by its name: a loop over the names costs several times as much, on every record.
const hasLongNumber = (record: RawRecord): boolean =>
  isLong(record.event_id) ||
  isLong(record.user_id) ||
  isLong(record.session_id) ||
  isLong(record.product_id) ||
  isLong(record.order_id)

const isLong = (value: unknown): boolean => typeof value === 'number' && !Number.isSafeInteger(value)
