import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { native } from '../../../src/decode/layouts/native.ts'
import { type DecodeOptions, faultBits, type ShopEvent } from '../../../src/decode/types.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const options = { currency: 'USD', knownCurrencies: new Set<string>(), maxBytes: 1_000_000 }
const listed = {
  ...native,
  fields: {
    ...native.fields,
    product_id: ['basket.lines[].product.sku', 'product_id'],
    category: ['basket.lines[].category', 'category'],
    price: ['basket.lines[].price', 'price'],
    quantity: ['basket.lines[].quantity', 'quantity']
  }
}
const head = { event_time: 1, event_type: 'purchase', order_id: 'o-1' }

const eventBy = (more: Partial<DecodeOptions>) => {
  const decode = createCheckedDecode({ ...options, ...more })
  return (record: object | string): ShopEvent => {
    const decoded = decode(typeof record === 'string' ? record : JSON.stringify(record))
    if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded))
    return decoded.event
  }
}
const byList = eventBy({ layout: listed })
const flat = eventBy({})
const withLines = (lines: readonly unknown[]) => byList({ ...head, basket: { lines } })

describe('an event with several products', () => {
  test('has in each line what an event of that product alone has, and the faults of all', () => {
    const line = fc.record(
      {
        category: fc.oneof(fc.constantFrom('shoes', '', null), fc.integer(), fc.constant([])),
        price: fc.oneof(fc.constantFrom(-1, 'free', null, '19.99', 2e9), fc.double({ min: 0, max: 1e6 })),
        quantity: fc.oneof(fc.constantFrom(0, null, '2', 'two'), fc.integer({ min: 1, max: 9 }))
      },
      { requiredKeys: [] }
    )
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 5 }), lines => {
        const event = withLines(lines)
        const alone = lines.map(each => flat({ ...head, ...each }))
        const amounts = alone.flatMap(({ amount }) => amount ?? [])
        expect(event.lines).toEqual(
          alone.map(({ productId, category, amount, quantity }) => ({
            productId,
            category,
            amount,
            quantity
          }))
        )
        expect(event).toMatchObject({
          productId: undefined,
          category: undefined,
          orderId: 'o-1',
          amount: amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0),
          quantity: alone.reduce((sum, { quantity }) => sum + quantity, 0),
          faults: alone.reduce((all, { faults }) => all | faults, 0),
          present: alone.reduce((all, { present }) => all | present, 0),
          numeric: alone.reduce((all, { numeric }) => all | numeric, 0)
        })
      }),
      { numRuns: 1_000 }
    )
  })

  test('of one product is that product', () => {
    expect(withLines([{ product: { sku: 'p-1' }, category: 'shoes', price: 2, quantity: 3 }])).toMatchObject({
      productId: 'p-1',
      category: 'shoes',
      amount: 60_000,
      quantity: 3,
      lines: undefined,
      faults: 0
    })
  })

  test.each([[[]], [null], ['none'], [{ price: 1 }]])('whose list is %j is what the record says', lines => {
    expect(byList({ ...head, product_id: 'p-9', price: 4, basket: { lines } })).toMatchObject({
      productId: 'p-9',
      amount: 40_000,
      lines: undefined,
      faults: 0
    })
  })

  test('may list what is no product: a line without anything', () => {
    expect(withLines([null, 7, { price: 1 }])).toMatchObject({
      lines: [{ amount: undefined }, { amount: undefined }, { amount: 10_000 }],
      amount: 10_000,
      faults: faultBits.missing_price
    })
  })

  test('whose sum no integer holds exactly leaves out the line that is too much', () => {
    const large = { price: 1e9, quantity: 500 }
    expect(withLines([large, large])).toMatchObject({
      lines: [{ amount: 5e15 }, { amount: undefined }],
      amount: 5e15,
      faults: faultBits.invalid_price
    })
  })

  test('shares what the layout has in no line', () => {
    const byRecord = eventBy({
      layout: { ...listed, fields: { ...listed.fields, category: ['category'], quantity: [] } }
    })
    expect(
      byRecord({ ...head, category: 'gifts', quantity: 5, basket: { lines: [{ price: 1 }, { price: 2 }] } })
        .lines
    ).toMatchObject([
      { category: 'gifts', amount: 10_000, quantity: 1 },
      { category: 'gifts', amount: 20_000, quantity: 1 }
    ])
  })

  test('keeps the digits of long ids in its lines', () => {
    const event = byList(
      '{"event_time":1,"event_type":"purchase","basket":{"lines":[' +
        '{"price":1,"product":{"sku":1234567890123456789}},{"price":1,"product":{"sku":1234567890123456788}}]}}'
    )
    expect(event.lines?.map(({ productId }) => productId)).toEqual([
      '1234567890123456789',
      '1234567890123456788'
    ])
  })
})
