import { createDecode } from './decode.ts'
import { isCloudEvent } from './headers.ts'
import { createScanRecord } from './scan/scan-record.ts'
import type { Decoded, DecodeOptions, RecordHeaders } from './types.ts'

/** A record as its source has it. What is a getter there costs only those who ask for it. */
export interface RecordValue {
  readonly value: Buffer | string | null
  readonly headers?: RecordHeaders | undefined
  /** Where the value lies in a buffer of several records, if it does. */
  readonly bytes?: Buffer | undefined
  readonly valueStart?: number | undefined
  readonly valueEnd?: number | undefined
}

/** Decodes one record; never throws. An event holds until the next record (`keptEvent`). */
export type DecodeRecord = (record: RecordValue) => Decoded

/** Reads what it can from the bytes, and parses the rest: both give the same, which a test shows with a million records. */
export function createDecodeRecord(options: DecodeOptions): DecodeRecord {
  const decode = createDecode(options)
  const scan = createScanRecord(options)
  if (scan === undefined) return ({ value, headers }) => decode(value, headers)

  const scanned = (record: RecordValue) => {
    const { bytes, valueStart, valueEnd } = record
    if (bytes !== undefined && valueStart !== undefined && valueEnd !== undefined)
      return scan(bytes, valueStart, valueEnd)
    const { value } = record
    return Buffer.isBuffer(value) ? scan(value, 0, value.length) : undefined
  }

  // The event is the same object each time, so what it is wrapped in is, too.
  let whole: Extract<Decoded, { readonly kind: 'event' }> | undefined
  return function decodeRecord(record) {
    const event = isCloudEvent(record.headers) ? undefined : scanned(record)
    if (event === undefined) return decode(record.value, record.headers)
    if (whole?.event !== event) whole = { kind: 'event', event }
    return whole
  }
}
