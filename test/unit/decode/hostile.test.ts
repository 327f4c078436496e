import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layouts } from '../../../src/decode/layouts/catalogue.ts'
import { faultBits } from '../../../src/decode/types.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const decode = createCheckedDecode({ currency: 'USD', knownCurrencies: new Set(), maxBytes: 10_000_000 })
const head = '"event_time":"2026-11-21T10:00:00Z","event_type":"purchase"'

describe('a hostile record', () => {
  test('of 5 MB within the limit is an event whose fields stay small', () => {
    const decoded = decode(Buffer.from(`{${head},"price":1,"category":"${'x'.repeat(5_000_000)}"}`))
    expect(decoded).toMatchObject({ kind: 'event', event: { category: 'x'.repeat(256), amount: 10_000 } })
  })

  test('of 5 MB beyond the limit is too large, broken or not', () => {
    const narrow = createCheckedDecode({ currency: 'USD', knownCurrencies: new Set(), maxBytes: 1_000_000 })
    expect(narrow(Buffer.alloc(5_000_000, '{'))).toEqual({ kind: 'dead', reason: 'too_large' })
    expect(narrow('x'.repeat(5_000_000))).toEqual({ kind: 'dead', reason: 'too_large' })
  })

  test.each(['[', '{"a":'])('nested 10,000 deep by %j is judged like any other', bracket => {
    const close = bracket === '[' ? ']' : '}'
    const nest = `${bracket.repeat(10_000)}1${close.repeat(10_000)}`
    expect(decode(Buffer.from(`{${head},"price":1,"device":${nest}}`))).toMatchObject({
      kind: 'event',
      event: { device: undefined, faults: faultBits.invalid_field }
    })
    expect(decode(Buffer.from(`{${head},"order_id":12345678901234567890,"x":${nest}}`)).kind).toBe('event')
    expect(decode(Buffer.from(bracket.repeat(1_000_000)))).toEqual({ kind: 'dead', reason: 'invalid_json' })
  })

  test('with a byte order mark is read, with two is not', () => {
    expect(decode(Buffer.from(`\ufeff{${head},"price":1}`)).kind).toBe('event')
    expect(decode(`\ufeff{${head},"price":1}`).kind).toBe('event')
    expect(decode(Buffer.from(`\ufeff\ufeff{${head}}`))).toEqual({ kind: 'dead', reason: 'invalid_json' })
  })

  test('with a key twice has the last value', () => {
    expect(decode(Buffer.from(`{${head},"price":-1,"category":"a","price":2,"category":"b"}`))).toMatchObject(
      {
        event: { amount: 20_000, category: 'b', faults: 0 }
      }
    )
  })

  test('with a key in escapes has that key', () => {
    expect(decode(Buffer.from(`{${head},"pr\\u0069ce":3}`))).toMatchObject({ event: { amount: 30_000 } })
  })

  test('with a null character keeps it where JSON allows it', () => {
    expect(decode(Buffer.from(`{${head},"price":1,"category":"a\\u0000b"}`))).toMatchObject({
      event: { category: 'a\u0000b' }
    })
    expect(decode(Buffer.from(`{${head},"category":"a\u0000b"}`))).toEqual({
      kind: 'dead',
      reason: 'invalid_json'
    })
  })

  test.each([
    ['1e400', faultBits.invalid_price],
    ['-1e400', faultBits.invalid_price],
    ['1e308', faultBits.invalid_price],
    ['-1e308', faultBits.negative_price],
    ['1e-400', 0],
    ['-0', 0],
    ['-0.0', 0],
    ['9'.repeat(1_000), faultBits.invalid_price]
  ])('with the price %s has its fault', (price, faults) => {
    const decoded = decode(Buffer.from(`{${head},"price":${price}}`))
    expect(decoded).toMatchObject({ kind: 'event', event: { faults, amount: faults === 0 ? 0 : undefined } })
  })

  test.each(['01', '1.', '.5', '+1', '0x1', '1e', 'NaN', 'Infinity', '-', "'1'", 'undefined', '1 2', '1,'])(
    'with the price %s is no JSON',
    price => {
      expect(decode(Buffer.from(`{${head},"price":${price}}`))).toEqual({
        kind: 'dead',
        reason: 'invalid_json'
      })
    }
  )

  test('of invalid UTF-8 is read with its bytes replaced', () => {
    const bytes = Buffer.concat([
      Buffer.from(`{${head},"price":1,"category":"a`),
      Buffer.from([0xff, 0xc0]),
      Buffer.from('b"}')
    ])
    expect(decode(bytes)).toMatchObject({ kind: 'event', event: { category: 'a\ufffd\ufffdb' } })
  })

  test('of UTF-16 is no JSON', () => {
    expect(decode(Buffer.from(`{${head}}`, 'utf16le'))).toEqual({ kind: 'dead', reason: 'invalid_json' })
  })

  test('in white space, and followed by it, is read; followed by anything else it is no JSON', () => {
    expect(decode(Buffer.from(` \t\r\n{ ${head} , "price" : 1 } \n`))).toMatchObject({
      event: { amount: 10_000 }
    })
    expect(decode(Buffer.from(`{${head}}]`))).toEqual({ kind: 'dead', reason: 'invalid_json' })
  })

  test('whose time is in the year 3000 is read, twice alike', () => {
    const value = Buffer.from('{"event_time":"3000-01-01T00:00:00Z","event_type":"search"}')
    expect(decode(value)).toEqual(decode(value))
    expect(decode(value)).toMatchObject({ event: { eventTime: Date.UTC(3000, 0, 1) } })
  })

  test('leaves nothing of its buffer in the event', () => {
    const buffer = Buffer.from(`{${head},"price":1,"session_id":"s-1234567890123456"}`)
    const decoded = decode(buffer)
    buffer.fill(0)
    expect(decoded).toMatchObject({ event: { sessionId: 's-1234567890123456', typeName: 'purchase' } })
  })
})

describe('a hostile record of lists', () => {
  const decodeIn = (layout: keyof typeof layouts) =>
    createCheckedDecode({
      currency: 'USD',
      knownCurrencies: new Set(),
      maxBytes: 10_000_000,
      layout: layouts[layout]
    })
  const ga4Head = '"event_timestamp":1763719200000000,"event_name":"purchase"'

  test.each([
    '{"toString":1,"valueOf":1}',
    '{"__proto__":null,"toString":{}}',
    `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    'null'
  ])('whose parameter is named %.40s is read as if it had no name', key => {
    const event = `{${ga4Head},"event_params":[{"key":${key},"value":{"string_value":"EUR"}},
      {"key":"currency","value":{"string_value":"USD"}}]}`
    expect(decodeIn('ga4')(Buffer.from(event))).toMatchObject({ kind: 'event', event: { currency: 'USD' } })
  })

  test('has the first 1,000 products, and a fault where there are more', () => {
    const products = (count: number) => Array(count).fill('{"price":1}').join(',')
    const event = (count: number) => decodeIn('ga4')(`{${ga4Head},"items":[${products(count)}]}`)
    expect(event(1_000)).toMatchObject({ event: { amount: 10_000_000, quantity: 1_000, faults: 0 } })
    expect(event(1_001)).toMatchObject({
      event: { amount: 10_000_000, quantity: 1_000, faults: faultBits.invalid_field }
    })
  })
})

describe.each(Object.entries(layouts))('a hostile record in the layout %s', (_, layout) => {
  const decodeIn = createCheckedDecode({
    currency: 'USD',
    knownCurrencies: new Set(),
    maxBytes: 10_000_000,
    layout
  })

  test('never throws, whatever lies where its fields are', () => {
    const names = [...new Set(JSON.stringify(Object.values(layout.fields)).match(/\w+/g))]
    const key = fc.constantFrom(
      ...names,
      'key',
      'value',
      '__proto__',
      'constructor',
      'toString',
      'specversion',
      'data'
    )
    const leaf = fc.oneof(
      fc.constantFrom('2026-11-21T10:00:00Z', ...Object.keys(layout.eventTypes), ...names, '', null, 1e300),
      fc.integer(),
      fc.jsonValue({ maxDepth: 1 })
    )
    const { record } = fc.letrec<{ record: unknown }>(tie => ({
      record: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.dictionary(key, tie('record'), { maxKeys: 6 }),
        fc.array(tie('record'), { maxLength: 3 })
      )
    }))
    fc.assert(
      fc.property(fc.dictionary(key, record), fc.boolean(), (value, isFramed) => {
        const json = Buffer.from(JSON.stringify(value))
        const bytes = isFramed ? Buffer.concat([Buffer.alloc(5), json]) : json
        expect(decodeIn(bytes)).toStrictEqual(decodeIn(bytes))
      }),
      { numRuns: 500 }
    )
    expect(({} as { value?: unknown }).value).toBe(undefined)
  })

  test.each(['[', '{"data":', '{"payload":', '{"properties":', '{"items":['])(
    'nested 10,000 deep by %j is none of its events',
    bracket => {
      const closing = [...bracket]
        .reverse()
        .map(each => ({ '[': ']', '{': '}' })[each] ?? '')
        .join('')
      const nest = `${bracket.repeat(10_000)}1${closing.repeat(10_000)}`
      expect(decodeIn(Buffer.from(`{"specversion":"1.0","schema":1,"payload":${nest}}`)).kind).toBe('dead')
    }
  )
})
