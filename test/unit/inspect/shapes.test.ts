import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { createDecode } from '../../../src/decode/decode.ts'
import type { ShopEvent } from '../../../src/decode/types.ts'
import { inspectValues } from '../../../src/inspect/inspect.ts'
import { proposedConfig } from '../../../src/inspect/proposal.ts'
import { inspectionText } from '../../../src/inspect/report.ts'
import { alone } from '../../support/alone.ts'

const decoding = { currency: 'USD', knownCurrencies: new Set(['USD']), maxBytes: 1_048_576 }
const start = Date.UTC(2026, 10, 21, 10)
const iso = (at: number) => new Date(start + at * 1_000).toISOString()

/** Thirty visits: a view each, every third with a cart and every sixth with an order, as something writes them. */
const written = (write: (event: Written, at: number) => unknown): unknown[] =>
  Array.from({ length: 30 }, (_, at) => ['view', ...(at % 3 ? [] : ['cart']), ...(at % 6 ? [] : ['order'])])
    .flatMap((kinds, visit) => kinds.map(kind => ({ kind, visit })))
    .map(({ kind, visit }, at) => write({ kind, visit }, at))

interface Written {
  readonly kind: string
  readonly visit: number
}

const orders = (write: (at: number) => unknown): unknown[] => Array.from({ length: 30 }, (_, at) => write(at))

function inspected(records: readonly unknown[], topic?: string) {
  const values = records.map(record =>
    Buffer.from(typeof record === 'string' ? record : JSON.stringify(record))
  )
  const inspection = inspectValues(values, decoding)
  const source = proposedConfig(alone(inspection, topic))
  const loaded = loadConfig({ path: 'a.yaml', env: {}, readFile: () => source })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  const decode = createDecode({ ...decoding, layout: loaded.config.events.layout })
  const events = values
    .map(value => decode(value))
    .flatMap(decoded => (decoded.kind === 'several' ? decoded.parts : [decoded]))
    .flatMap(part => (part.kind === 'event' ? part.event : []))
  const paths = Object.values(inspection.added.fields).flat()
  expect(new Set(paths).size).toBe(paths.length)
  return { inspection, events, source }
}

const countOf = (events: readonly ShopEvent[], type: string) =>
  events.filter(event => event.type === type).length
const revenueOf = (events: readonly ShopEvent[]) =>
  events.reduce((sum, { type, amount }) => (type === 'purchase' ? sum + (amount ?? 0) / 10_000 : sum), 0)

describe('the configuration that is proposed reads', () => {
  test('orders that say no type, and never takes their number for one', () => {
    const { inspection, events } = inspected(
      orders(at => ({
        id: 9_000 + at,
        name: `#${1_000 + at}`,
        created_at: iso(at),
        updated_at: iso(at + 100),
        grand_total: '10.50',
        currency_code: 'USD',
        positions: [{ id: at, sku: `p-${at % 4}`, unit_price: '10.50', quantity: 1 }]
      }))
    )
    expect(inspection.added.eventType).toEqual({ constant: 'purchase' })
    expect(inspection.added.fields).toMatchObject({ event_time: ['created_at'], order_id: ['id'] })
    expect([countOf(events, 'purchase'), revenueOf(events)]).toEqual([30, 315])
    expect(events[0]).toMatchObject({ orderId: '9000', faults: 0 })
  })

  test('orders whose lines say how many were ordered, and whose number is no id', () => {
    const { inspection, events } = inspected(
      orders(at => ({
        increment_id: `1000${at}`,
        created_at: iso(at),
        order_currency_code: 'EUR',
        grand_total: 21,
        items: [{ sku: `p-${at % 4}`, price: 10.5, qty_ordered: 2 }]
      }))
    )
    expect(inspection.added.fields).toMatchObject({
      order_id: ['increment_id'],
      quantity: ['items[].qty_ordered']
    })
    expect(revenueOf(events)).toBe(630)
    expect([inspection.currency, ...inspection.faults]).toEqual(['EUR'])
  })

  test('a date and a time of day beside each other', () => {
    const { inspection, events } = inspected(
      written(({ kind, visit }, at) => ({
        when: { date: iso(at).slice(0, 10), time: iso(at).slice(11, 19) },
        since: '2020-01-01',
        action: kind === 'order' ? 'purchase' : 'page_view',
        session_id: `s-${visit}`
      }))
    )
    expect(inspection.added.fields.event_time).toEqual(['when.date + when.time'])
    expect(events[2]?.eventTime).toBe(start + 2_000)
  })

  test.each([
    ['DynamoDB', 'S', 'N', String],
    ['Firestore', 'stringValue', 'doubleValue', Number]
  ])('values that say their type, as %s writes them', (_, text, number, written) => {
    const { inspection, events } = inspected(
      orders(at => ({
        event_time: { [text]: iso(at) },
        event_type: { [text]: 'purchase' },
        category: { [text]: 'shoes' },
        quantity: { [number]: written(2) },
        price: { [number]: written(10.5) }
      }))
    )
    expect(inspection.added.fields).toEqual({
      event_time: [`event_time.${text}`],
      event_type: [`event_type.${text}`],
      category: [`category.${text}`],
      price: [`price.${number}`],
      quantity: [`quantity.${number}`]
    })
    expect([events[0]?.category, revenueOf(events)]).toEqual(['shoes', 630])
  })

  test('money whose name says that it is in cents', () => {
    const { source, events } = inspected(
      orders(at => ({ event_time: iso(at), event_type: 'purchase', priceCents: 1_050 }))
    )
    expect(source).toContain('scale: currency')
    expect(revenueOf(events)).toBe(315)
  })

  test('JSON in base64', () => {
    const { inspection, events } = inspected(
      written(({ kind, visit }, at) => ({
        data: Buffer.from(
          JSON.stringify({
            event_time: iso(at),
            event_type: kind === 'order' ? 'purchase' : 'page_view',
            session_id: `s-${visit}`,
            price: 10.5
          })
        ).toString('base64'),
        attributes: {}
      }))
    )
    expect(inspection.added.fields.price).toEqual(['data[json].price'])
    expect([countOf(events, 'page_view'), revenueOf(events)]).toEqual([40, 52.5])
  })

  test('changes of orders, with their decimals as base64', () => {
    const { inspection, events, source } = inspected(
      orders(at => ({
        before: null,
        after: { id: at, customer_id: 7, total: 'BBo=', placed_at: (start + at) * 1_000 },
        source: { table: 'orders', ts_ms: start + 60_000 },
        op: 'c',
        ts_ms: start + 60_001
      }))
    )
    expect(inspection.added.fields).toEqual({
      event_time: ['placed_at'],
      user_id: ['customer_id'],
      order_id: ['id'],
      order_total: ['total']
    })
    expect(source).toContain('u: other')
    expect([countOf(events, 'purchase'), revenueOf(events)]).toEqual([30, 315])
    expect(events[3]?.eventTime).toBe(start + 3)
  })

  test.each([
    ['lists', (all: unknown[]) => [all.slice(0, 20), all.slice(20)]],
    ['lines', (all: unknown[]) => [all.map(one => JSON.stringify(one)).join('\n')]],
    ['texts', (all: unknown[]) => all.map(one => JSON.stringify(JSON.stringify(one)))],
    [
      'a list within',
      (all: unknown[]) => [
        { sent_at: iso(0), id: 'b-1', batch: all },
        { sent_at: iso(9), batch: all.slice(0, 5) }
      ]
    ]
  ])('events in %s', (_, pack) => {
    const all = written(({ kind, visit }, at) => ({
      when: iso(at),
      name: kind === 'order' ? 'OrderPlaced' : kind === 'cart' ? 'CartItemAdded' : 'ProductViewed',
      sessionId: `s-${visit}`,
      ...(kind === 'order' && { orderId: `o-${visit}`, price: 5 })
    }))
    const { inspection, events } = inspected(pack(all))
    expect(inspection.events).toBe(events.length)
    expect(events.length).toBeGreaterThanOrEqual(all.length)
    expect(countOf(events, 'purchase')).toBeGreaterThanOrEqual(5)
    expect(inspection.missing).toEqual([])
  })

  test('JSON as text, flat keys and unions', () => {
    const text = inspected(
      written(({ kind, visit }, at) => ({
        uuid: `e-${at}`,
        verb: kind === 'order' ? 'purchase' : 'page view',
        body: JSON.stringify({ at: iso(at), $session: `s-${visit}`, unit_price: kind === 'order' ? 5 : null })
      }))
    )
    expect(text.inspection.added.fields).toMatchObject({
      event_time: ['body[json].at'],
      session_id: ['body[json].$session'],
      price: ['body[json].unit_price']
    })
    expect([countOf(text.events, 'purchase'), revenueOf(text.events)]).toEqual([5, 25])

    const flat = inspected(
      written(({ kind, visit }, at) => ({
        'meta.happened': { string: iso(at) },
        'meta.action': kind === 'order' ? 'checkout_completed' : 'page_viewed',
        'shop.visit.id': { string: `v-${visit}` },
        'shop.order.price': { double: 5 }
      }))
    )
    expect([countOf(flat.events, 'purchase'), revenueOf(flat.events)]).toEqual([5, 25])
    expect(flat.events[0]).toMatchObject({ sessionId: 'v-0', faults: 0 })
  })

  test('names that say little, by their values', () => {
    const { inspection, events } = inspected(
      written(({ kind, visit }, at) => ({
        a: start + at * 1_000,
        b: kind === 'order' ? 'Purchase' : kind === 'cart' ? 'AddToCart' : 'PageView',
        custom_data: {
          cur: 'usd',
          value: kind === 'order' ? 20.5 : 0,
          contents: [{ id: 'p-1', item_price: null }]
        },
        user_data: { fbp: `fb.${visit}` },
        device: { category: 'mobile' },
        birthday: '1980-01-01'
      }))
    )
    expect(inspection.added.fields).toMatchObject({
      event_time: ['a'],
      event_type: ['b'],
      session_id: ['user_data.fbp'],
      currency: ['custom_data.cur'],
      order_total: ['custom_data.value'],
      product_id: ['custom_data.contents[].id'],
      device: ['device.category']
    })
    expect(inspection.added.fields.category).toBeUndefined()
    expect([countOf(events, 'purchase'), revenueOf(events)]).toEqual([5, 102.5])
  })
})

describe('what is said', () => {
  test('names the share that is read, what the rest are, and fields that are not used', () => {
    const { inspection } = inspected([
      ...written(({ visit }, at) => ({
        event_time: iso(at),
        event_type: 'search',
        session_id: `s-${visit}`,
        weather: 'rain'
      })),
      'no JSON',
      { event_type: 'search' }
    ])
    const text = inspectionText(alone(inspection))
    expect(text).toContain(
      'With this layout 45 of 47 are events (95.7 %); the rest:\n  invalid_json 1 (2.1 %)\n  missing_event_time 1 (2.1 %)\n'
    )
    expect(text).toContain('Fields that are not used: weather\n')
  })

  test('is that no field is a time, or a type', () => {
    const untimed = inspected(written(({ visit }) => ({ action: 'page_view', session_id: `s-${visit}` })))
    expect(untimed.inspection.missing).toEqual(['event_time'])
    expect(inspectionText(alone(untimed.inspection))).toContain('No field is a time')
    const untyped = inspected(written((_, at) => ({ event_time: iso(at), session_id: `s-${at}` })))
    expect(untyped.inspection.missing).toEqual(['event_type'])
    expect(inspectionText(alone(untyped.inspection))).toContain('event_type: { constant: purchase }')
  })

  test('is that numbers are no times of these years', () => {
    const { inspection } = inspected(
      orders(at => ({ event_time: 46_346.29 + at / 1_000, event_type: 'purchase', price: 5 }))
    )
    expect(inspection.missing).toEqual(['event_time'])
  })

  test('is which fields may be the type', () => {
    const words = ['Seitenaufruf', 'Seitenaufruf', 'Bestellung']
    const { inspection } = inspected(
      orders(at => ({ zeitpunkt: iso(at), ereignis: words[at % 3], sitzung: `s-${at}`, land: 'DE' }))
    )
    expect(inspection.typeCandidates).toEqual([{ path: 'ereignis', values: ['Seitenaufruf', 'Bestellung'] }])
    expect(inspectionText(alone(inspection))).toContain('  ereignis: Seitenaufruf, Bestellung\n')
  })

  test('is that no type means anything, and which there are', () => {
    const { inspection, source } = inspected(
      orders(at => ({ event_time: iso(at), event_type: at % 3, session_id: `s-${at}` }))
    )
    expect([inspection.events, inspection.known]).toEqual([30, 0])
    expect(source).toContain('0, 1, 2')
  })

  test('is that money in whole numbers may be cents', () => {
    const order = (price: number) => (at: number) => ({
      event_time: iso(at),
      event_type: 'purchase',
      price: at % 2 ? price : 1_299
    })
    const { inspection } = inspected(orders(order(1_050)))
    expect(inspectionText(alone(inspection))).toContain(
      'All money is in whole numbers, for example 1299. If it is in cents, set money: { scale: currency }.\n'
    )
    expect(inspected(orders(order(10.5))).inspection.wholeMoney).toBeUndefined()
  })

  test('is the currency that nearly all purchases have', () => {
    const { source, inspection } = inspected(
      orders(at => ({
        event_time: iso(at),
        event_type: 'purchase',
        price: 5,
        currency: at === 0 ? 'USD' : 'eur'
      }))
    )
    expect(inspection.currency).toBe('EUR')
    expect(source).toContain('currency: EUR\n')
  })
})
