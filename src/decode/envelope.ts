import { unwrapChange } from './change.ts'
import { isBlank, isObject, parseInner } from './json.ts'

/** A record without its envelope, and what only the envelope says of the event. */
export interface Envelope {
  readonly record: object
  readonly kind: 'none' | 'cloudevent' | 'connect' | 'change'
  readonly time?: unknown
  readonly type?: unknown
  readonly id?: unknown
  /** What a change did to the row that `record` is; `none`: it tells of a table, and not of a row. */
  readonly change?: 'created' | 'updated' | 'deleted' | 'none'
}

/** The header of a record whose frame cannot be read by a schema registry, with the reason. */
export const frameFaultHeader = 'cartwatch-frame-fault'

const magicByte = 0
/** Of a registry's frame: the magic byte and the schema's id, four bytes. */
export const frameHeadLength = 5
export const isFramed = (bytes: Buffer): boolean => bytes[0] === magicByte

const brace = 0x7b
const bracket = 0x5b

/**
 * Removes the frame of a schema registry's serializer; undefined if the content is no JSON (Avro, Protobuf). Bytes
 * without a frame are returned as they are.
 */
export function unframe(bytes: Buffer): Buffer | undefined {
  if (!isFramed(bytes)) return bytes
  let at = frameHeadLength
  while (isBlank(bytes[at])) at++
  return bytes[at] === brace || bytes[at] === bracket ? bytes.subarray(frameHeadLength) : undefined
}

/** Takes a record out of a Kafka Connect envelope, and then out of a change event or a CloudEvent in structured mode. */
export function unwrap(record: object): Envelope {
  const { schema, payload } = record as { readonly schema?: unknown; readonly payload?: unknown }
  if (isObject(payload) && schema !== undefined && Object.keys(record).length === 2) {
    const inner = unwrapInner(payload)
    return inner.kind === 'change' ? inner : { ...inner, kind: 'connect' }
  }
  return unwrapInner(record)
}

const unwrapInner = (record: object): Envelope => unwrapChange(record) ?? unwrapCloudEvent(record)

function unwrapCloudEvent(record: object): Envelope {
  const {
    specversion,
    data: given,
    data_base64,
    time,
    type,
    id
  } = record as Readonly<Record<string, unknown>>
  if (typeof specversion !== 'string') return { record, kind: 'none' }
  const data = given ?? (typeof data_base64 === 'string' ? parseInner(data_base64) : undefined)
  if (!isObject(data)) return { record, kind: 'none' }
  return { record: data, kind: 'cloudevent', time, type, id }
}
