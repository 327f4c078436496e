import { alternativesOf, betweenOf, firstOf, pathsOf } from './alternatives.ts'
import { type Envelope, unwrap } from './envelope.ts'
import { extraOf } from './fields.ts'
import { headersIn, isCloudEvent, withHeaders } from './headers.ts'
import { createIsIgnored } from './ignore.ts'
import { isLong } from './json.ts'
import { type ContractField, contractFields, furtherPathsOf, type Layout, lineFields } from './layout.ts'
import { createReadLines, isPlain } from './list.ts'
import { createOpenRecord, type OpenedPart } from './open-record.ts'
import { fieldCount, isAbsent, type RawLine, type RawRecord, recordOf, valueCount } from './record.ts'
import { type DeadReason, noExtra, type RecordHeaders, type SkipReason } from './types.ts'

/** A record's values, or why there are none. */
export type ReadResult =
  | { readonly kind: 'one'; readonly record: RawRecord }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | { readonly kind: 'dead'; readonly reason: DeadReason }
/** One of several events of a record, with what stood there. */
export interface ReadPart {
  readonly result: ReadResult
  readonly source: unknown
}
export type ReadRecord = (
  text: string,
  headers?: RecordHeaders
) => ReadResult | { readonly kind: 'several'; readonly parts: readonly ReadPart[] }

/** Parses a record's text and reads the contract's fields by the layout. */
export const createReadRecord = (layout: Layout, extraFields: readonly string[]): ReadRecord => {
  const readers = contractFields.map(field =>
    firstOf(alternativesOf(layout, field).filter(isPlain), layout, betweenOf(field))
  )
  const readTotal = firstOf(alternativesOf(layout, 'order_total'), layout)
  const readLines = createReadLines(layout)
  const extras = extraFields.map(field => firstOf(furtherPathsOf(layout, field).map(pathsOf), layout))
  const idKeys = idKeysOf(layout)
  const { eventType, eventsIn, text: textFormat } = layout.structure ?? {}
  const isIgnored = createIsIgnored(layout.structure?.ignore)
  const isConstant = eventType !== undefined && 'constant' in eventType
  const open = createOpenRecord({ eventsIn, textFormat, ownKeys: firstKeysOf(layout, 'event_id') })

  const headerNames = headersIn(layout, extraFields)

  function read(parsed: object, headers: RecordHeaders | undefined, isOnly: boolean): ReadResult {
    const envelope = enveloped(parsed, headers, isOnly, headerNames)
    const { record, change } = envelope
    if (change === 'none') return { kind: 'skipped', reason: 'no_events' }
    if (change === 'deleted') return { kind: 'skipped', reason: 'row_deleted' }
    // A row is one event of the constant type, however often it is changed.
    if (change === 'updated' && isConstant) return { kind: 'skipped', reason: 'row_updated' }
    if (isIgnored?.(record)) return { kind: 'skipped', reason: 'ignored' }
    const values: unknown[] = new Array(valueCount)
    for (let place = 0; place < fieldCount; place++) values[place] = readers[place]?.(record)
    values[fieldCount] = readTotal(record)
    fillIn(values, envelope)
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
    return { kind: 'one', record: recordOf(values, several, present, numeric, extra) }
  }

  return function readRecord(text, headers) {
    const opened = open(text)
    switch (opened.kind) {
      case 'one': {
        const result = read(opened.record, headers, true)
        if (!hasLongId(result)) return result
        const kept = open(text, idKeys)
        return kept.kind === 'one' ? withIdsOf(result, read(kept.record, headers, true)) : result
      }
      case 'several': {
        const readPart = ({ record, source }: OpenedPart): ReadPart => ({
          result:
            typeof record === 'string' ? { kind: 'dead', reason: record } : read(record, headers, false),
          source
        })
        const parts = opened.parts.map(readPart)
        if (!parts.some(({ result }) => hasLongId(result))) return { kind: 'several', parts }
        const again = open(text, idKeys)
        const kept = again.kind === 'several' ? again.parts.map(readPart) : parts
        return {
          kind: 'several',
          parts: parts.map(({ result, source }, at) => ({
            result: withIdsOf(result, kept[at]?.result),
            source: kept[at]?.source ?? source
          }))
        }
      }
      case 'dead':
      case 'skipped':
        return opened
      default:
        return opened satisfies never
    }
  }
}

/** What the event itself does not say. */
function fillIn(values: unknown[], { time, type, id }: Envelope): void {
  if (isAbsent(values[placeOf.event_time])) values[placeOf.event_time] = time
  if (isAbsent(values[placeOf.event_type])) values[placeOf.event_type] = type
  if (isAbsent(values[placeOf.event_id])) values[placeOf.event_id] = id
}

/** The event within an envelope, with what the headers say. Of several events of a record they identify none. */
function enveloped(
  parsed: object,
  headers: RecordHeaders | undefined,
  isOnly: boolean,
  headerNames: readonly string[]
): Envelope {
  const envelope = unwrap(parsed)
  if (headers === undefined || (headerNames.length === 0 && !isCloudEvent(headers))) return envelope
  const whole = withHeaders(envelope, headerNames, headers)
  return isOnly ? whole : { ...whole, id: envelope.id }
}

/** Takes only the ids: another value under a key of that name stays a number. */
function withIdsOf(result: ReadResult, kept: ReadResult | undefined): ReadResult {
  if (result.kind !== 'one' || kept?.kind !== 'one') return result
  const { record } = result
  const ids = kept.record
  return {
    kind: 'one',
    record: {
      ...record,
      event_id: ids.event_id,
      user_id: ids.user_id,
      session_id: ids.session_id,
      product_id: ids.product_id,
      order_id: ids.order_id,
      lines: record.lines?.map((line, at) => ({ ...line, product_id: ids.lines?.[at]?.product_id }))
    }
  }
}

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

/** The first keys of a field's paths. */
function firstKeysOf(layout: Layout, field: ContractField): ReadonlySet<string> {
  const steps = alternativesOf(layout, field).map(([path]) => path?.[0])
  return new Set(steps.flatMap(step => (step?.kind === 'name' ? step.name : [])))
}

// Spelled out: a loop over the names costs several times as much, for every record.
const hasLongId = (result: ReadResult): boolean =>
  result.kind === 'one' &&
  (isLong(result.record.event_id) ||
    isLong(result.record.user_id) ||
    isLong(result.record.session_id) ||
    isLong(result.record.product_id) ||
    isLong(result.record.order_id) ||
    result.record.lines?.some(line => isLong(line.product_id)) === true)
