import { describe, expect, test } from 'vitest'
import type { Layout } from '../../../../src/decode/layout.ts'
import { ga4 } from '../../../../src/decode/layouts/ga4.ts'
import { native } from '../../../../src/decode/layouts/native.ts'
import { createExamples } from '../../../../src/decode/stream/example.ts'
import { createStreamWatch } from '../../../../src/decode/stream/stream-watch.ts'
import { createCheckedDecode } from '../../../support/decoding.ts'

function watching(layout: Layout = native) {
  const decode = createCheckedDecode({
    currency: 'USD',
    knownCurrencies: new Set(['USD']),
    maxBytes: 10_000,
    layout
  })
  let examples = 0
  const exampleOf = createExamples(layout)
  const watch = createStreamWatch({
    layout,
    currency: 'USD',
    exampleOf: (value, what) => {
      examples++
      return exampleOf(value, what)
    }
  })
  return {
    take(record: unknown, times = 1): number {
      const value =
        record === null ? null : Buffer.from(typeof record === 'string' ? record : JSON.stringify(record))
      let due = 0
      for (let count = 0; count < times; count++) if (watch.observe(decode(value), { value })) due++
      return due
    },
    reject: (record: object) => watch.reject(Buffer.from(JSON.stringify(record))),
    repeat: watch.repeat,
    sentences: (of: 'recent' | 'all' = 'recent') => watch.health(of).problems.map(({ sentence }) => sentence),
    isUsable: () => watch.health('recent').isUsable,
    examples: () => examples
  }
}

const view = { event_time: 1, event_type: 'page_view' }
const purchase = { event_time: 1, event_type: 'purchase', price: 5, currency: 'USD' }

describe('a stream without faults', () => {
  test('has no problems, whatever its tombstones and the prices of other events', () => {
    const { take, sentences, isUsable } = watching()
    take(view, 30)
    take(purchase, 30)
    take(null, 500)
    take({ ...view, event_type: 'add_to_cart' }, 30)
    expect(sentences()).toEqual([])
    expect(isUsable()).toBe(true)
  })
})

describe('what is wrong is said with its share and an example', () => {
  test.each<[object, string]>([
    [
      { price: '€ 1.299' },
      '25 % of the purchases have a price that cannot be read (invalid_price, in price), for example € 1.299: it could be two numbers: set events.decimal: point or comma'
    ],
    [{ price: null }, '25 % of the purchases have no price (in price)'],
    [{ price: -2 }, '25 % of the purchases have a price below 0 (in price), for example -2'],
    [
      { quantity: 'two' },
      '25 % of the purchases have a quantity that is none (in quantity), for example two'
    ],
    [
      { currency: 'undefined' },
      '25 % of the purchases have a currency that is none (invalid_currency, in currency), for example undefined'
    ],
    [
      { currency: 'EUR' },
      '25 % of the purchases are in EUR, and currency is USD: set currency: USD, and a rate for EUR in rates'
    ],
    [
      { country: true },
      '25 % of the purchases have a field that is no text (invalid_field), for example true'
    ]
  ])('%j', (fault, sentence) => {
    const { take, sentences } = watching()
    take(view, 500)
    take(purchase, 30)
    take({ ...purchase, ...fault }, 10)
    expect(sentences()).toEqual([sentence])
  })

  test.each<[unknown, string]>([
    [
      { ...view, event_time: '11/20/2026 08:00' },
      'every record is a dead letter (invalid_event_time), for example 11/20/2026 08:00: set events.date_order: month_first'
    ],
    ['nonsense', 'every record is a dead letter (invalid_json), for example nonsense'],
    [
      { at: 1, kind: 'x' },
      'every record is a dead letter (missing_event_time), for example a record with at, kind'
    ],
    ['[1]', 'every record is a dead letter (not_an_object), for example [1]'],
    [
      '\u0000\u0000\u0000\u0000\u0007\u0002avro',
      'every record is a dead letter (unsupported_encoding), for example a frame with schema id 7'
    ]
  ])('%j', (record, sentence) => {
    const { take, sentences, isUsable } = watching()
    take(record, 19)
    expect(isUsable()).toBe(true)
    take(record)
    expect(isUsable()).toBe(false)
    expect(sentences()).toEqual([sentence])
  })

  test('by the place that the layout names', () => {
    const { take, sentences } = watching(ga4)
    take({ event_timestamp: 1, event_name: 'purchase', items: [{ price: '1,299' }, { price: 2 }] }, 30)
    expect(sentences()).toEqual([
      'all purchases have a price that cannot be read (invalid_price, in items[].price), for example 1,299: it could be two numbers: set events.decimal: point or comma'
    ])
  })

  test('dead letters first, then by frequency; what is rarer than one percent is not', () => {
    const { take, sentences } = watching()
    take(purchase, 200)
    take({ ...purchase, price: null }, 4)
    take({ ...purchase, quantity: 0 }, 8)
    take({ ...purchase, price: -1 }, 1)
    take('nonsense', 3)
    expect(sentences()).toEqual([
      '1 % of the records are dead letters (invalid_json), for example nonsense',
      '4 % of the purchases have a quantity that is none (in quantity), for example 0',
      '2 % of the purchases have no price (in price)'
    ])
  })

  test('never as all where it is not all', () => {
    const { take, sentences } = watching()
    take(view)
    take('nonsense', 900)
    expect(sentences()[0]).toMatch(/^99 % of the records are dead letters/)
  })
})

describe('a stream that can be used, or not', () => {
  test('is of no use where every type is unknown, and of use from the first event on that is known', () => {
    const { take, sentences, isUsable } = watching()
    take({ ...view, event_type: 'Klick' }, 50)
    expect(isUsable()).toBe(false)
    expect(sentences()).toEqual(['every event has an unknown type (in event_type), for example Klick'])
    take(view)
    expect(isUsable()).toBe(true)
  })

  test('is of no use where every time is too far ahead of its record', () => {
    const { take, reject, sentences, isUsable } = watching()
    for (let count = 0; count < 25; count++) {
      take(view)
      reject(view)
    }
    expect(isUsable()).toBe(false)
    expect(sentences()).toEqual(['every record is a dead letter (future_event_time), for example 1'])
  })
})

describe('what is past', () => {
  test('is forgotten by the newest records, with its example, and kept in all', () => {
    const { take, sentences } = watching()
    take({ ...purchase, price: 'old' }, 1_000)
    take({ ...purchase, price: 'new' }, 500)
    take(purchase, 600)
    expect(sentences()).toEqual([
      expect.stringMatching(/^\d\d % of the purchases have a price that cannot be read .* for example new$/)
    ])
    take(purchase, 1_000)
    expect(sentences()).toEqual([])
    expect(sentences('all')).toEqual([
      '48 % of the purchases have a price that cannot be read (invalid_price, in price), for example new'
    ])
  })

  test('costs an example a fault and a stretch, however many records are wrong', () => {
    const { take, examples } = watching()
    take({ ...purchase, price: null, quantity: 0 }, 5_000)
    expect(examples()).toBe(10)
  })
})

test('several events of a record count each, with their own example', () => {
  const { take, sentences } = watching()
  take([purchase, { ...purchase, price: 'free' }, { event_time: 'soon', event_type: 'purchase' }], 10)
  expect(sentences()).toEqual([
    '33 % of the records are dead letters (invalid_event_time), for example soon',
    '50 % of the purchases have a price that cannot be read (invalid_price, in price), for example free'
  ])
})

test('problems are due to be told after 5, 20 and 100 purchases, 20 and 100 records, and each stretch', () => {
  const { take } = watching()
  expect(take(view, 19)).toBe(0)
  expect(take(view)).toBe(1)
  expect(take(view, 200)).toBe(1)
  expect(take(purchase, 4)).toBe(0)
  expect(take(purchase)).toBe(1)
  expect(take(view, 50)).toBe(0)
  expect(take(purchase, 100)).toBe(2)
  expect(take(view, 700)).toBe(1)
})

test('orders that came before are told of with their share of the purchases and one of them', () => {
  const watch = watching()
  const purchase = { event_type: 'purchase', event_time: 1_795_255_872_345, order_id: 'o-1', price: 1 }
  watch.take(purchase, 20)
  watch.repeat(2, 'o-1\u001b[2J')
  expect(watch.sentences()).toEqual([
    '10 % of the purchases are of an order that came before, and count once (repeated_order, by order_id), for example o-1\\u001b[2J'
  ])
})
