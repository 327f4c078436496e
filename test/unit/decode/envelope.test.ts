import { describe, expect, test } from 'vitest'
import { segment } from '../../../src/decode/layouts/segment.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const options = { currency: 'USD', knownCurrencies: new Set<string>(), maxBytes: 10_000 }
const decode = createCheckedDecode(options)

const plain = {
  event_id: 'e-1',
  event_type: 'purchase',
  event_time: '2026-11-21T10:00:00Z',
  price: 5,
  order_id: 'o-1'
}
const expected = decode(JSON.stringify(plain))
const framed = (body: string | Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 0, 42]), Buffer.from(body)])

describe('a record framed by a schema registry', () => {
  test('is read as the JSON within, by parse and by template', () => {
    const fresh = createCheckedDecode(options)
    for (let times = 0; times < 3; times++) expect(fresh(framed(JSON.stringify(plain)))).toEqual(expected)
    expect(decode(framed(` \n${JSON.stringify(plain)}`))).toEqual(expected)
    expect(decode(framed(JSON.stringify(plain)).toString('latin1'))).toEqual(expected)
  })

  test.each([
    ['Avro', Buffer.from([0x02, 0x06, 0x61, 0x62, 0x63])],
    ['Protobuf', Buffer.from([0x00, 0x0a, 0x03, 0x61, 0x62, 0x63])],
    ['nothing', Buffer.alloc(0)]
  ])('that holds %s is a dead letter of its own reason', (_, body) => {
    expect(decode(framed(body))).toEqual({ kind: 'dead', reason: 'unsupported_encoding' })
  })

  test('that is cut within its frame is unsupported, and broken JSON in it is invalid', () => {
    expect(decode(Buffer.from([0]))).toEqual({ kind: 'dead', reason: 'unsupported_encoding' })
    expect(decode(framed('{"event_type":'))).toEqual({ kind: 'dead', reason: 'invalid_json' })
  })
})

describe('a CloudEvent', () => {
  const wrapped = (data: unknown, more: object = {}) =>
    decode(JSON.stringify({ specversion: '1.0', source: '/shop', ...more, data }))

  test('is read as its data', () => {
    expect(wrapped(plain, { id: 'outer', type: 'outer', time: '2000-01-01T00:00:00Z' })).toEqual(expected)
  })

  test('stands in with its time, type and id where the data has none', () => {
    const { event_id, event_type, event_time, ...data } = plain
    expect(wrapped(data, { id: event_id, type: event_type, time: event_time })).toEqual(expected)
  })

  test('without any time is dead', () => {
    const { event_time: _, ...data } = plain
    expect(wrapped(data)).toEqual({ kind: 'dead', reason: 'missing_event_time' })
  })

  test('whose data is in base64 is read as that', () => {
    const data_base64 = Buffer.from(JSON.stringify(plain)).toString('base64')
    for (let times = 0; times < 3; times++)
      expect(decode(Buffer.from(JSON.stringify({ specversion: '1.0', id: 'a', data_base64 })))).toEqual(
        expected
      )
    expect(wrapped(undefined, { ...plain, data_base64: 'AAEC' })).toEqual(expected)
  })

  test.each([['{}'], [null], [[plain]]])('whose data is %j is read as it stands', data => {
    expect(wrapped(data, plain)).toEqual(expected)
  })
})

describe('a record of Kafka Connect', () => {
  const schema = { type: 'struct', fields: [] }

  test('is read as its payload', () => {
    expect(decode(JSON.stringify({ schema, payload: plain }))).toEqual(expected)
    expect(decode(JSON.stringify({ schema: null, payload: plain }))).toEqual(expected)
  })

  test('whose payload is a CloudEvent is read as its data', () => {
    expect(decode(JSON.stringify({ schema, payload: { specversion: '1.0', data: plain } }))).toEqual(expected)
  })

  test('is none where it has other keys: a shop may call its own so', () => {
    expect(decode(JSON.stringify({ schema, payload: { event_type: 'search' }, ...plain }))).toEqual(expected)
    expect(decode(JSON.stringify({ payload: { event_type: 'search' }, ...plain }))).toEqual(expected)
  })
})

test('a layout is looked for within the envelope', () => {
  const bySegment = createCheckedDecode({ ...options, layout: segment })
  const record = { timestamp: '2026-11-21T10:00:00Z', event: 'Products Searched', anonymousId: 'a-1' }
  const inner = bySegment(JSON.stringify(record))
  expect(inner).toMatchObject({ kind: 'event', event: { type: 'search', userId: 'a-1', faults: 0 } })
  expect(bySegment(framed(JSON.stringify({ specversion: '1.0', data: record })))).toEqual(inner)
})
