import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { createDecode } from '../../../src/decode/decode.ts'
import { type LayoutName, layouts } from '../../../src/decode/layouts/catalogue.ts'
import { inspectValues } from '../../../src/inspect/inspect.ts'
import { proposedConfig } from '../../../src/inspect/proposal.ts'
import { inspectionJson, inspectionText } from '../../../src/inspect/report.ts'
import { alone } from '../../support/alone.ts'
import {
  matomoVisits,
  posthogEvents,
  rudderstackCalls,
  snowplowEvents
} from '../../support/formats/analytics.ts'
import { commercetoolsMessages, shopifyOrders, wooOrders } from '../../support/formats/shops.ts'

const decoding = { currency: 'USD', knownCurrencies: new Set(['USD']), maxBytes: 1_048_576 }
const bytesOf = (records: readonly object[]) => records.map(record => Buffer.from(JSON.stringify(record)))
const inspect = (records: readonly object[]) => inspectValues(bytesOf(records), decoding)

/** The layout that the pasted configuration has, of all topics or of one. */
function layoutsOfConfig(source: string) {
  const loaded = loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => source })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  return { all: loaded.config.events.layout, own: loaded.config.kafka.layouts }
}

const examples: Readonly<Record<LayoutName, readonly object[]>> = {
  native: [
    { event_time: '2026-11-21T10:00:00Z', event_type: 'purchase', price: 5, order_id: 'o-1' },
    { event_time: 1_795_168_800, event_type: 'search', session_id: 's-1' }
  ],
  rees46: [
    {
      event_time: '2019-10-01 00:00:00 UTC',
      event_type: 'view',
      product_id: 1,
      category_code: 'shoes',
      price: 5,
      user_id: 7,
      user_session: 's-1'
    },
    {
      event_time: '2019-10-01 00:00:01 UTC',
      event_type: 'purchase',
      product_id: 1,
      price: 5,
      user_session: 's-1'
    }
  ],
  ga4: [
    {
      event_timestamp: '1795255872123456',
      event_name: 'purchase',
      event_params: [{ key: 'ga_session_id', value: { int_value: '17' } }],
      user_pseudo_id: 'u-1',
      items: [{ item_id: 'p-1', item_category: 'shoes', price: 5, quantity: '1' }]
    },
    { event_timestamp: '1795255872123456', event_name: 'session_start', event_params: [], items: [] }
  ],
  segment: [
    {
      type: 'track',
      event: 'Order Completed',
      timestamp: '2026-11-21T10:00:00Z',
      anonymousId: 'a-1',
      properties: { order_id: 'o-1', products: [{ product_id: 'p-1', price: 5 }] }
    },
    { type: 'page', timestamp: '2026-11-21T10:00:00Z', anonymousId: 'a-1' }
  ],
  shopify: shopifyOrders.slice(0, 2),
  woocommerce: wooOrders.slice(0, 2),
  commercetools: commercetoolsMessages.slice(0, 2),
  snowplow: snowplowEvents.slice(1, 3),
  posthog: posthogEvents.slice(1, 3),
  rudderstack: rudderstackCalls.slice(1, 3),
  matomo: matomoVisits.map(visit => ({ ...visit, actionDetails: visit.actionDetails.slice(2, 3) }))
}

const custom = [
  {
    meta: { id: 'a-1', sentAt: 1_795_168_800_047_123 },
    action: 'ProductViewed',
    payload: {
      user: { id: 7 },
      visit: { id: 'v-1' },
      lines: [{ article: { sku: 'p-1' }, department: 'shoes', unitPrice: '19.99', qty: 1 }],
      shipping: { country: 'DE' }
    }
  },
  {
    meta: { id: 'a-2', sentAt: 1_795_168_800_147_123 },
    action: 'OrderPlaced',
    payload: {
      user: { id: 7 },
      order: { number: 'o-1' },
      payment: { method: 'paypal' },
      lines: [
        { article: { sku: 'p-1' }, department: 'shoes', unitPrice: '19.99', qty: 2 },
        { article: { sku: 'p-2' }, department: 'hats', unitPrice: '5', qty: 1 }
      ]
    }
  },
  { meta: { id: 'a-3', sentAt: 1_795_168_800_247_123 }, action: 'WheelSpun', payload: { user: { id: 8 } } }
]

describe('records of a known layout', () => {
  test.each(Object.keys(examples) as LayoutName[])(
    'of %s are found to be that, with nothing to add',
    name => {
      const inspection = inspect(examples[name])
      expect(inspection).toMatchObject({ layout: name, records: 2, readable: 2, events: 2 })
      expect(inspection.added).toEqual({ fields: {}, eventTypes: {} })
      expect(inspection.types.every(({ meaning }) => meaning !== undefined)).toBe(true)
      expect(layoutsOfConfig(proposedConfig(alone(inspection))).all).toEqual(layouts[name])
    }
  )

  test('are seen with the places that have values, their shares and an example', () => {
    expect(inspect(examples.segment).fields.filter(({ share }) => share > 0)).toEqual([
      { field: 'event_time', paths: ['timestamp'], share: 1, example: '2026-11-21T10:00:00Z' },
      { field: 'event_type', paths: ['event', 'type'], share: 1, example: 'Order Completed' },
      { field: 'user_id', paths: ['anonymousId'], share: 1, example: 'a-1' },
      { field: 'session_id', paths: ['anonymousId'], share: 1, example: 'a-1' },
      { field: 'product_id', paths: ['properties.products[].product_id'], share: 0.5, example: 'p-1' },
      { field: 'price', paths: ['properties.products[].price'], share: 0.5, example: 5 },
      { field: 'order_id', paths: ['properties.order_id'], share: 0.5, example: 'o-1' }
    ])
  })

  test('that lack a field get the place where it seems to be', () => {
    const records = examples.native.map(record => ({
      ...record,
      customer: { id: 'c-1' },
      shipping_country: 'DE'
    }))
    expect(inspect(records).added.fields).toEqual({ user_id: ['customer.id'], country: ['shipping_country'] })
  })

  test('are judged by that layout', () => {
    const records = [...examples.rees46, { ...examples.rees46[1], price: -5 }, { event_type: 'view' }]
    const { events, faults, dead } = inspect(records)
    expect({ events, faults, dead }).toEqual({
      events: 3,
      faults: new Map([['negative_price', 1]]),
      dead: new Map([['missing_event_time', 1]])
    })
  })
})

describe('records of an unknown layout', () => {
  test('get a place for every field that they have, and the types that their names say', () => {
    expect(inspect(custom).added).toEqual({
      fields: {
        event_time: ['meta.sentAt'],
        event_type: ['action'],
        event_id: ['meta.id'],
        user_id: ['payload.user.id'],
        session_id: ['payload.visit.id'],
        product_id: ['payload.lines[].article.sku'],
        category: ['payload.lines[].department'],
        price: ['payload.lines[].unitPrice'],
        quantity: ['payload.lines[].qty'],
        order_id: ['payload.order.number'],
        payment_method: ['payload.payment.method'],
        country: ['payload.shipping.country']
      },
      eventTypes: { ProductViewed: 'product_view', OrderPlaced: 'purchase' }
    })
    expect(inspect(custom).types).toEqual([
      { name: 'ProductViewed', count: 1, meaning: 'product_view' },
      { name: 'OrderPlaced', count: 1, meaning: 'purchase' },
      { name: 'WheelSpun', count: 1, meaning: undefined }
    ])
  })

  test('are read by the configuration that is proposed for them', () => {
    const source = proposedConfig(alone(inspect(custom)))
    expect(source).toContain('WheelSpun')
    const decode = createDecode({ ...decoding, layout: layoutsOfConfig(source).all })
    const [, order] = bytesOf(custom).map(bytes => decode(bytes))
    expect(order).toMatchObject({
      event: {
        type: 'purchase',
        eventTime: 1_795_168_800_147,
        userId: '7',
        orderId: 'o-1',
        paymentMethod: 'paypal',
        amount: 449_800,
        lines: [
          { productId: 'p-1', category: 'shoes', amount: 399_800 },
          { productId: 'p-2', category: 'hats', amount: 50_000 }
        ],
        faults: 0
      }
    })
  })

  test('of a topic get an entry of that topic', () => {
    const { own } = layoutsOfConfig(proposedConfig(alone(inspect(custom), 'shop-events')))
    expect(own.get('shop-events')).toMatchObject({
      layout: 'native',
      fields: { event_type: ['action'] }
    })
  })

  test('may have dollar signs, quotes and dots in their keys', () => {
    const records = [{ event_time: 1, event_type: 'search', [`a.$b $\{HOME}`]: { user_id: 'u' } }]
    const inspection = inspect(records)
    expect(inspection.added.fields).toEqual({ user_id: [`"a.$b $\{HOME}".user_id`] })
    const { all } = layoutsOfConfig(proposedConfig(alone(inspection)))
    const decode = createDecode({ ...decoding, layout: all })
    const [decoded] = bytesOf(records).map(bytes => decode(bytes))
    expect(decoded).toMatchObject({ event: { userId: 'u' } })
  })
})

describe('records in an envelope', () => {
  const inner = examples.segment

  test('are looked at within', () => {
    const framed = bytesOf(inner).map(bytes => Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), bytes]))
    const connect = bytesOf(inner.map(payload => ({ schema: null, payload })))
    const cloud = bytesOf(inner.map(data => ({ specversion: '1.0', data })))
    const { layout, events, envelopes } = inspectValues([...framed, ...connect, ...cloud], decoding)
    expect({ layout, events, envelopes }).toEqual({
      layout: 'segment',
      events: 6,
      envelopes: new Map([
        ['framed', 2],
        ['connect', 2],
        ['cloudevent', 2]
      ])
    })
  })

  test('have what the envelope says in place of what they do not say', () => {
    const data = { price: 5, order_id: 'o-1' }
    const inspection = inspect([
      { specversion: '1.0', id: 'e-1', type: 'purchase', time: '2026-11-21T10:00:00Z', data }
    ])
    expect(inspection).toMatchObject({ layout: 'native', events: 1, faults: new Map() })
    expect(inspection.fields[1]).toEqual({ field: 'event_type', paths: [], share: 1, example: 'purchase' })
    expect(inspectionText(alone(inspection))).toContain('the envelope')
  })
})

describe('what is shown', () => {
  test('is short and holds nothing that a terminal obeys', () => {
    const hostile = `\u001b[2J${'x'.repeat(500)}`
    const records = [
      { event_time: 1, event_type: hostile, user_id: hostile, [`${hostile.slice(0, 40)} user_id`]: 'u' },
      { event_time: 1, event_type: 'search' },
      { event_time: 1, event_type: 'search' }
    ]
    for (const shown of [inspectionText(alone(inspect(records))), inspectionJson(alone(inspect(records)))]) {
      expect(shown).not.toContain('\u001b')
      expect(shown).not.toContain('x'.repeat(60))
    }
  })

  test('of nothing readable is what is wrong with it', () => {
    const inspection = inspectValues([Buffer.from('a,b,c'), Buffer.from('[1]'), null], decoding)
    expect(inspectionText(alone(inspection))).toBe(
      '3 records, 0 of them JSON objects\n' +
        '  invalid_json 1 (33.3 %)\n  not_an_object 1 (33.3 %)\n  tombstone 1 (33.3 %)\n'
    )
    expect(inspectionText(alone(inspectValues([], decoding)))).toBe('0 records, 0 of them JSON objects\n')
  })
})

test('whatever the records hold, a configuration is proposed that is right', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('2026-11-21T10:00:00Z', 'purchase', 5, '__proto__', 'USD', 'DE')
  )
  const key = fc.oneof(
    fc.constantFrom(
      'event_time',
      'time',
      'event',
      'type',
      'user',
      'id',
      'price',
      '__proto__',
      'constructor',
      'a.b'
    ),
    fc.string({ maxLength: 8, unit: 'binary' })
  )
  const record = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value)))
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), records => {
      const inspection = inspect(records)
      expect(inspection.readable).toBe(records.length)
      inspectionText(alone(inspection))
      layoutsOfConfig(proposedConfig(alone(inspection, records.length % 2 === 0 ? undefined : 'a-topic')))
    }),
    { numRuns: 100 }
  )
})

test('a record nested 10,000 deep is looked at to a bound', () => {
  const deep = `{"event_time":1,"event_type":"search","x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`
  expect(inspectValues([Buffer.from(deep)], decoding)).toMatchObject({ layout: 'native', events: 1 })
})

describe('what only headers and dates say', () => {
  const sample = (headers: Readonly<Record<string, string>>, event: object) => ({
    value: Buffer.from(JSON.stringify(event)),
    headers
  })
  const order = (at: number) => ({
    id: 9_000 + at,
    created_at: `2026-11-21T10:00:${10 + at}+01:00`,
    total_price: '45.00',
    currency: 'EUR',
    line_items: [{ product_id: 3, price: '45.00', quantity: 1 }]
  })

  test('a header that tells several messages apart is the type, and one message is the purchase', () => {
    const topics = ['orders/create', 'orders/paid', 'orders/updated']
    const samples = Array.from({ length: 12 }, (_, at) =>
      sample(
        { 'X-Shopify-Topic': topics[at % 3] ?? '', 'X-Request-Id': `r-${at}` },
        order(Math.floor(at / 3))
      )
    )
    const inspection = inspectValues(samples, decoding)
    expect(inspection).toMatchObject({ layout: 'shopify', events: 12, parts: 12, currency: 'EUR' })
    expect(inspection.added).toMatchObject({
      eventType: { header: 'X-Shopify-Topic' },
      eventTypes: { 'orders/create': 'purchase', 'orders/paid': 'other', 'orders/updated': 'other' }
    })
    expect([...inspection.faults]).toEqual([])
    expect(proposedConfig(alone(inspection, 'orders'))).toContain(
      'event_type:\n        header: X-Shopify-Topic'
    )
    expect(inspection.unused.map(({ path }) => path)).toEqual(['header:X-Request-Id'])
  })

  test('one word in a header is what the constant of the layout says already', () => {
    const samples = Array.from({ length: 5 }, (_, at) =>
      sample({ 'X-Shopify-Topic': 'orders/create' }, order(at))
    )
    const inspection = inspectValues(samples, decoding)
    expect(inspection.added.eventType).toBeUndefined()
    expect(inspectionText(alone(inspection))).toContain('Each record is a purchase, as the layout has it.')
  })

  test('a type that stands in a header alone is found', () => {
    const samples = Array.from({ length: 8 }, (_, at) =>
      sample(
        { event_type: at % 4 === 0 ? 'purchase' : 'page_view' },
        { ts: 1_795_255_200_000 + at, sid: `s-${at}` }
      )
    )
    const inspection = inspectValues(samples, decoding)
    expect([inspection.events, inspection.missing]).toEqual([8, []])
  })

  const dated = (dates: readonly string[]) =>
    inspectValues(
      dates.map(date =>
        Buffer.from(JSON.stringify({ when: `${date} 10:11:12`, event: 'page_view', sid: 's' }))
      ),
      decoding
    )

  test.each([
    [['13/11/2026', '02/11/2026'], 'day_first'],
    [['11/13/2026', '11/02/2026'], 'month_first']
  ] as const)('of the dates %j the values decide: %s', (dates, order) => {
    const inspection = dated(dates)
    expect([inspection.added.dateOrder, inspection.events]).toEqual([order, 2])
    expect(proposedConfig(alone(inspection))).toContain(`date_order: ${order}`)
  })

  test('where no value decides, or they contradict, it is said and not guessed', () => {
    for (const dates of [
      ['11/12/2026', '02/11/2026'],
      ['13/11/2026', '11/13/2026']
    ]) {
      const inspection = dated(dates)
      expect([inspection.added.dateOrder, inspection.isDateOrderOpen]).toEqual([undefined, true])
      expect(inspectionText(alone(inspection))).toContain('set date_order: day_first or month_first')
    }
  })
})
