import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDecode } from '../../../src/decode/decode.ts'
import { native } from '../../../src/decode/layouts/native.ts'
import {
  learnTemplate as learn,
  type SliceableBuffer,
  type TemplateKeys
} from '../../../src/decode/template.ts'
import { templateKeysOf } from '../../../src/decode/templates.ts'
import { tries } from '../../support/tries.ts'

const options = { currency: 'USD', knownCurrencies: new Set(['EUR']), maxBytes: 100_000 }
/** Text is always parsed: what bytes give must equal it. */
const byParse = createDecode(options)

const keys = templateKeysOf(native, []) as TemplateKeys
const learnTemplate = (latin1: string) => learn(latin1, keys)

function read(shape: string, record: string) {
  const bytes = Buffer.from(record) as SliceableBuffer
  return learnTemplate(Buffer.from(shape).toString('latin1'))?.read(bytes, bytes.toString('latin1'))
}

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
const values = {
  event_time: fc.oneof(
    { weight: 8, arbitrary: fc.date({ noInvalidDate: true }).map(date => date.toISOString()) },
    textOrOther
  ),
  event_type: fc.oneof(fc.constantFrom('purchase', 'page_view', 'add_to_cart'), textOrOther),
  session_id: textOrOther,
  order_id: textOrOther,
  price: fc.oneof({ weight: 8, arbitrary: number }, textOrOther),
  quantity: fc.oneof({ weight: 8, arbitrary: number }, textOrOther),
  currency: fc.oneof(fc.constantFrom('USD', 'EUR'), textOrOther),
  note: fc.oneof(textOrOther, fc.boolean())
}
const record = fc.oneof(fc.record(values), fc.record(values, { requiredKeys: ['event_time'] }))
const spacing = fc.constantFrom(undefined, 1, '\t')
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  removed: fc.integer({ min: 0, max: 2 }),
  added: fc.string({
    unit: fc.constantFrom(...'"\\,:{}[]0123456789.eE-+nulltrfas \n\u0000\u0080ü'),
    maxLength: 2
  })
})

describe('bytes of a shape that was learned', () => {
  test('give what a parse of them gives', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 6 }), spacing, (records, space) => {
        const decode = createDecode(options)
        for (const each of records) {
          const json = JSON.stringify(each, null, space)
          expect(decode(Buffer.from(json))).toStrictEqual(byParse(json))
        }
      }),
      { numRuns: tries(500) }
    )
  })

  test('give what a parse gives even where they are broken', () => {
    fc.assert(
      fc.property(record, fc.array(mutation, { minLength: 1, maxLength: 3 }), (each, mutations) => {
        const decode = createDecode(options)
        const json = JSON.stringify(each)
        decode(Buffer.from(json))
        const broken = mutations.reduce((before, { at, removed, added }) => {
          const place = Math.floor(at * before.length)
          return before.slice(0, place) + added + before.slice(place + removed)
        }, json)
        expect(decode(Buffer.from(broken))).toStrictEqual(byParse(Buffer.from(broken).toString()))
      }),
      { numRuns: tries(1_500) }
    )
  })

  test('give numbers to the last bit', () => {
    const shape = '{"price":1}'
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 15), max: 10 ** 15 }),
        fc.integer({ min: 0, max: 12 }),
        (digits, power) => {
          const literal = (digits / 10 ** power).toFixed(power)
          const parsed: { price: number } = JSON.parse(`{"price":${literal}}`)
          const value = read(shape, `{"price":${literal}}`)
          if (value !== undefined) expect(value.price).toBe(parsed.price)
        }
      ),
      { numRuns: tries(1_500) }
    )
  })
})

describe('a template', () => {
  test('matches records of its keys, order and spaces, with null anywhere', () => {
    const shape = '{"event_type":"a","price":1,"x":true}'
    expect(read(shape, '{"event_type":"purchase","price":-0.5,"x":[]}')).toBe(undefined)
    expect(read(shape, '{"event_type":"purchase","price":-0.5,"x":"y"}')).toMatchObject({
      event_type: 'purchase',
      price: -0.5
    })
    expect(read(shape, '{"event_type":null,"price":null,"x":null}')).toMatchObject({
      event_type: undefined,
      price: undefined
    })
    expect(read(shape, '{"price":1,"event_type":"a","x":true}')).toBe(undefined)
    expect(read(shape, '{"event_type": "a","price":1,"x":true}')).toBe(undefined)
  })

  test.each([
    ['a nested value', '{"a":{}}'],
    ['a nested value behind a plain one', '{"price":1,"a":{}}'],
    ['an escape', '{"a":"\\n"}'],
    ['a key twice', '{"a":1,"a":2}'],
    ['a known field that is true', '{"price":true}'],
    ['no object', '[1]'],
    ['an empty object', '{}'],
    ['over 40 keys', JSON.stringify(Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`k${i}`, i])))]
  ])('is not learned from %s', (_, json) => {
    expect(learnTemplate(json)).toBe(undefined)
  })

  test('grows to cover records that leave keys out, whichever came first', () => {
    const [full, short] = ['{"event_id":"e","user_id":"u","price":1}', '{"event_id":"e","price":null}']
    for (const [first, second] of [
      [full, short],
      [short, full]
    ] as const) {
      const template = learnTemplate(first)?.extend(second)
      const readText = (text: string) => template?.read(Buffer.from(text) as SliceableBuffer, text)
      expect(readText('{"event_id":"a","user_id":"b","price":2}')).toMatchObject({ user_id: 'b', price: 2 })
      expect(readText('{"event_id":"a","user_id":null,"price":2.5}')).toMatchObject({
        user_id: undefined,
        price: 2.5
      })
      expect(readText('{"event_id":"a-longer-than-twelve","price":-3}')).toMatchObject({
        event_id: 'a-longer-than-twelve',
        price: -3
      })
      expect(readText('{"event_id":"a","price":3,"user_id":"b"}')).toBe(undefined)
    }
  })

  test.each([
    ['another order', '{"price":1,"event_id":"e"}'],
    ['other spaces', '{"event_id":"e", "price":1}'],
    ['another kind', '{"event_id":7,"price":1}'],
    ['another first key', '{"user_id":"u","event_id":"e","price":1}'],
    ['a nested value', '{"event_id":"e","price":1,"x":{}}']
  ])('does not grow over %s', (_, json) => {
    expect(learnTemplate('{"event_id":"e","price":1}')?.extend(json)).toBe(undefined)
  })

  test('takes a key for what it is, not for a pattern', () => {
    expect(read('{"a.*(b":1,"price":2}', '{"a.*(b":3,"price":4}')).toMatchObject({ price: 4 })
    expect(read('{"a.*(b":1,"price":2}', '{"aXX(b":3,"price":4}')).toBe(undefined)
  })

  test('leaves an id of more digits than a double holds to the parse', () => {
    const decode = createDecode(options)
    const withOrder = (id: string) =>
      decode(Buffer.from(`{"event_time":1,"event_type":"search","order_id":${id}}`))
    expect(withOrder('17')).toMatchObject({ event: { orderId: '17' } })
    expect(withOrder('18')).toMatchObject({ event: { orderId: '18' } })
    expect(withOrder('1234567890123456789')).toMatchObject({ event: { orderId: '1234567890123456789' } })
  })

  test('leaves no value of one record in the next', () => {
    const decode = createDecode(options)
    const full = Buffer.from(
      '{"event_time":"2026-11-21T10:00:00Z","event_type":"purchase","price":1,"order_id":"o"}'
    )
    const empty = Buffer.from('{"event_time":null,"event_type":"purchase","price":null,"order_id":null}')
    decode(full)
    expect(decode(full)).toMatchObject({ event: { orderId: 'o', amount: 10_000 } })
    expect(decode(empty)).toEqual({ kind: 'dead', reason: 'missing_event_time' })
  })
})
