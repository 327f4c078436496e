import { describe, expect, test } from 'vitest'
import { type ContractField, contractFields } from '../../../../src/decode/layout.ts'
import { type LayoutName, layouts } from '../../../../src/decode/layouts/catalogue.ts'
import { type EventLine, faultBits, type ShopEvent } from '../../../../src/decode/types.ts'
import { createCheckedDecode } from '../../../support/decoding.ts'

const decoders = new Map(
  Object.entries(layouts).map(([name, layout]) => [
    name,
    createCheckedDecode({ currency: 'USD', knownCurrencies: new Set(['EUR']), maxBytes: 10_000, layout })
  ])
)

/** As bytes, twice: the second time a flat record is read by its template. */
function eventIn(layout: LayoutName, record: object): ShopEvent {
  const decode = decoders.get(layout)
  const bytes = Buffer.from(JSON.stringify(record))
  const decoded = decode?.(bytes)
  expect(decode?.(bytes)).toEqual(decoded)
  if (decoded?.kind !== 'event') throw new Error(JSON.stringify(decoded))
  return decoded.event
}

const bitsOf = (...fields: readonly ContractField[]): number =>
  fields.reduce((sum, field) => sum | (1 << contractFields.indexOf(field)), 0)

const nothing = {
  eventId: undefined,
  userId: undefined,
  sessionId: undefined,
  productId: undefined,
  category: undefined,
  orderId: undefined,
  paymentMethod: undefined,
  country: undefined,
  device: undefined,
  currency: 'USD',
  amount: undefined,
  quantity: 1,
  lines: undefined,
  extra: [],
  faults: 0
}

describe('rees46', () => {
  const view = {
    event_time: '2019-10-01 00:00:00 UTC',
    event_type: 'view',
    product_id: 3_900_821,
    category_id: '2053013552326770905',
    category_code: 'appliances.environment.water_heater',
    brand: 'aqua',
    price: 33.2,
    user_id: 554_748_717,
    user_session: '9333dfbd-b87a-4708-9857-6336556b0fcc'
  }

  test('gives a view', () => {
    expect(eventIn('rees46', view)).toEqual({
      ...nothing,
      type: 'product_view',
      typeName: 'product_view',
      eventTime: Date.UTC(2019, 9, 1),
      userId: '554748717',
      sessionId: '9333dfbd-b87a-4708-9857-6336556b0fcc',
      productId: '3900821',
      category: 'appliances.environment.water_heater',
      orderId: '9333dfbd-b87a-4708-9857-6336556b0fcc',
      amount: 332_000,
      present: bitsOf(
        'event_time',
        'event_type',
        'user_id',
        'session_id',
        'product_id',
        'category',
        'price',
        'order_id'
      ),
      numeric: bitsOf('user_id', 'product_id', 'price')
    })
  })

  test.each([
    ['cart', 'add_to_cart'],
    ['remove_from_cart', 'remove_from_cart'],
    ['purchase', 'purchase']
  ])('calls %s what is %s here', (theirs, ours) => {
    expect(eventIn('rees46', { ...view, event_type: theirs })).toMatchObject({ type: ours, faults: 0 })
  })

  test('without a category, price or session has a fault only where the price is missing', () => {
    const bare = { ...view, category_code: '', price: null, user_session: null, event_type: 'purchase' }
    expect(eventIn('rees46', bare)).toMatchObject({
      category: undefined,
      sessionId: undefined,
      orderId: undefined,
      amount: undefined,
      faults: faultBits.missing_price
    })
  })
})

describe('ga4', () => {
  const item = (item_id: string, item_category: string, price: number, quantity: string) => ({
    item_id,
    item_name: 'Some product',
    item_category,
    item_brand: '(not set)',
    price,
    quantity
  })
  const event = (event_name: string, items: readonly object[], more: object = {}) => ({
    event_date: '20261121',
    event_timestamp: '1795255872123456',
    event_name,
    event_params: [
      { key: 'page_location', value: { string_value: 'https://shop.example/' } },
      { key: 'ga_session_id', value: { int_value: '1795255000' } },
      { key: 'currency', value: { string_value: 'EUR' } },
      { key: 'payment_type', value: { string_value: 'paypal' } }
    ],
    user_pseudo_id: '1842.77',
    device: { category: 'mobile', operating_system: 'iOS' },
    geo: { continent: 'Europe', country: 'Germany' },
    ecommerce: { transaction_id: '(not set)' },
    items,
    ...more
  })
  const always = {
    ...nothing,
    eventTime: 1_795_255_872_123,
    userId: '1842.77',
    sessionId: '1842.77.1795255000',
    country: 'Germany',
    device: 'mobile',
    currency: 'EUR',
    paymentMethod: 'paypal',
    numeric: 0
  }
  const present = bitsOf(
    'event_time',
    'event_type',
    'user_id',
    'session_id',
    'currency',
    'payment_method',
    'country',
    'device'
  )

  test('gives a purchase of several items as one event with its lines', () => {
    const purchase = event(
      'purchase',
      [item('p-1', 'shoes', 19.99, '2'), item('p-2', 'hats', 5, '1'), item('p-3', '(not set)', 1.5, '3')],
      { ecommerce: { transaction_id: 'T-1', purchase_revenue: 49.48 }, user_id: 'u-7' }
    )
    const lines: EventLine[] = [
      { productId: 'p-1', category: 'shoes', amount: 399_800, quantity: 2 },
      { productId: 'p-2', category: 'hats', amount: 50_000, quantity: 1 },
      { productId: 'p-3', category: undefined, amount: 45_000, quantity: 3 }
    ]
    expect(eventIn('ga4', purchase)).toEqual({
      ...always,
      type: 'purchase',
      typeName: 'purchase',
      userId: 'u-7',
      orderId: 'T-1',
      amount: 494_800,
      quantity: 6,
      lines,
      present: present | bitsOf('order_id', 'product_id', 'category', 'price', 'quantity'),
      numeric: bitsOf('price')
    })
  })

  test('gives an event of one item without lines', () => {
    expect(eventIn('ga4', event('view_item', [item('p-1', 'shoes', 19.99, '1')]))).toEqual({
      ...always,
      type: 'product_view',
      typeName: 'product_view',
      productId: 'p-1',
      category: 'shoes',
      amount: 199_900,
      present: present | bitsOf('product_id', 'category', 'price', 'quantity'),
      numeric: bitsOf('price')
    })
  })

  test('gives an event without items, in numbers as well as in texts', () => {
    const search = event('view_search_results', [], {
      event_timestamp: 1_795_255_872_123_456,
      event_params: [{ key: 'ga_session_id', value: { int_value: 1_795_255_000 } }]
    })
    expect(eventIn('ga4', search)).toMatchObject({
      type: 'search',
      eventTime: 1_795_255_872_123,
      sessionId: '1842.77.1795255000',
      lines: undefined,
      amount: undefined,
      faults: 0
    })
  })

  test('has no session without a user, and none without its id', () => {
    const { user_pseudo_id: _, ...anonymous } = event('page_view', [])
    expect(eventIn('ga4', anonymous).sessionId).toBe(undefined)
    expect(eventIn('ga4', event('page_view', [], { event_params: [] })).sessionId).toBe(undefined)
  })

  test.each([
    ['page_view', 'page_view'],
    ['search', 'search'],
    ['add_to_cart', 'add_to_cart'],
    ['remove_from_cart', 'remove_from_cart'],
    ['begin_checkout', 'checkout_started'],
    ['refund', 'refund']
  ])('calls %s what is %s here', (theirs, ours) => {
    expect(eventIn('ga4', event(theirs, [item('p-1', 'shoes', 5, '1')]))).toMatchObject({
      type: ours,
      typeName: ours,
      faults: 0
    })
  })

  test('knows the events that are none of ours, which is no fault', () => {
    expect(eventIn('ga4', event('session_start', []))).toMatchObject({
      type: 'unknown',
      typeName: 'session_start',
      faults: 0
    })
    expect(eventIn('ga4', event('spin_the_wheel', []))).toMatchObject({
      type: 'unknown',
      typeName: 'spin_the_wheel',
      faults: faultBits.unknown_type
    })
  })
})

describe('segment', () => {
  const call = (event: string | undefined, properties: object, more: object = {}) => ({
    anonymousId: '507f191e810c19729de860ea',
    context: {
      device: { type: 'ios' },
      ip: '8.8.8.8',
      library: { name: 'analytics.js', version: '2.11.1' },
      location: { country: 'DE' }
    },
    ...(event === undefined ? { type: 'page', name: 'Home' } : { type: 'track', event }),
    messageId: 'ajs-next-1',
    originalTimestamp: '2026-11-21T10:11:13.000Z',
    properties,
    receivedAt: '2026-11-21T10:11:14.000Z',
    timestamp: '2026-11-21T10:11:12.345Z',
    userId: null,
    ...more
  })
  const always = {
    ...nothing,
    eventTime: Date.UTC(2026, 10, 21, 10, 11, 12, 345),
    eventId: 'ajs-next-1',
    userId: '507f191e810c19729de860ea',
    sessionId: '507f191e810c19729de860ea',
    country: 'DE',
    device: 'ios'
  }
  const present = bitsOf('event_time', 'event_type', 'event_id', 'user_id', 'session_id', 'country', 'device')

  test('gives a completed order as one event with its lines', () => {
    const order = call('Order Completed', {
      checkout_id: 'c-1',
      order_id: '50314b8e9bcf000000000000',
      total: 27.5,
      currency: 'EUR',
      payment_method: 'visa',
      session_id: 's-1',
      products: [
        { product_id: 'p-1', sku: '45790-32', category: 'Games', price: 19, quantity: 1 },
        { product_id: 'p-2', sku: '46493-32', category: 'Toys', price: 4.25, quantity: 2 }
      ]
    })
    expect(eventIn('segment', { ...order, userId: 'u-1' })).toEqual({
      ...always,
      type: 'purchase',
      typeName: 'purchase',
      userId: 'u-1',
      sessionId: 's-1',
      orderId: '50314b8e9bcf000000000000',
      paymentMethod: 'visa',
      currency: 'EUR',
      amount: 275_000,
      quantity: 3,
      lines: [
        { productId: 'p-1', category: 'Games', amount: 190_000, quantity: 1 },
        { productId: 'p-2', category: 'Toys', amount: 85_000, quantity: 2 }
      ],
      present:
        present |
        bitsOf('product_id', 'category', 'price', 'quantity', 'currency', 'order_id', 'payment_method'),
      numeric: bitsOf('price', 'quantity')
    })
  })

  test('gives the form with one product', () => {
    const product = { product_id: 'p-1', category: 'Games', price: 18.99, quantity: 2, coupon: 'MAYDEALS' }
    expect(eventIn('segment', call('Product Added', product))).toEqual({
      ...always,
      type: 'add_to_cart',
      typeName: 'add_to_cart',
      productId: 'p-1',
      category: 'Games',
      amount: 379_800,
      quantity: 2,
      present: present | bitsOf('product_id', 'category', 'price', 'quantity'),
      numeric: bitsOf('price', 'quantity')
    })
  })

  test('gives a page call as a page view', () => {
    expect(eventIn('segment', call(undefined, { url: 'https://shop.example/' }))).toEqual({
      ...always,
      type: 'page_view',
      typeName: 'page_view',
      present,
      numeric: 0
    })
  })

  test('gives a refund with its lines', () => {
    const refund = call('Order Refunded', {
      order_id: 'o-1',
      products: [
        { product_id: 'p-1', category: 'Games', price: 10 },
        { product_id: 'p-2', category: 'Toys' }
      ]
    })
    expect(eventIn('segment', refund)).toMatchObject({
      type: 'refund',
      orderId: 'o-1',
      amount: 100_000,
      quantity: 2,
      lines: [{ amount: 100_000 }, { amount: undefined }],
      faults: 0
    })
  })

  test.each([
    ['Products Searched', 'search'],
    ['Product Viewed', 'product_view'],
    ['Product Removed', 'remove_from_cart'],
    ['Checkout Started', 'checkout_started']
  ])('calls %s what is %s here', (theirs, ours) => {
    expect(eventIn('segment', call(theirs, { price: 1 }))).toMatchObject({ type: ours, faults: 0 })
  })

  test.each(['Promotion Viewed', 'Order Cancelled'])('knows %s to be none of ours', name => {
    expect(eventIn('segment', call(name, {}))).toMatchObject({ type: 'unknown', typeName: name, faults: 0 })
  })
})
