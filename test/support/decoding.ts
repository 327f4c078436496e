import { expect } from 'vitest'
import { createDecode } from '../../src/decode/decode.ts'
import { createDecodeRecord } from '../../src/decode/decode-record.ts'
import { keptEvent } from '../../src/decode/scanned-event.ts'
import type { Decode, Decoded, DecodeOptions } from '../../src/decode/types.ts'

/** A decoder by a parse. What is read from the bytes, before and after it has learnt a record's keys, must equal it. */
export function createCheckedDecode(options: DecodeOptions): Decode {
  const parse = createDecode(options)
  const read = createDecodeRecord(options)
  return function decode(value, headers) {
    const parsed = parse(value, headers)
    if (typeof value === 'string' && !value.isWellFormed()) return parsed
    const bytes = typeof value === 'string' ? Buffer.from(value) : value
    for (let time = 0; time < 2; time++)
      expect(keptDecoded(read({ value: bytes, headers }))).toStrictEqual(parsed)
    return parsed
  }
}

export const keptDecoded = (decoded: Decoded): Decoded =>
  decoded.kind === 'event' ? { kind: 'event', event: keptEvent(decoded.event) } : decoded
