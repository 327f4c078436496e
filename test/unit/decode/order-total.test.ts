import { describe, expect, test } from 'vitest'
import type { Layout } from '../../../src/decode/layout.ts'
import { ga4 } from '../../../src/decode/layouts/ga4.ts'
import { native } from '../../../src/decode/layouts/native.ts'
import { faultBits, type ShopEvent } from '../../../src/decode/types.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const shop: Layout = {
  ...native,
  fields: {
    ...native.fields,
    product_id: ['items[].sku'],
    price: ['items[].price', 'price'],
    quantity: ['items[].qty', 'quantity'],
    order_total: ['total']
  }
}

function eventBy(layout: Layout, record: object): ShopEvent {
  const decode = createCheckedDecode({
    currency: 'USD',
    knownCurrencies: new Set(),
    maxBytes: 10_000,
    layout
  })
  const decoded = decode(Buffer.from(JSON.stringify(record)))
  if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded))
  return decoded.event
}
const order = (more: object, type = 'purchase') =>
  eventBy(shop, { event_time: 1, event_type: type, total: '59.90', ...more })

describe("an order's total", () => {
  test('is the money of a purchase without a price, whatever its quantity', () => {
    expect(order({ quantity: 3 })).toMatchObject({
      amount: 599_000,
      quantity: 3,
      faults: 0,
      lines: undefined
    })
  })

  test('is a line of its own where the lines have no price', () => {
    const { amount, quantity, lines, faults } = order({ items: [{ sku: 'a', qty: 2 }, { sku: 'b' }] })
    expect({ amount, quantity, faults }).toEqual({ amount: 599_000, quantity: 3, faults: 0 })
    expect(lines).toEqual([
      { productId: 'a', category: undefined, amount: undefined, quantity: 2 },
      { productId: 'b', category: undefined, amount: undefined, quantity: 1 },
      { productId: undefined, category: undefined, amount: 599_000, quantity: 0 }
    ])
  })

  test('is not used where a line has a price', () => {
    const event = order({ items: [{ sku: 'a', price: 20 }, { sku: 'b' }] })
    expect(event).toMatchObject({ amount: 200_000, faults: faultBits.missing_price })
    expect(order({ price: 20 })).toMatchObject({ amount: 200_000, faults: 0 })
  })

  test('stands for a price that cannot be read, which stays a fault', () => {
    expect(order({ price: '2,480' })).toMatchObject({ amount: 599_000, faults: faultBits.invalid_price })
  })

  test('that is missing, wrong or negative gives no amount, and says so', () => {
    expect(order({ total: null })).toMatchObject({ amount: undefined, faults: faultBits.missing_price })
    expect(order({ total: 'much' })).toMatchObject({
      amount: undefined,
      faults: faultBits.missing_price | faultBits.invalid_price
    })
    expect(order({ total: -1 })).toMatchObject({
      amount: undefined,
      faults: faultBits.missing_price | faultBits.negative_price
    })
  })

  test('is read as prices are', () => {
    expect(order({ total: { centAmount: 5990, currencyCode: 'EUR' } })).toMatchObject({
      amount: 599_000,
      currency: 'EUR'
    })
  })

  test('is that of a refund too, and of no event without money', () => {
    expect(order({}, 'refund')).toMatchObject({ amount: 599_000 })
    expect(order({}, 'page_view')).toMatchObject({ amount: undefined, faults: 0 })
  })

  test('of Google Analytics is the value of the purchase', () => {
    const purchase = {
      event_name: 'purchase',
      event_timestamp: '1795255200000000',
      event_params: [
        { key: 'currency', value: { string_value: 'USD' } },
        { key: 'value', value: { double_value: 59.9 } }
      ],
      items: []
    }
    expect(eventBy(ga4, purchase)).toMatchObject({ amount: 599_000, faults: 0 })
    const exported = { ...purchase, event_params: [], ecommerce: { purchase_revenue: 59.9 } }
    expect(eventBy(ga4, { ...exported, items: [{ item_id: 'a' }, { item_id: 'b' }] })).toMatchObject({
      amount: 599_000
    })
  })
})
