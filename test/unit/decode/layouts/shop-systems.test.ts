import { describe, expect, test } from 'vitest'
import { type LayoutName, layouts } from '../../../../src/decode/layouts/catalogue.ts'
import type { ShopEvent } from '../../../../src/decode/types.ts'
import { createCheckedDecode } from '../../../support/decoding.ts'
import {
  matomoVisits,
  posthogEvents,
  posthogRows,
  rudderstackCalls,
  snowplowEvents,
  snowplowLines
} from '../../../support/formats/analytics.ts'
import { commercetoolsMessages, shopifyOrders, wooOrders } from '../../../support/formats/shops.ts'

/** The parts of records, read by a layout. */
function partsBy(name: LayoutName, records: readonly unknown[]) {
  const decode = createCheckedDecode({
    currency: 'USD',
    knownCurrencies: new Set(),
    maxBytes: 100_000,
    layout: layouts[name]
  })
  return records
    .map(record => decode(Buffer.from(typeof record === 'string' ? record : JSON.stringify(record))))
    .flatMap(decoded => (decoded.kind === 'several' ? decoded.parts : [decoded]))
}

const typesOf = (name: LayoutName, records: readonly unknown[]) =>
  partsBy(name, records).map(part => (part.kind === 'event' ? part.event.type : part.reason))

function firstOf(name: LayoutName, records: readonly unknown[], type: string): ShopEvent {
  const events = partsBy(name, records).flatMap(part => (part.kind === 'event' ? part.event : []))
  const found = events.find(event => event.type === type)
  if (found === undefined) throw new Error(`no ${type}`)
  expect(found.faults).toBe(0)
  return found
}

const lines = (
  ...all: readonly (readonly [productId: string, category: string | undefined, amount: number])[]
) =>
  all.map(([productId, category, amount]) =>
    expect.objectContaining({ productId, category, amount: amount * 10_000 })
  )

describe('orders of a shop system', () => {
  test('of Shopify are purchases, and test orders are left out', () => {
    expect(typesOf('shopify', shopifyOrders)).toEqual(['purchase', 'purchase', 'ignored'])
    expect(firstOf('shopify', shopifyOrders, 'purchase')).toMatchObject({
      eventTime: Date.UTC(2026, 10, 21, 15, 0, 1),
      orderId: '5000000000001',
      userId: '701',
      sessionId: 'cart-1',
      paymentMethod: 'shopify_payments',
      country: 'CA',
      amount: 400_000,
      lines: lines(['31', undefined, 30], ['32', undefined, 10])
    })
  })

  test('of WooCommerce are purchases, unless they came to nothing', () => {
    expect(typesOf('woocommerce', wooOrders)).toEqual(['purchase', 'purchase', 'ignored'])
    expect(firstOf('woocommerce', wooOrders, 'purchase')).toMatchObject({
      eventTime: Date.UTC(2026, 10, 21, 10, 0, 1),
      orderId: '801',
      paymentMethod: 'bacs',
      country: 'AT',
      productId: '93',
      amount: 400_000,
      quantity: 2
    })
  })

  test('of commercetools are purchases when they are created, at the price that was paid', () => {
    expect(typesOf('commercetools', commercetoolsMessages)).toEqual(['purchase', 'purchase', 'unknown'])
    expect(firstOf('commercetools', commercetoolsMessages, 'purchase')).toMatchObject({
      eventId: 'm-1',
      orderId: 'order-1',
      userId: 'c-1',
      country: 'DE',
      currency: 'USD',
      amount: 350_000,
      lines: lines(['p-1', undefined, 25], ['p-2', undefined, 10])
    })
    expect(firstOf('commercetools', commercetoolsMessages, 'unknown').typeName).toBe(
      'OrderPaymentStateChanged'
    )
  })
})

const bought = {
  orderId: 'o-0',
  currency: 'USD',
  amount: 250_000,
  lines: lines(['p-1', 'shoes', 20], ['p-2', 'hats', 5])
}

describe('events of a tool of analytics', () => {
  test.each([
    ['events', posthogEvents],
    ['rows of an export', posthogRows]
  ])('PostHog: %s', (_, records) => {
    const visit = ['page_view', 'add_to_cart', 'purchase', 'unknown']
    expect(typesOf('posthog', records)).toEqual([...visit, ...visit])
    expect(firstOf('posthog', records, 'purchase')).toMatchObject({
      ...bought,
      eventTime: Date.UTC(2026, 10, 21, 10, 0, 4, 500),
      eventId: '018f-4',
      userId: 'visitor-0',
      sessionId: 's-0',
      country: 'SE',
      device: 'Mobile'
    })
  })

  test('RudderStack: calls', () => {
    const visit = ['page_view', 'add_to_cart', 'purchase', 'unknown']
    expect(typesOf('rudderstack', rudderstackCalls)).toEqual([...visit, ...visit])
    expect(firstOf('rudderstack', rudderstackCalls, 'purchase')).toMatchObject({
      ...bought,
      eventTime: Date.UTC(2026, 10, 21, 10, 0, 4, 500),
      sessionId: '1700000000',
      userId: 'a-0',
      device: 'web'
    })
  })

  test('Matomo: the actions of visits', () => {
    const visit = ['page_view', 'search', 'purchase', 'unknown']
    expect(typesOf('matomo', matomoVisits)).toEqual([...visit, ...visit])
    expect(firstOf('matomo', matomoVisits, 'purchase')).toMatchObject({
      ...bought,
      eventTime: 1_795_255_210_000,
      sessionId: '90',
      userId: 'c0ffee00',
      country: 'fr',
      device: 'Smartphone'
    })
  })

  test.each([
    ['JSON', snowplowEvents],
    ['lines of tabs', snowplowLines],
    ['several lines of tabs in a record', [snowplowLines.join('\n')]]
  ])('Snowplow: %s', (_, records) => {
    const types = typesOf('snowplow', records)
    expect(types.toSorted()).toEqual(
      ['page_view', 'add_to_cart', 'purchase', 'page_view', 'add_to_cart', 'purchase'].toSorted()
    )
    expect(firstOf('snowplow', records, 'purchase')).toMatchObject({
      ...bought,
      eventTime: Date.UTC(2026, 10, 21, 10, 0, 4, 500),
      eventId: 'e-4',
      userId: 'd-0',
      sessionId: 's-0',
      paymentMethod: 'card',
      country: 'GB',
      device: 'Mobile'
    })
  })

  test('Snowplow: what has too few tabs is no event', () => {
    expect(typesOf('snowplow', ['a\tb\tc'])).toEqual(['invalid_json'])
  })
})
