import { frameFaultHeader, unframe } from './envelope.ts'
import { createEventOf } from './event-of.ts'
import { native } from './layouts/native.ts'
import { headerText, joined, ofPart } from './parts.ts'
import { createReadRecord, type ReadResult } from './read-record.ts'
import type { DeadReason, Decode, Decoded, DecodedPart, DecodeOptions, RecordHeaders } from './types.ts'

/** Decodes whatever may come, by a parse; never throws. A test compares it with the contract's schema in test/support. */
export const createDecode = (options: DecodeOptions): Decode => {
  const { maxBytes, layout = native, extraFields = [] } = options
  const { eventType } = layout.structure ?? {}
  const constant = eventType !== undefined && 'constant' in eventType ? eventType.constant : undefined
  const typeHeader = eventType !== undefined && 'header' in eventType ? eventType.header : undefined
  const readRecord = createReadRecord(layout, extraFields)
  const eventOf = createEventOf(options)
  /** What says the type of the current record in place of a field. */
  let givenType: string | undefined = constant

  const decodeBytes = (framed: Buffer, headers?: RecordHeaders): Decoded => {
    const bytes = unframe(framed)
    return bytes === undefined ? dead(frameFaultOf(headers)) : decodeText(bytes.toString(), headers)
  }

  const partOf = (read: ReadResult): DecodedPart =>
    read.kind === 'one' ? eventOf(read.record, givenType) : read

  const decodeText = (json: string, headers?: RecordHeaders): Decoded => {
    const read = readRecord(json, headers)
    return read.kind === 'several'
      ? joined(read.parts.map(one => ofPart(partOf(one.result), one)))
      : partOf(read)
  }

  return function decode(value, headers) {
    if (value === null) return { kind: 'skipped', reason: 'tombstone' }
    if (isTooLarge(value, maxBytes)) return dead('too_large')
    if (typeHeader !== undefined) givenType = headerText(headers?.[typeHeader])
    if (typeof value !== 'string') return decodeBytes(value, headers)
    return value.startsWith('\0') ? decodeBytes(Buffer.from(value), headers) : decodeText(value, headers)
  }
}

/** Why a frame could not be read where a schema registry was asked. */
function frameFaultOf(headers: RecordHeaders | undefined): DeadReason {
  const fault = headers?.[frameFaultHeader]
  return fault === 'unknown_schema' || fault === 'schema_mismatch' ? fault : 'unsupported_encoding'
}

const dead = (reason: DeadReason): DecodedPart => ({ kind: 'dead', reason })

/** A string has at most three bytes for each code unit: its bytes are counted only if that could exceed the limit. */
function isTooLarge(value: Buffer | string, maxBytes: number): boolean {
  if (typeof value !== 'string') return value.length > maxBytes
  return value.length > maxBytes || (value.length * 3 > maxBytes && Buffer.byteLength(value) > maxBytes)
}
