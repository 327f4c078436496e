import { alternativesOf, firstOf, pathsOf } from './alternatives.ts'
import { unwrap } from './envelope.ts'
import { extraOf } from './fields.ts'
import { isLong, keepDigits, parseObject } from './json.ts'
import { type ContractField, contractFields, type Layout, lineFields } from './layout.ts'
import { createReadLines, isPlain } from './list.ts'
import { fieldCount, isAbsent, type RawLine, type RawRecord, recordOf, valueCount } from './record.ts'
import { type DeadReason, noExtra } from './types.ts'

/** Parses a record's text and reads the contract's fields by the layout, or says why it is no record. */
export type ReadRecord = (text: string) => RawRecord | DeadReason

export const createReadRecord = (layout: Layout, extraFields: readonly string[]): ReadRecord => {
  const readers = contractFields.map(field => firstOf(alternativesOf(layout, field).filter(isPlain), layout))
  const readTotal = firstOf(alternativesOf(layout, 'order_total'), layout)
  const readLines = createReadLines(layout)
  const extras = extraFields.map(text => firstOf([pathsOf(text)], layout))
  const idKeys = idKeysOf(layout)

  function read(parsed: object): RawRecord {
    const { record, time, type, id } = unwrap(parsed)
    const values: unknown[] = new Array(valueCount)
    for (let place = 0; place < fieldCount; place++) values[place] = readers[place]?.(record)
    values[fieldCount] = readTotal(record)
    if (isAbsent(values[placeOf.event_time])) values[placeOf.event_time] = time
    if (isAbsent(values[placeOf.event_type])) values[placeOf.event_type] = type
    if (isAbsent(values[placeOf.event_id])) values[placeOf.event_id] = id
    const lines = readLines(record)
    if (lines !== undefined) {
      const only = lines.length === 1 ? lines[0] : undefined
      for (const field of lineFields) values[placeOf[field]] = only?.[field]
    }
    let present = 0
    let numeric = 0
    for (let place = 0; place < fieldCount; place++) {
      const value = values[place]
      if (isAbsent(value)) continue
      present |= 1 << place
      if (typeof value === 'number') numeric |= 1 << place
    }
    const several = lines === undefined || lines.length === 1 ? undefined : lines
    if (several !== undefined) {
      present |= bitsOf(several, value => !isAbsent(value))
      numeric |= bitsOf(several, value => typeof value === 'number')
    }
    const extra = extras.length === 0 ? noExtra : extras.map(readExtra => extraOf(readExtra(record)))
    return recordOf(values, Number.NaN, several, present, numeric, extra)
  }

  return function readRecord(text) {
    const parsed = parseObject(text)
    if (typeof parsed === 'string') return parsed
    const record = read(parsed)
    return hasLongId(record) ? withIdsOf(record, read(keepDigits(text, parsed, idKeys))) : record
  }
}

/** Takes only the ids: another value under a key of that name stays a number. */
const withIdsOf = (record: RawRecord, kept: RawRecord): RawRecord => ({
  ...record,
  event_id: kept.event_id,
  user_id: kept.user_id,
  session_id: kept.session_id,
  product_id: kept.product_id,
  order_id: kept.order_id,
  lines: record.lines?.map((line, at) => ({ ...line, product_id: kept.lines?.[at]?.product_id }))
})

/** The fields for which a value of any line holds. */
const bitsOf = (lines: readonly RawLine[], holds: (value: unknown) => boolean): number =>
  lineFields.reduce(
    (bits, field) => (lines.some(line => holds(line[field])) ? bits | (1 << placeOf[field]) : bits),
    0
  )

const placeOf = Object.fromEntries(contractFields.map((field, place) => [field, place])) as Readonly<
  Record<ContractField, number>
>

const idFields = ['event_id', 'user_id', 'session_id', 'product_id', 'order_id'] as const

/** The last key of every path to an id. */
function idKeysOf(layout: Layout): ReadonlySet<string> {
  const paths = idFields.flatMap(field => alternativesOf(layout, field).flat())
  const names = paths.map(path => path.findLast(step => step.kind === 'name')?.name)
  return new Set(names.filter(name => name !== undefined))
}

// Spelled out: a loop over the names costs several times as much, for every record.
const hasLongId = (record: RawRecord): boolean =>
  isLong(record.event_id) ||
  isLong(record.user_id) ||
  isLong(record.session_id) ||
  isLong(record.product_id) ||
  isLong(record.order_id) ||
  record.lines?.some(line => isLong(line.product_id)) === true
