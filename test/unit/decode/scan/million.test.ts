import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { uniformOf } from '../../../../producer/random.ts'
import { createDecode } from '../../../../src/decode/decode.ts'
import { createDecodeRecord } from '../../../../src/decode/decode-record.ts'
import { native } from '../../../../src/decode/layouts/native.ts'
import { rees46 } from '../../../../src/decode/layouts/rees46.ts'
import { keptEvent, ScannedEvent } from '../../../../src/decode/scanned-event.ts'
import type { Decoded, DecodeOptions, ShopEvent } from '../../../../src/decode/types.ts'
import { hostileClasses, hostileRecords } from '../../../generators/hostile.ts'
import { writtenRecord } from '../../../generators/written-records.ts'
import { keptDecoded } from '../../../support/decoding.ts'
import { tries } from '../../../support/tries.ts'

const fields = (Object.keys(keptEvent(new ScannedEvent())) as (keyof ShopEvent)[]).filter(
  field => field !== 'extra'
)
const common = { currency: 'USD', knownCurrencies: new Set(['EUR']), maxBytes: 100_000 }
const decoders: Readonly<Record<string, DecodeOptions>> = {
  'of the contract': common,
  'of REES46': { ...common, layout: rees46 },
  'with further fields, and a key of several': {
    ...common,
    layout: { ...native, fields: { ...native.fields, device: ['country'] } },
    extraFields: ['brand', 'note']
  }
}

/** Much faster than a deep comparison: the fields of an event are plain values, mostly. */
const isSame = (one: Decoded, other: Decoded): boolean =>
  one.kind === 'event' && other.kind === 'event'
    ? (one.event.extra.length === other.event.extra.length &&
        one.event.extra.every((value, place) => value === other.event.extra[place]) &&
        fields.every(field => one.event[field] === other.event[field])) ||
      isDeepStrictEqual(one.event, other.event)
    : isDeepStrictEqual(one, other)

test.each(Object.entries(decoders))(
  'decoders %s read a million records between them as a parse does, in every field and every reason',
  (name, options) => {
    const parse = createDecode(options)
    const read = createDecodeRecord(options)
    const uniform = uniformOf(tries(1), name)
    let fromBytes = 0

    function compare(value: Buffer | null): void {
      const decoded = read({ value })
      if (decoded.kind === 'event' && 'bytes' in decoded.event) fromBytes++
      const kept = keptDecoded(decoded)
      const expected = parse(value)
      if (!isSame(kept, expected)) expect(kept, value?.toString('latin1')).toStrictEqual(expected)
    }

    const written = tries(320_000)
    for (let count = 0; count < written; count++) compare(writtenRecord(uniform))
    const hostile = hostileRecords(
      tries(1),
      tries(14_000),
      index => 1_790_000_000_000 + index,
      hostileClasses.small
    )
    for (const { value } of hostile) compare(value)
    // Else nothing was compared.
    expect(fromBytes / written).toBeGreaterThan(0.3)
  }
)
