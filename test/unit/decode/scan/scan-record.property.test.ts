import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDecode } from '../../../../src/decode/decode.ts'
import { createDecodeRecord } from '../../../../src/decode/decode-record.ts'
import { keptDecoded } from '../../../support/decoding.ts'
import { tries } from '../../../support/tries.ts'

const options = { currency: 'USD', knownCurrencies: new Set(['EUR']), maxBytes: 100_000 }
const parse = createDecode(options)

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0, max: 100_000, noNaN: true }).map(price => Math.round(price * 100) / 100),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 0.1, 1e21, 1e-7, 999_999_999_999_999, 123_456_789_012_345.6)
)
const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'abcDEF0123-_ '), minLength: 10, maxLength: 40 }),
  fc.string({ maxLength: 8, unit: 'grapheme' })
)
const textOrOther = fc.oneof({ weight: 6, arbitrary: text }, fc.constantFrom(null, true, {}, []), number)
const time = fc.oneof(
  { weight: 8, arbitrary: fc.date({ noInvalidDate: true }).map(date => date.toISOString()) },
  fc.integer({ min: 0, max: 2e12 }),
  textOrOther
)
const money = fc.oneof(
  { weight: 8, arbitrary: number },
  fc.constantFrom('12.99', '007', '1e3', '-1', '€ 5', '1.', ' 2'),
  textOrOther
)
const values = {
  event_time: time,
  event_type: fc.oneof(fc.constantFrom('purchase', 'page_view', 'add_to_cart'), textOrOther),
  event_id: textOrOther,
  session_id: textOrOther,
  order_id: textOrOther,
  product_id: textOrOther,
  country: textOrOther,
  price: money,
  quantity: money,
  currency: fc.oneof(fc.constantFrom('USD', 'EUR', 'usd', 'CHF'), textOrOther),
  note: fc.oneof(textOrOther, fc.boolean(), fc.object())
}
const record = fc.oneof(fc.record(values), fc.record(values, { requiredKeys: ['event_time', 'event_type'] }))
const spacing = fc.constantFrom(undefined, 1, '\t')
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  removed: fc.integer({ min: 0, max: 2 }),
  added: fc.string({
    unit: fc.constantFrom(...'"\\,:{}[]0123456789.eE-+nulltrfas \n\u0000\u0080ü'),
    maxLength: 2
  })
})

describe('what is read from the bytes', () => {
  test('is what a parse of them gives', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 6 }), spacing, (records, space) => {
        const read = createDecodeRecord(options)
        for (const each of records) {
          const json = JSON.stringify(each, null, space)
          expect(keptDecoded(read({ value: Buffer.from(json) }))).toStrictEqual(parse(json))
        }
      }),
      { numRuns: tries(500) }
    )
  })

  test('is what a parse gives even where they are broken', () => {
    fc.assert(
      fc.property(record, fc.array(mutation, { minLength: 1, maxLength: 3 }), (each, mutations) => {
        const read = createDecodeRecord(options)
        const json = JSON.stringify(each)
        read({ value: Buffer.from(json) })
        const broken = mutations.reduce((before, { at, removed, added }) => {
          const place = Math.floor(at * before.length)
          return before.slice(0, place) + added + before.slice(place + removed)
        }, json)
        const bytes = Buffer.from(broken)
        expect(keptDecoded(read({ value: bytes }))).toStrictEqual(parse(bytes))
      }),
      { numRuns: tries(1_500) }
    )
  })

  test('is what lies between its start and its end, and nothing beside it', () => {
    fc.assert(
      fc.property(
        record,
        fc.string({ maxLength: 6 }),
        fc.string({ maxLength: 6 }),
        (each, before, behind) => {
          const json = Buffer.from(JSON.stringify(each))
          const bytes = Buffer.concat([Buffer.from(before), json, Buffer.from(behind)])
          const valueStart = Buffer.byteLength(before)
          for (const cut of [0, 1]) {
            const valueEnd = valueStart + json.length - cut
            const value = bytes.subarray(valueStart, valueEnd)
            const read = createDecodeRecord(options)
            expect(keptDecoded(read({ value, bytes, valueStart, valueEnd }))).toStrictEqual(parse(value))
          }
        }
      ),
      { numRuns: tries(500) }
    )
  })
})
