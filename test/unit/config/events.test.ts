import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { resolveLayout } from '../../../src/config/events.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { layoutNames, layouts } from '../../../src/decode/layouts/catalogue.ts'

const load = (source: string) => loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => source })

function layoutOf(source: string) {
  const loaded = load(source)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded.config.events.layout
}

function errorsOf(source: string): readonly string[] {
  const loaded = load(source)
  return loaded.ok ? [] : loaded.errors.map(({ path, message }) => `${path}: ${message}`)
}

describe('the events section', () => {
  test('is the contract itself where nothing is said', () => {
    expect(layoutOf('')).toEqual(layouts.native)
  })

  test.each(layoutNames)('takes the preset %s', name => {
    expect(layoutOf(`events: { layout: ${name} }`)).toEqual(layouts[name])
  })

  test('puts its own fields and types over those of the preset', () => {
    const source = `
      events:
        layout: rees46
        fields: { order_id: basket.id, category: [category_code, payload."the category"], quantity: [] }
        event_types: { buy: purchase, heartbeat: other, cart: checkout_started }
        time_unit: microseconds`
    expect(layoutOf(source)).toEqual({
      ...layouts.rees46,
      fields: {
        ...layouts.rees46.fields,
        order_id: ['basket.id'],
        category: ['category_code', 'payload."the category"'],
        quantity: []
      },
      eventTypes: {
        ...layouts.rees46.eventTypes,
        buy: 'purchase',
        heartbeat: 'other',
        cart: 'checkout_started'
      },
      timeUnit: 'microseconds'
    })
  })

  test('says where further fields are, which a metric or a dimension asks for', () => {
    const source = `
      kafka: { topics: [{ topic: mine, fields: { cost: [price.net, price.gross] } }] }
      events: { fields: { cost: billing.amount, gpu: instance.gpu, country: cc } }
      segments: { dimensions: [gpu] }
      metrics: { spend: sum of cost }`
    const layout = layoutOf(source)
    expect(layout.further).toEqual({ cost: ['billing.amount'], gpu: ['instance.gpu'] })
    expect(layout.fields).toEqual({ ...layouts.native.fields, country: ['cc'] })
    expect(resolveLayout({ fields: { cost: ['net'] } }, layout).further).toEqual({
      cost: ['net'],
      gpu: ['instance.gpu']
    })
  })

  test('refuses a place of a field that nothing asks for', () => {
    expect(errorsOf('events: { fields: { costs: a } }\nmetrics: { spend: sum of cost }')).toEqual([
      'events.fields.costs: is not a known key; did you mean cost?'
    ])
    expect(errorsOf('kafka: { topics: [other, { topic: mine, fields: { qqq: a } }] }')).toEqual([
      'kafka.topics[1].fields.qqq: is not a known key; no metric and no dimension asks for it'
    ])
  })

  test.each([
    [
      'layout: ga',
      'events.layout: is "ga"; expected native, rees46, ga4, segment, shopify, woocommerce, commercetools, snowplow, posthog, rudderstack or matomo (did you mean ga4?)'
    ],
    ['fields: { prize: a }', 'events.fields.prize: is not a known key; did you mean price?'],
    [
      'fields: { price: "items[.price" }',
      'events.fields.price: is "items[.price"; expected a path such as payload.user.id or items[].price'
    ],
    [
      'fields: { price: [price, "a..b"] }',
      'events.fields.price[1]: is "a..b"; expected a path such as payload.user.id or items[].price'
    ],
    [
      'fields: { user_id: "users[].id" }',
      'events.fields.user_id: is "users[].id"; expected a path without []: only product_id, category, price, quantity are listed'
    ],
    [
      'fields: { price: "orders[].items[].price" }',
      'events.fields.price: is "orders[].items[].price"; expected a path with one []'
    ],
    [
      'event_types: { buy: purchases }',
      'events.event_types.buy: is "purchases"; expected page_view, search, product_view, add_to_cart, ' +
        'remove_from_cart, checkout_started, purchase, refund or other (did you mean purchase?)'
    ],
    [
      'timezone: Europe/Berln',
      'events.timezone: is "Europe/Berln"; expected a time zone such as UTC or Europe/Berlin (did you mean Europe/Berlin?)'
    ],
    [
      'fields: { price: price.units + price.nanos }',
      'events.fields.price: is "price.units + price.nanos"; expected one path: + joins texts, it adds no numbers (units and nanos in one object are read together)'
    ],
    [
      'fields: { quantity: [qty, "a + b"] }',
      'events.fields.quantity[1]: is "a + b"; expected one path: + joins texts, it adds no numbers (units and nanos in one object are read together)'
    ],
    ['decimal: dot', 'events.decimal: is "dot"; expected auto, point, comma or base64'],
    [
      'money: { scale: 2.5 }',
      'events.money.scale: is 2.5; expected a number of decimals from 0 to 9, or currency'
    ],
    ['date_order: mdy', 'events.date_order: is "mdy"; expected day_first or month_first'],
    ['time_unit: nanoseconds', 'events.time_unit: is "nanoseconds"; expected auto or microseconds']
  ])('refuses %s', (line, error) => {
    expect(errorsOf(`events: { ${line} }`)).toEqual([error])
  })
})

test('the examples of docs/events.md are right', () => {
  const docs = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8')
  const examples = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, source = '']) => source)
  expect(examples.map(errorsOf)).toEqual(examples.map(() => []))
  expect(examples.length).toBeGreaterThan(4)
})

describe('the layout of one topic', () => {
  const shop = resolveLayout({ layout: 'segment', event_types: { Bought: 'purchase' } }, layouts.native)

  test('may write prices in its own way, with the total of an order', () => {
    const own = resolveLayout(
      { decimal: 'comma', money: { scale: 'currency' }, fields: { order_total: ['total'] } },
      layouts.native
    )
    expect(own).toEqual({
      ...layouts.native,
      fields: { ...layouts.native.fields, order_total: ['total'] },
      decimal: 'comma',
      moneyScale: 'currency'
    })
  })

  test('may have a time zone and an order of day and month of its own', () => {
    const own = resolveLayout({ timezone: 'Asia/Tokyo' }, { ...shop, dateOrder: 'day_first' })
    expect(own).toEqual({ ...shop, timezone: 'Asia/Tokyo', dateOrder: 'day_first' })
  })

  test('without a layout of its own is that of all topics, with its own fields and types over it', () => {
    expect(resolveLayout({ fields: { country: ['cc'] } }, shop)).toEqual({
      ...shop,
      fields: { ...shop.fields, country: ['cc'] }
    })
  })

  test('with one takes nothing from that of all topics', () => {
    expect(resolveLayout({ layout: 'ga4' }, shop)).toEqual(layouts.ga4)
  })
})
