import { describe, expect, test } from 'vitest'
import { eventsOf } from '../../../producer/events.ts'
import type { IncidentKind } from '../../../producer/incident.ts'
import type { Layout } from '../../../producer/layouts/layout.ts'
import { type Plan, scenarioPlan } from '../../../producer/plan.ts'
import { createDecode } from '../../../src/decode/decode.ts'
import { layouts as decodeLayouts } from '../../../src/decode/layouts/catalogue.ts'

const minuteMs = 60_000
const startMs = Date.UTC(2026, 10, 20, 10)
const planOf = (scenario: IncidentKind | 'steady'): Plan =>
  scenarioPlan({
    scenario,
    seed: 7,
    startMs,
    durationMs: 15 * minuteMs,
    incidentAfterMs: 5 * minuteMs,
    incidentLengthMs: 5 * minuteMs,
    depth: 0.8,
    shop: { ordersPerMinute: 10 }
  })

// biome-ignore lint/suspicious/noExplicitAny: each layout is read here as what it is, JSON
type Json = any

interface Bought {
  readonly order: string
  readonly atMs: number
  readonly category: string
  /** In ten-thousandths; undefined without a price. */
  readonly amount: number | undefined
}

const amount = (price: number | undefined, quantity: number) =>
  price === undefined ? undefined : Math.round(price * 10_000) * quantity

/** The layouts that have every line of an order with its category. */
const whole = ['rees46', 'ga4', 'segment'] as const

/** The lines that were bought, counted from the words of each layout alone. */
const boughtIn: Record<'native' | (typeof whole)[number], (event: Json) => Bought[]> = {
  native: event =>
    event.event_type === 'purchase'
      ? [
          {
            order: event.session_id,
            atMs: Date.parse(event.event_time),
            category: event.category,
            amount: amount(event.price, event.quantity ?? 1)
          }
        ]
      : [],
  rees46: event =>
    event.event_type === 'purchase'
      ? [
          {
            order: event.user_session,
            atMs: Date.parse(event.event_time),
            category: event.category_code,
            amount: amount(event.price, 1)
          }
        ]
      : [],
  ga4: event =>
    event.event_name === 'purchase'
      ? event.items.map((item: Json) => ({
          order: event.ecommerce.transaction_id,
          atMs: Number(event.event_timestamp) / 1_000,
          category: item.item_category,
          amount: amount(item.price, Number(item.quantity))
        }))
      : [],
  segment: event =>
    event.event === 'Order Completed'
      ? event.properties.products.map((product: Json) => ({
          order: event.properties.order_id,
          atMs: Date.parse(event.timestamp),
          category: product.category,
          amount: amount(product.price, product.quantity)
        }))
      : []
}

const linesMade = new Map<string, readonly string[]>()
/** The lines of a scenario, which are made once. */
function linesOf(scenario: IncidentKind | 'steady', layout: Layout): readonly string[] {
  const name = `${scenario} ${layout}`
  const lines = linesMade.get(name) ?? Array.from(eventsOf(planOf(scenario), layout), ({ line }) => line)
  linesMade.set(name, lines)
  return lines
}

const read = (scenario: IncidentKind | 'steady', layout: Layout): Json[] =>
  linesOf(scenario, layout).map(line => JSON.parse(line))

/** By minute: distinct orders, lines, money, and lines by category. */
function salesOf(scenario: IncidentKind | 'steady', layout: keyof typeof boughtIn) {
  const minutes = new Map<number, Bought[]>()
  for (const line of read(scenario, layout).flatMap(boughtIn[layout])) {
    const minute = Math.floor((line.atMs - startMs) / minuteMs)
    minutes.set(minute, [...(minutes.get(minute) ?? []), line])
  }
  return [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([minute, lines]) => ({
      minute,
      orders: new Set(lines.map(({ order }) => order)).size,
      lines: lines.length,
      revenue: lines.reduce((sum, line) => sum + (line.amount ?? 0), 0),
      unpriced: lines.filter(line => line.amount === undefined).length,
      categories: lines.map(({ category }) => category).sort()
    }))
}

describe.each(whole)('%s', layout => {
  test.each<IncidentKind | 'steady'>([
    'steady',
    'missing_prices',
    'price_bug',
    'method_outage',
    'category_outage',
    'flash_sale'
  ])('has the orders, lines and revenue of the native layout, minute by minute: %s', scenario => {
    const native = salesOf(scenario, 'native')
    expect(native.length).toBeGreaterThan(13)
    expect(native.some(({ lines, orders }) => lines > orders)).toBe(true)
    expect(salesOf(scenario, layout)).toEqual(native)
  })

  test('delivers its records twice in a duplicate flood', () => {
    const lines = linesOf('duplicate_flood', layout)
    const usual = linesOf('steady', layout)
    expect(lines.length).toBeGreaterThan(usual.length * 1.2)
    expect([...new Set(lines)].sort()).toEqual([...new Set(usual)].sort())
  })

  test('knows late records and changed fields', () => {
    const late = Array.from(eventsOf(planOf('late_burst'), layout)).filter(
      ({ eventTime, arrivalMs }) => arrivalMs - eventTime >= 5 * minuteMs
    )
    expect(late.length).toBeGreaterThan(125)
    const plan = planOf('schema_change')
    const changed = plan.incidents.map(incident => ({ ...incident, depth: 1, segment: 'field=price' }))
    const texts = Array.from(eventsOf({ ...plan, incidents: changed }, layout)).filter(({ line }) =>
      /"price":"[\d.]+ USD"/.test(line)
    )
    expect(texts.length).toBeGreaterThan(50)
  })
})

test('a checkout comes to the native price in segment and ga4, and its items to that', () => {
  const sorted = (amounts: (number | undefined)[]) =>
    amounts.map(amount => (amount === undefined ? -1 : Math.round(amount * 10_000))).sort((a, b) => a - b)
  const native = read('price_bug', 'native').filter(({ event_type }) => event_type === 'checkout_started')
  const segment = read('price_bug', 'segment').filter(({ event }) => event === 'Checkout Started')
  const ga4 = read('price_bug', 'ga4').filter(({ event_name }) => event_name === 'begin_checkout')
  const expected = sorted(native.map(({ price }) => price))
  expect(sorted(segment.map(({ properties }) => properties.value))).toEqual(expected)
  const itemsOf = ({ items }: Json) =>
    items.reduce((sum: number, { price, quantity }: Json) => sum + price * Number(quantity), 0)
  expect(sorted(ga4.map(event => (Number.isNaN(itemsOf(event)) ? undefined : itemsOf(event))))).toEqual(
    expected
  )
})

test('an order of two lines is two records in rees46, and one in ga4 and segment', () => {
  const records = (layout: keyof typeof boughtIn) =>
    read('steady', layout).filter(event => boughtIn[layout](event).length > 0).length
  const { orders, lines } = salesOf('steady', 'native').reduce((sum, minute) => ({
    ...minute,
    orders: sum.orders + minute.orders,
    lines: sum.lines + minute.lines
  }))
  expect(lines).toBeGreaterThan(orders * 1.2)
  expect([records('native'), records('rees46'), records('ga4'), records('segment')]).toEqual([
    lines,
    lines,
    orders,
    orders
  ])
})

describe('the first of its kind', () => {
  const first = (layout: Layout, is: (event: Json) => boolean) => read('steady', layout).find(is)

  test('is in rees46 a flat record with a time to the second', () => {
    expect(first('rees46', ({ event_type }) => event_type === 'purchase')).toMatchInlineSnapshot(`
      {
        "brand": "borea",
        "category_code": "shoes",
        "event_time": "2026-11-20 10:00:00 UTC",
        "event_type": "purchase",
        "price": 35.99,
        "product_id": "p-1017",
        "user_session": "s-7-1s7",
      }
    `)
    expect(new Set(read('steady', 'rees46').map(({ event_type }) => event_type))).toEqual(
      new Set(['view', 'cart', 'remove_from_cart', 'purchase'])
    )
  })

  test('is in ga4 a row of the export', () => {
    expect(
      first('ga4', ({ event_name, items }) => event_name === 'purchase' && items.length > 1)
    ).toMatchInlineSnapshot(`
      {
        "device": {
          "category": "desktop",
        },
        "ecommerce": {
          "purchase_revenue": 193.97,
          "transaction_id": "o-7-261",
          "unique_items": "2",
        },
        "event_date": "20261120",
        "event_name": "purchase",
        "event_params": [
          {
            "key": "ga_session_id",
            "value": {
              "int_value": "2809",
            },
          },
          {
            "key": "currency",
            "value": {
              "string_value": "USD",
            },
          },
          {
            "key": "value",
            "value": {
              "double_value": 193.97,
            },
          },
          {
            "key": "transaction_id",
            "value": {
              "string_value": "o-7-261",
            },
          },
          {
            "key": "payment_type",
            "value": {
              "string_value": "apple_pay",
            },
          },
        ],
        "event_timestamp": "1795168817848000",
        "geo": {
          "country": "US",
        },
        "items": [
          {
            "item_category": "electronics",
            "item_id": "p-3015",
            "price": 97.99,
            "quantity": "1",
          },
          {
            "item_category": "clothing",
            "item_id": "p-2037",
            "price": 47.99,
            "quantity": "2",
          },
        ],
        "platform": "WEB",
        "user_id": "u-4oj",
        "user_pseudo_id": "3782143656.5",
      }
    `)
    expect(first('ga4', ({ event_name }) => event_name === 'page_view')).toMatchInlineSnapshot(`
      {
        "device": {
          "category": "mobile",
        },
        "event_date": "20261120",
        "event_name": "page_view",
        "event_params": [
          {
            "key": "ga_session_id",
            "value": {
              "int_value": "3754",
            },
          },
        ],
        "event_timestamp": "1795168800317000",
        "geo": {
          "country": "DE",
        },
        "items": [],
        "platform": "WEB",
        "user_id": "u-sep",
        "user_pseudo_id": "2235507153.5",
      }
    `)
  })

  test('is in segment a call of the spec', () => {
    expect(
      first(
        'segment',
        ({ event, properties }) => event === 'Order Completed' && properties.products.length > 1
      )
    ).toMatchInlineSnapshot(`
      {
        "anonymousId": "s-7-261",
        "context": {
          "device": {
            "type": "desktop",
          },
          "location": {
            "country": "US",
          },
        },
        "event": "Order Completed",
        "messageId": "m-7-20",
        "properties": {
          "currency": "USD",
          "order_id": "o-7-261",
          "payment_method": "apple_pay",
          "products": [
            {
              "category": "electronics",
              "price": 97.99,
              "product_id": "p-3015",
              "quantity": 1,
            },
            {
              "category": "clothing",
              "price": 47.99,
              "product_id": "p-2037",
              "quantity": 2,
            },
          ],
          "total": 193.97,
        },
        "timestamp": "2026-11-20T10:00:17.848Z",
        "type": "track",
        "userId": "u-4oj",
      }
    `)
    expect(first('segment', ({ event }) => event === 'Product Added')).toMatchInlineSnapshot(`
      {
        "anonymousId": "s-7-2fb",
        "context": {
          "device": {
            "type": "tablet",
          },
          "location": {
            "country": "DE",
          },
        },
        "event": "Product Added",
        "messageId": "m-7-4u",
        "properties": {
          "category": "home",
          "currency": "USD",
          "price": 30.99,
          "product_id": "p-4029",
          "quantity": 1,
        },
        "timestamp": "2026-11-20T10:00:00.814Z",
        "type": "track",
      }
    `)
    expect(first('segment', ({ type }) => type === 'page')).toMatchInlineSnapshot(`
      {
        "anonymousId": "s-7-2wa",
        "context": {
          "device": {
            "type": "mobile",
          },
          "location": {
            "country": "DE",
          },
        },
        "messageId": "m-7-vo",
        "properties": {},
        "timestamp": "2026-11-20T10:00:00.317Z",
        "type": "page",
        "userId": "u-sep",
      }
    `)
  })
})

describe('the orders of shopify and the page views of posthog', () => {
  const minuteOf = (time: string) => Math.floor((Date.parse(time) - startMs) / minuteMs)
  const counts = (minutes: readonly number[]) => {
    const byMinute = new Map<number, number>()
    for (const minute of minutes) byMinute.set(minute, (byMinute.get(minute) ?? 0) + 1)
    return [...byMinute].sort(([a], [b]) => a - b)
  }

  test.each(['steady', 'method_outage', 'price_bug'] as const)(
    'come to those of the native layout, minute by minute: %s',
    scenario => {
      const native = salesOf(scenario, 'native')
      const orders = read(scenario, 'shopify')
      expect(counts(orders.map(order => minuteOf(order.created_at)))).toEqual(
        native.map(({ minute, orders }) => [minute, orders])
      )
      const lines = orders.flatMap(order => order.line_items)
      const revenue = lines.reduce(
        (sum: number, { price, quantity }: Json) => sum + (amount(Number(price ?? 0), quantity) ?? 0),
        0
      )
      const rounding = 0.005 * 10_000 * lines.length
      expect(Math.abs(revenue - native.reduce((sum, one) => sum + one.revenue, 0))).toBeLessThan(rounding)
      const views = new Set(['page_view', 'search', 'product_view'])
      expect(counts(read(scenario, 'posthog').map(({ timestamp }) => minuteOf(timestamp)))).toEqual(
        counts(
          read(scenario, 'native').flatMap(({ event_type, event_time }) =>
            views.has(event_type) ? [minuteOf(event_time)] : []
          )
        )
      )
    }
  )

  test('are read whole by the layouts of these names', () => {
    const decode = (layout: 'shopify' | 'posthog', line: string) =>
      createDecode({
        currency: 'EUR',
        knownCurrencies: new Set(['EUR']),
        maxBytes: 1_048_576,
        layout: decodeLayouts[layout]
      })(Buffer.from(line))
    const plan = { ...planOf('steady'), shop: { ...planOf('steady').shop, currency: 'EUR' } }
    for (const layout of ['shopify', 'posthog'] as const)
      for (const { line } of eventsOf(plan, layout)) {
        const type = layout === 'shopify' ? 'purchase' : 'page_view'
        expect(decode(layout, line)).toMatchObject({ kind: 'event', event: { type } })
      }
  })

  test('look like what the webhook and the snippet send', () => {
    const order = read('steady', 'shopify').find(({ line_items }) => line_items.length > 1)
    expect(order).toMatchInlineSnapshot(`
      {
        "cart_token": "cart-s-7-261",
        "created_at": "2026-11-20T10:00:17+00:00",
        "currency": "USD",
        "customer": {
          "id": 6067,
        },
        "financial_status": "paid",
        "id": 70002809,
        "line_items": [
          {
            "id": 1,
            "price": "97.99",
            "product_id": 3015,
            "quantity": 1,
            "sku": "p-3015",
          },
          {
            "id": 2,
            "price": "47.99",
            "product_id": 2037,
            "quantity": 2,
            "sku": "p-2037",
          },
        ],
        "name": "#2809",
        "payment_gateway_names": [
          "apple_pay",
        ],
        "processed_at": "2026-11-20T10:00:17+00:00",
        "shipping_address": {
          "country_code": "US",
        },
        "test": false,
        "total_price": "193.97",
      }
    `)
    expect(
      read('steady', 'posthog').find(({ properties }) => /products/.test(properties.$current_url))
    ).toMatchInlineSnapshot(`
      {
        "distinct_id": "u-11ob",
        "event": "$pageview",
        "properties": {
          "$current_url": "https://shop.example/products/p-1011",
          "$device_type": "mobile",
          "$geoip_country_code": "NL",
          "$session_id": "s-7-2hy",
        },
        "timestamp": "2026-11-20T10:00:00.425Z",
        "uuid": "h-7-4j",
      }
    `)
  })
})

test('the currency of a shop is that of its prices', () => {
  const plan = { ...planOf('steady'), shop: { ...planOf('steady').shop, currency: 'EUR' } }
  for (const layout of ['native', 'ga4', 'segment', 'shopify'] as const) {
    const lines = Array.from(eventsOf(plan, layout), ({ line }) => line)
    expect(lines.some(line => line.includes('"EUR"'))).toBe(true)
    expect(lines.some(line => line.includes('USD'))).toBe(false)
  }
})

test('a session is one in ga4: its number stands beside the browser', () => {
  const sessions = new Map<string, number>()
  for (const event of read('steady', 'ga4')) {
    const id = event.event_params.find(({ key }: Json) => key === 'ga_session_id').value.int_value
    const session = `${event.user_pseudo_id} ${id}`
    sessions.set(session, (sessions.get(session) ?? 0) + 1)
  }
  const native = new Set(read('steady', 'native').map(({ session_id }) => session_id))
  expect(sessions.size).toBe(native.size)
})
