import type { Envelope } from './envelope.ts'
import { furtherPathsOf, type Layout } from './layout.ts'
import { headerText } from './parts.ts'
import { type Path, parsePaths } from './path.ts'
import type { RecordHeaders } from './types.ts'

/** A key that begins with it is a header of the Kafka record. */
export const headerPrefix = 'header:'

const headerOf = ([first]: Path): string[] =>
  first?.kind === 'name' && first.name.startsWith(headerPrefix) ? [first.name.slice(headerPrefix.length)] : []

/** The headers that a layout, or further fields, take a value from. */
export function headersIn(layout: Layout, extraFields: readonly string[]): readonly string[] {
  const ignored = (layout.structure?.ignore ?? []).flatMap(Object.keys)
  const further = extraFields.flatMap(field => furtherPathsOf(layout, field))
  const texts = [...Object.values(layout.fields).flat(), ...further, ...ignored]
  return [...new Set(texts.flatMap(text => parsePaths(text) ?? []).flatMap(headerOf))]
}

/** An envelope with what the record's headers say: these as keys of its record, and the attributes of a CloudEvent. */
export function withHeaders(envelope: Envelope, names: readonly string[], headers: RecordHeaders): Envelope {
  const record = names.length === 0 ? envelope.record : { ...envelope.record, ...keysOf(names, headers) }
  if (!isCloudEvent(headers)) return { ...envelope, record }
  return {
    ...envelope,
    record,
    time: envelope.time ?? headerText(headers['ce_time']),
    type: envelope.type ?? headerText(headers['ce_type']),
    id: envelope.id ?? headerText(headers['ce_id'])
  }
}

const keysOf = (names: readonly string[], headers: RecordHeaders) =>
  Object.fromEntries(names.map(name => [`${headerPrefix}${name}`, headerText(headers[name])]))

/** CloudEvents in binary mode: the attributes are headers, and the value is the event alone. */
export const isCloudEvent = (headers: RecordHeaders | undefined): headers is RecordHeaders =>
  headers?.['ce_specversion'] !== undefined
