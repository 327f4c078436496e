import type { Layout } from './layout.ts'
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
  const texts = [...Object.values(layout.fields).flat(), ...extraFields, ...ignored]
  return [...new Set(texts.flatMap(text => parsePaths(text) ?? []).flatMap(headerOf))]
}

/** A record with these headers as keys of its own. */
export function withHeaders(record: object, names: readonly string[], headers: RecordHeaders): object {
  const values = names.map(name => [`${headerPrefix}${name}`, headerText(headers[name])])
  return { ...record, ...Object.fromEntries(values) }
}

/** CloudEvents in binary mode: the attributes are headers, and the value is the event alone. */
export const isCloudEvent = (headers: RecordHeaders | undefined): headers is RecordHeaders =>
  headers?.['ce_specversion'] !== undefined

/** What a CloudEvent's headers say of the event. */
export const cloudAttributes = (headers: RecordHeaders) => ({
  time: headerText(headers['ce_time']),
  type: headerText(headers['ce_type']),
  id: headerText(headers['ce_id'])
})
