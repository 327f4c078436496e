import { describe, expect, test } from 'vitest'
import type { ShopEvent } from '../../../src/decode/types.ts'
import { faultBits } from '../../../src/decode/types.ts'
import { createEvaluate } from '../../../src/metrics/evaluate.ts'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import { ingestOptions, plainMetrics } from '../../support/ingest-options.ts'
import { shopEvent } from '../../support/shop-event.ts'

const evaluate = createEvaluate(plainMetrics)
const options = ingestOptions()
const accumulate = compile(options)

/** The metrics of a window whose partitions have these events each. */
function metricsOf(...partitions: readonly (readonly Partial<ShopEvent>[])[]) {
  return evaluate({
    start: 0,
    end: 60_000,
    complete: true,
    partials: partitions.map(shareOf),
    partitions: partitions.map((_, index) => `shop-events/${index}`)
  })
}

function shareOf(events: readonly Partial<ShopEvent>[]) {
  const share = createPartial(0, options)
  for (const fields of events) accumulate(share, shopEvent(0, fields), 0)
  return share
}

const cart = (sessionId: string): Partial<ShopEvent> => ({ type: 'add_to_cart', sessionId })
const purchase = (sessionId: string, fields: Partial<ShopEvent> = {}): Partial<ShopEvent> => ({
  type: 'purchase',
  sessionId,
  ...fields
})

describe('counts and distincts', () => {
  test('a session that two partitions saw counts once, an event in each', () => {
    const { values, records } = metricsOf([{ sessionId: 'a' }, { sessionId: 'b' }], [{ sessionId: 'a' }])
    expect(records).toBe(3)
    expect(values.get('visits')).toEqual({
      value: 2,
      numerator: 2,
      denominator: 1,
      sampleSize: 2,
      squares: 0
    })
    expect(values.get('events')?.value).toBe(3)
  })

  test('orders are distinct ids and purchases without one, over all partitions', () => {
    const { values } = metricsOf(
      [purchase('a', { orderId: 'o1' }), purchase('b')],
      [purchase('a', { orderId: 'o1' }), purchase('c', { orderId: 'o2' }), purchase('d')]
    )
    expect(values.get('orders')?.value).toBe(4)
    expect(values.get('purchasing_sessions')?.value).toBe(4)
  })

  test('a window in which nothing happened has noughts, and ratios without a value', () => {
    const { values, records, segments } = metricsOf()
    expect(records).toBe(0)
    expect(segments).toEqual([])
    const named = (value: number | null) =>
      [...values].flatMap(([name, of]) => (of.value === value ? [name] : []))
    expect(named(0)).toEqual([
      'events',
      'visits',
      'visitors',
      'product_views',
      'searches',
      'cart_adds',
      'cart_removals',
      'carting_sessions',
      'checkouts_started',
      'purchasing_sessions',
      'orders',
      'revenue',
      'units',
      'refunds',
      'net_revenue'
    ])
    expect(named(null).length + 15).toBe(values.size)
  })
})

describe('revenue', () => {
  test('is in units, with the number of its terms and their squares in units', () => {
    const { values } = metricsOf(
      [purchase('a', { amount: 199_900 }), purchase('b')],
      [purchase('c', { amount: 100_000 })]
    )
    expect(values.get('revenue')).toEqual({
      value: 29.99,
      numerator: 29.99,
      denominator: 1,
      sampleSize: 2,
      squares: 499.6001
    })
  })

  test('is summed in integers, so that the last digit does not depend on the order', () => {
    const amounts = Array.from({ length: 1_000 }, (_, index) => 1_001 + index * 37)
    const purchases = amounts.map(amount => purchase('a', { amount }))
    const expected = amounts.reduce((sum, amount) => sum + amount, 0) / 10_000
    expect(metricsOf(purchases).values.get('revenue')?.value).toBe(expected)
    expect(metricsOf(purchases.slice(500), purchases.slice(0, 500)).values.get('revenue')?.value).toBe(
      expected
    )
  })

  test('in currencies without a rate is a segment each, by name, over all partitions', () => {
    const { values, segments } = metricsOf(
      [purchase('a', { amount: 70_000 }), purchase('b', { amount: 50_000, currency: 'SEK' })],
      [purchase('c', { amount: 10_000, currency: 'GBP' }), purchase('d', { amount: 30_000, currency: 'SEK' })]
    )
    expect(values.get('revenue')?.value).toBe(7)
    expect(segments.filter(({ dimension }) => dimension === 'currency')).toEqual([
      {
        metric: 'revenue',
        dimension: 'currency',
        segment: 'currency=GBP',
        value: 1,
        numerator: 1,
        denominator: 1,
        sampleSize: 1,
        squares: 1
      },
      {
        metric: 'revenue',
        dimension: 'currency',
        segment: 'currency=SEK',
        value: 8,
        numerator: 8,
        denominator: 1,
        sampleSize: 2,
        squares: 34
      }
    ])
  })
})

describe('ratios', () => {
  test('cart abandonment is the share of carting sessions without a purchase', () => {
    const { values } = metricsOf([cart('a'), cart('b'), cart('c'), cart('d'), purchase('a')])
    expect(values.get('cart_abandonment_rate')).toEqual({
      value: 0.75,
      numerator: 3,
      denominator: 4,
      sampleSize: 4,
      squares: 0
    })
  })

  test('cart abandonment is shown no lower than 0, while its numerator adds up below', () => {
    const { values } = metricsOf([cart('a'), purchase('a'), purchase('b'), purchase('c')])
    expect(values.get('cart_abandonment_rate')).toMatchObject({ value: 0, numerator: -2, denominator: 1 })
  })

  test('checkout success is orders by checkouts started, and may pass 1', () => {
    const { values } = metricsOf([{ type: 'checkout_started' }, purchase('a'), purchase('b')])
    expect(values.get('checkout_success_rate')).toMatchObject({ value: 2, numerator: 2, denominator: 1 })
  })

  test('missing prices are of the events that need one, faults of all', () => {
    const { values } = metricsOf([
      purchase('a', { faults: faultBits.missing_price }),
      purchase('b', { faults: faultBits.negative_price }),
      cart('a'),
      { type: 'checkout_started' },
      { type: 'unknown', faults: faultBits.unknown_type }
    ])
    expect(values.get('missing_price_rate')).toMatchObject({ value: 0.25, numerator: 1, denominator: 4 })
    expect(values.get('invalid_rate')).toMatchObject({ value: 0.6, numerator: 3, denominator: 5 })
  })

  test('late events and dead letters are measured against all records, and are no events', () => {
    const share = shareOf([{}, {}, {}])
    share.late = 1
    share.dead = 6
    share.records += 7
    const { values, records } = evaluate({
      start: 0,
      end: 60_000,
      complete: true,
      partials: [share],
      partitions: ['shop-events/0']
    })
    expect(records).toBe(10)
    expect(values.get('events')?.value).toBe(3)
    expect(values.get('late_rate')).toMatchObject({ value: 0.25, numerator: 1, denominator: 4 })
    expect(values.get('dead_letter_rate')).toMatchObject({ value: 0.6, numerator: 6, denominator: 10 })
  })
})

test('a window that was not seen whole says so in its metrics', () => {
  expect(evaluate({ start: 0, end: 60_000, complete: false, partials: [], partitions: [] })).toMatchObject({
    start: 0,
    end: 60_000,
    complete: false
  })
})
