import { describe, expect, test } from 'vitest'
import { faultBits, type ShopEvent } from '../../../src/decode/types.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const decode = createCheckedDecode({ currency: 'USD', knownCurrencies: new Set(['EUR']), maxBytes: 10_000 })
const asBuffer = (record: unknown): Buffer => Buffer.from(JSON.stringify(record))

const base = { event_time: '2026-11-21T10:00:00Z', event_type: 'purchase', price: 19.99 }
function eventOf(fields: Record<string, unknown>): ShopEvent {
  const decoded = decode(asBuffer({ ...base, ...fields }))
  if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded))
  return decoded.event
}
const reasonOf = (value: Buffer | string | null): string => {
  const decoded = decode(value)
  return decoded.kind === 'dead' ? decoded.reason : decoded.kind
}

describe('an event', () => {
  test('gives every field of the contract', () => {
    const record = {
      event_id: 'e-1',
      event_type: 'purchase',
      event_time: '2026-11-21T10:00:00.250+01:00',
      user_id: 'u-1',
      session_id: 's-1',
      product_id: 'p-1',
      category: 'shoes',
      price: 19.99,
      quantity: 3,
      currency: 'eur',
      order_id: 'o-1',
      payment_method: 'card',
      country: 'DE',
      device: 'mobile',
      unheard_of: { nested: [1] }
    }
    expect(decode(asBuffer(record))).toEqual({
      kind: 'event',
      event: {
        type: 'purchase',
        typeName: 'purchase',
        eventTime: Date.UTC(2026, 10, 21, 9, 0, 0, 250),
        eventId: 'e-1',
        userId: 'u-1',
        sessionId: 's-1',
        productId: 'p-1',
        category: 'shoes',
        orderId: 'o-1',
        paymentMethod: 'card',
        country: 'DE',
        device: 'mobile',
        currency: 'EUR',
        amount: 599_700,
        quantity: 3,
        lines: undefined,
        present: 0b11_1111_1111_1111,
        numeric: 0b01_1000_0000,
        extra: [],
        faults: 0
      }
    })
  })

  test('is the same from a string as from bytes', () => {
    const text = JSON.stringify({ ...base, category: 'Schuhe für Ökö 👟' })
    expect(decode(text)).toEqual(decode(Buffer.from(text)))
    expect(eventOf({ category: 'Schuhe für Ökö 👟' }).category).toBe('Schuhe für Ökö 👟')
  })

  test('of an unknown type counts, with a fault and its name', () => {
    expect(eventOf({ event_type: 'wishlist_add' })).toMatchObject({
      type: 'unknown',
      typeName: 'wishlist_add',
      faults: faultBits.unknown_type
    })
  })

  test('of the year 3000 decodes: whether it is too far ahead is judged elsewhere', () => {
    expect(eventOf({ event_time: '3000-01-01T00:00:00Z' }).eventTime).toBe(Date.UTC(3000, 0, 1))
  })

  test('may have __proto__ as a category and as a key', () => {
    const text = `{"__proto__":{"session_id":"stolen"},"constructor":1,${JSON.stringify({ ...base, category: '__proto__' }).slice(1)}`
    const decoded = decode(Buffer.from(text))
    expect(decoded).toMatchObject({ kind: 'event', event: { category: '__proto__', faults: 0 } })
    expect(decoded.kind === 'event' && decoded.event.sessionId).toBe(undefined)
    expect(({} as { session_id?: string }).session_id).toBe(undefined)
  })

  test('does not inherit the faults of the one before it', () => {
    expect(eventOf({ price: -1, quantity: -1, device: {} }).faults).not.toBe(0)
    expect(eventOf({}).faults).toBe(0)
  })
})

describe('a price', () => {
  test.each(['purchase', 'add_to_cart', 'checkout_started'])(
    'is missed by %s, absent, null or empty',
    event_type => {
      for (const price of [undefined, null, '']) {
        expect(eventOf({ event_type, price })).toMatchObject({
          amount: undefined,
          faults: faultBits.missing_price
        })
      }
    }
  )

  test.each(['page_view', 'search', 'product_view', 'remove_from_cart', 'refund'])(
    'is not missed by %s',
    event_type => {
      expect(eventOf({ event_type, price: undefined })).toMatchObject({ amount: undefined, faults: 0 })
    }
  )

  test.each([-0.01, '-19.99', -1e300])('of %s is negative and gives no amount', price => {
    expect(eventOf({ price })).toMatchObject({ amount: undefined, faults: faultBits.negative_price })
  })

  test.each([
    'NaN',
    'Infinity',
    '-Infinity',
    'free',
    '1,299',
    '0x10',
    '1 1',
    true,
    {},
    [1],
    1e9 + 1,
    '9'.repeat(400)
  ])('of %j is invalid and gives no amount', price => {
    expect(eventOf({ price })).toMatchObject({ amount: undefined, faults: faultBits.invalid_price })
  })

  test.each([
    [19.99, 199_900],
    ['19.99', 199_900],
    [1.005, 10_050],
    [0.1, 1_000],
    [0.00004, 0],
    [0, 0],
    [1e9, 1e13]
  ])('of %j is %i ten-thousandths', (price, amount) => {
    expect(eventOf({ price })).toMatchObject({ amount, faults: 0 })
  })

  test('of -0 is an amount of 0', () => {
    const decoded = decode(`{"event_time":1,"event_type":"purchase","price":-0}`)
    expect(decoded.kind === 'event' && decoded.event.amount).toBe(0)
  })

  test('is rounded before it is multiplied, so that three pieces cost what three single pieces do', () => {
    expect(eventOf({ price: 0.33336, quantity: 3 }).amount).toBe(
      3 * (eventOf({ price: 0.33336 }).amount ?? 0)
    )
  })

  test('whose amount no integer holds exactly is invalid', () => {
    expect(eventOf({ price: 1e9, quantity: 1e6 })).toMatchObject({
      amount: undefined,
      faults: faultBits.invalid_price
    })
  })
})

describe('a quantity', () => {
  test.each([
    [undefined, 1],
    [null, 1],
    ['', 1],
    [2, 2],
    ['3', 3],
    [1.5, 1.5],
    [1e6, 1e6]
  ])('of %j is %d', (quantity, pieces) => {
    expect(eventOf({ price: 1, quantity })).toMatchObject({
      quantity: pieces,
      amount: pieces * 10_000,
      faults: 0
    })
  })

  test.each([0, -1, 1e6 + 1, 'two', 'NaN', false, []])('of %j is invalid and gives no amount', quantity => {
    expect(eventOf({ quantity })).toMatchObject({
      quantity: 1,
      amount: undefined,
      faults: faultBits.invalid_quantity
    })
  })
})

describe('a currency', () => {
  test.each([
    [undefined, 'USD'],
    [null, 'USD'],
    ['', 'USD'],
    ['USD', 'USD'],
    ['usd', 'USD'],
    ['eur', 'EUR']
  ])('of %j is %s', (currency, code) => {
    expect(eventOf({ currency })).toMatchObject({ currency: code, faults: 0 })
  })

  test('without a rate is a fault of a purchase, which keeps its amount', () => {
    expect(eventOf({ currency: 'jpy' })).toMatchObject({
      currency: 'JPY',
      amount: 199_900,
      faults: faultBits.unknown_currency
    })
    expect(eventOf({ event_type: 'page_view', currency: 'JPY' })).toMatchObject({
      currency: 'JPY',
      faults: 0
    })
  })

  test.each(['$', 'undefined', 'null', 'N/A', 'DOLLAR', 'U\u0130D', 978, {}])(
    'of %j is XXX, and mixes with no other',
    currency => {
      expect(eventOf({ currency })).toMatchObject({
        currency: 'XXX',
        amount: 199_900,
        faults: faultBits.invalid_currency | faultBits.unknown_currency
      })
    }
  )
})

describe('a text', () => {
  test('that is a number is turned into a string', () => {
    expect(eventOf({ user_id: 42, country: 1.5, order_id: 0 })).toMatchObject({
      userId: '42',
      country: '1.5',
      orderId: '0',
      faults: 0
    })
  })

  test('that is a number of more digits than a double holds keeps them all', () => {
    const text = `{"event_time":1,"event_type":"purchase","price":1,"order_id":1234567890123456789,"user_id":7}`
    expect(decode(text)).toMatchObject({ event: { orderId: '1234567890123456789', userId: '7' } })
  })

  test.each([true, {}, []])('that is %j is absent and a fault', value => {
    expect(eventOf({ session_id: value, device: value })).toMatchObject({
      sessionId: undefined,
      device: undefined,
      faults: faultBits.invalid_field
    })
  })

  test.each([undefined, null, ''])('that is %j is absent and no fault', value => {
    expect(eventOf({ session_id: value })).toMatchObject({ sessionId: undefined, faults: 0 })
  })

  test('longer than 256 characters is cut, never through a character', () => {
    expect(eventOf({ category: 'x'.repeat(256) }).category).toBe('x'.repeat(256))
    expect(eventOf({ category: 'x'.repeat(257) }).category).toBe('x'.repeat(256))
    expect(eventOf({ category: `${'x'.repeat(255)}👟` }).category).toBe('x'.repeat(255))
    expect(eventOf({ event_type: 'y'.repeat(300) }).typeName).toBe('y'.repeat(256))
  })
})

describe('a dead letter', () => {
  test.each([
    ['invalid_json', Buffer.from('')],
    ['invalid_json', '{"event_type":"purchase"'],
    ['invalid_json', '{"event_time":1,"event_type":"purchase","price":NaN}'],
    ['not_an_object', '[1, "a"]'],
    ['not_an_object', 'null'],
    ['not_an_object', '"purchase"'],
    ['not_an_object', '42'],
    ['missing_event_time', '{}'],
    ['missing_event_time', '{"event_type":"purchase","event_time":null}'],
    ['missing_event_time', '{"event_type":"purchase","event_time":""}'],
    ['invalid_event_time', '{"event_type":"purchase","event_time":"2026-02-30T00:00:00Z"}'],
    ['invalid_event_time', '{"event_type":"purchase","event_time":true}'],
    ['invalid_event_time', '{"event_type":"purchase","event_time":1e400}'],
    ['missing_event_type', '{"event_time":1}'],
    ['missing_event_type', '{"event_time":1,"event_type":""}'],
    ['missing_event_type', '{"event_time":1,"event_type":7.5}'],
    ['missing_event_type', '{"event_time":1,"event_type":true}']
  ])('is %s for %s', (reason, value) => {
    expect(reasonOf(value)).toBe(reason)
  })

  test('is too_large by its bytes, whether they come as bytes or as text', () => {
    const ofBytes = (bytes: number): string => {
      const frame = JSON.stringify({ ...base, note: '' })
      return frame.replace(
        '"note":""',
        `"note":"${'ü'.repeat(Math.floor((bytes - frame.length) / 2))}${'x'.repeat((bytes - frame.length) % 2)}"`
      )
    }
    expect(Buffer.byteLength(ofBytes(10_000))).toBe(10_000)
    expect(reasonOf(ofBytes(10_000))).toBe('event')
    expect(reasonOf(Buffer.from(ofBytes(10_000)))).toBe('event')
    expect(reasonOf(ofBytes(10_001))).toBe('too_large')
    expect(reasonOf(Buffer.from(ofBytes(10_001)))).toBe('too_large')
  })
})
