import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { createDecode } from '../../../src/decode/decode.ts'
import type { ShopEvent } from '../../../src/decode/types.ts'
import { inspectValues } from '../../../src/inspect/inspect.ts'
import { inspectionText, proposedConfig } from '../../../src/inspect/report.ts'

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
  const source = proposedConfig(inspection, topic)
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
    const text = inspectionText(inspection, undefined)
    expect(text).toContain(
      'With this layout 45 of 47 are events (95.7 %); the rest:\n  invalid_json 1 (2.1 %)\n  missing_event_time 1 (2.1 %)\n'
    )
    expect(text).toContain('Fields that are not used: weather\n')
  })

  test('is that no field is a time, or a type', () => {
    const untimed = inspected(written(({ visit }) => ({ action: 'page_view', session_id: `s-${visit}` })))
    expect(untimed.inspection.missing).toEqual(['event_time'])
    expect(inspectionText(untimed.inspection, undefined)).toContain('No field is a time')
    const untyped = inspected(written((_, at) => ({ event_time: iso(at), session_id: `s-${at}` })))
    expect(untyped.inspection.missing).toEqual(['event_type'])
    expect(inspectionText(untyped.inspection, undefined)).toContain('event_type: { constant: purchase }')
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
