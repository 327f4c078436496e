import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseObject, parseValue } from '../../../src/decode/json.ts'
import { eventTypes } from '../../../src/decode/layout.ts'
import type { Decoded } from '../../../src/decode/types.ts'
import { createCheckedDecode } from '../../support/decoding.ts'
import { createEventSchema, decodeBySchema } from '../../support/event-schema.ts'
import { tries } from '../../support/tries.ts'

const options = { currency: 'USD', knownCurrencies: new Set(['EUR']), maxBytes: 1_000_000 }
const schema = createEventSchema(options)
const decode = createCheckedDecode(options)

function bySchema(text: string): Decoded {
  const record = parseObject(text)
  return typeof record === 'string'
    ? { kind: 'dead', reason: record }
    : decodeBySchema(schema, record, Object(parseValue(text, ids)))
}
const ids = new Set(['event_id', 'user_id', 'session_id', 'product_id', 'order_id'])

const digits = (count: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count })
const isoLike = fc
  .record({
    year: fc.oneof(fc.constantFrom('2026', '2024', '1970', '9999', '0000'), digits(4)),
    month: fc.oneof(fc.constantFrom('02', '11', '12', '01'), digits(2)),
    day: fc.oneof(fc.constantFrom('28', '29', '30', '31'), digits(2)),
    separator: fc.constantFrom('T', 'T', 'T', ' ', 't'),
    hour: fc.oneof(fc.constantFrom('00', '23', '24'), digits(2)),
    minute: fc.oneof(fc.constantFrom('00', '59', '60'), digits(2)),
    second: fc.oneof(fc.constantFrom('00', '59', '60'), digits(2)),
    fraction: fc.oneof(
      fc.constantFrom('', '.', '.5', '.123456789', '.1234567890'),
      digits(4).map(d => `.${d}`)
    ),
    zone: fc.oneof(
      fc.constantFrom(
        'Z',
        '',
        '+02:00',
        '-23:59',
        '+24:00',
        '+0530',
        '+05',
        '+05:3',
        'ZZ',
        'z',
        ' UTC',
        ' UT',
        ' utc',
        ' UTCX',
        ' '
      ),
      digits(4).map(d => `+${d}`)
    )
  })
  .map(
    p => `${p.year}-${p.month}-${p.day}${p.separator}${p.hour}:${p.minute}:${p.second}${p.fraction}${p.zone}`
  )

const numberLike = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ min: 0, max: 2e6 }),
  fc.constantFrom(-0, 1e9, 1e9 + 1, 1e6, 1e11, 99_999_999_999, 253_402_300_799_999, 253_402_300_800_000)
)
const numeric = fc.oneof(numberLike, numberLike.map(String))
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', minLength: 250, maxLength: 300, size: 'max' }),
  fc.constantFrom('__proto__', '', 'constructor', '\u0000', 'a"b\\c', '\ud83d')
)
const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), numeric, text)
const epoch = fc.oneof(
  fc.double({ min: 0, max: 2e9, noNaN: true }),
  fc.double({ min: 1e11, max: 3e14, noNaN: true }),
  fc.integer({ min: 0, max: 2_000_000_000 })
)
const time = fc.oneof(isoLike, epoch, epoch.map(String), fc.date().map(String), anything)
const type = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<string>(...eventTypes) },
  { weight: 1, arbitrary: anything }
)
const valid = {
  event_time: fc.constant('2026-11-21T10:00:00.123Z'),
  event_type: fc.constantFrom<string>(...eventTypes)
}
const currency = fc.oneof(fc.constantFrom('USD', 'EUR', 'eur', 'JPY', 'XXX', 'us', ''), anything)
const business = {
  event_id: anything,
  user_id: anything,
  session_id: text,
  product_id: anything,
  category: text,
  price: fc.oneof(numeric, anything),
  quantity: fc.oneof(fc.integer({ min: 1, max: 5 }), numeric, anything),
  currency,
  order_id: anything,
  payment_method: anything,
  country: text,
  device: anything,
  ['__proto__']: anything,
  unheard_of: anything
}

describe('the decoder and the contract', () => {
  test('agree on events whose business fields are arbitrary', () => {
    agreeOver(fc.record({ ...business, ...valid }, { requiredKeys: ['event_time', 'event_type'] }))
  })

  test('agree on records whose time and type are near to valid ones', () => {
    agreeOver(fc.record({ ...business, event_time: time, event_type: type }, { requiredKeys: [] }))
  })

  test('agree on times alone', () => {
    agreeOver(fc.record({ event_time: time, event_type: fc.constant('page_view') }), tries(1_000))
  })

  test('agree on arbitrary JSON but lists, which are several events', () => {
    agreeOver(fc.jsonValue().filter(value => !Array.isArray(value)))
  })

  test('agree on ids of any number of digits', () => {
    const id = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
    fc.assert(
      fc.property(id, order => {
        const record = `{"event_time":1,"event_type":"purchase","order_id":${order}}`
        expect(decode(record)).toMatchObject({ event: { orderId: order.toString() } })
        expect(decode(record)).toEqual(bySchema(record))
      })
    )
  })
})

describe('the contract', () => {
  test('describes every field', () => {
    const fields = Object.entries(schema.in.shape)
    expect(fields).toHaveLength(14)
    for (const [name, field] of fields) expect(field.description, name).toMatch(/\.$/)
  })
})

function agreeOver(records: fc.Arbitrary<unknown>, numRuns = tries(400)): void {
  fc.assert(
    fc.property(records, record => {
      const json = JSON.stringify(record)
      expect(decode(json)).toStrictEqual(bySchema(json))
      expect(decode(Buffer.from(json))).toStrictEqual(bySchema(Buffer.from(json).toString()))
    }),
    { numRuns }
  )
}
