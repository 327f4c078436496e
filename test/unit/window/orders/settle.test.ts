import { describe, expect, test } from 'vitest'
import { contractFields } from '../../../../src/decode/layout.ts'
import type { ShopEvent } from '../../../../src/decode/types.ts'
import { createEvaluate } from '../../../../src/metrics/evaluate.ts'
import { compile, createPartial } from '../../../../src/window/accumulate.ts'
import { contentOf } from '../../../../src/window/orders/content.ts'
import { holdLate } from '../../../../src/window/orders/held.ts'
import { createSettleOrders } from '../../../../src/window/orders/settle.ts'
import { ingestOptions, plainMetrics } from '../../../support/ingest-options.ts'
import { shopEvent } from '../../../support/shop-event.ts'

const minute = 60_000
const second = 1_000
const hour = 60 * minute
const options = ingestOptions({ orderSpanMs: 24 * hour })
const evaluate = createEvaluate(plainMetrics)
const withQuantity = 1 << contractFields.indexOf('quantity')

type Fields = Partial<ShopEvent>

const purchase = (at: number, fields: Fields = {}): ShopEvent =>
  shopEvent(at, {
    type: 'purchase',
    orderId: 'o-1',
    sessionId: 's-1',
    userId: 'u-1',
    productId: 'p-1',
    amount: 190_000,
    quantity: 1,
    present: withQuantity,
    ...fields
  })

/** Closes a window for each minute that has events; an event may name its partition. */
function shop(limit?: number) {
  const settle = createSettleOrders(options, [], limit)
  const accumulate = compile(options)
  return (...events: (ShopEvent | readonly [partition: string, event: ShopEvent])[]) => {
    const all = events.map(one => ('type' in one ? (['t/0', one] as const) : one))
    const start = Math.floor((all[0]?.[1].eventTime ?? 0) / minute) * minute
    const partitions = [...new Set(all.map(([partition]) => partition))]
    const partials = partitions.map(partition => {
      const partial = createPartial(start, options)
      for (const [key, event] of all) if (key === partition) accumulate(partial, event, event.eventTime)
      return partial
    })
    const [window] = settle([{ start, end: start + minute, complete: true, partials, partitions }])
    if (window === undefined) throw new Error('no window')
    const { values, records } = evaluate(window)
    const of = (name: string) => values.get(name)?.numerator
    return {
      records,
      events: of('events'),
      orders: of('orders'),
      revenue: of('revenue'),
      repeats: of('repeated_order_rate'),
      window
    }
  }
}

describe('an order that comes again', () => {
  test('within its window counts once, and each time as an event', () => {
    expect(shop()(purchase(0, { eventId: 'e-1' }), purchase(9 * second, { eventId: 'e-2' }))).toMatchObject({
      records: 2,
      events: 2,
      orders: 1,
      revenue: 19,
      repeats: 1
    })
  })

  test('hours later, in another session and on another partition, counts once', () => {
    const close = shop()
    expect(close(purchase(0))).toMatchObject({ orders: 1, revenue: 19, repeats: 0 })
    expect(close(['u/3', purchase(5 * hour, { sessionId: 's-9', eventId: 'e-9' })])).toMatchObject({
      events: 1,
      orders: 0,
      revenue: 0,
      repeats: 1,
      window: { orders: { repeats: [{ partition: 'u/3', purchases: 1, example: 'o-1' }] } }
    })
  })

  test('after the span counts again', () => {
    const close = shop()
    close(purchase(0))
    expect(close(purchase(24 * hour))).toMatchObject({ orders: 0, repeats: 1 })
    expect(close(purchase(24 * hour + minute))).toMatchObject({ orders: 1, revenue: 19, repeats: 0 })
  })

  test('of the same minute on two partitions, the first by its time counts', () => {
    const { window } = shop()(['t/0', purchase(20 * second)], ['t/1', purchase(10 * second)])
    expect(window.orders?.repeats).toEqual([{ partition: 't/0', purchases: 1, example: 'o-1' }])
  })

  test('is known by its products, whatever their order', () => {
    const line = (productId: string, amount: number) => ({
      productId,
      amount,
      quantity: 1,
      category: undefined
    })
    const [one, other] = [line('p-1', 50_000), line('p-2', 70_000)]
    const close = shop()
    close(purchase(0, { productId: undefined, lines: [one, other], amount: 120_000 }))
    const again = purchase(hour, { productId: undefined, lines: [other, one], amount: 120_000 })
    expect(close(again)).toMatchObject({ revenue: 0, repeats: 1 })
  })

  test('late counts nowhere, and is told of where it was counted', () => {
    const partial = createPartial(minute, options)
    if (partial.held === undefined) throw new Error('orders are not compared')
    for (const orderId of ['o-1', 'o-2']) holdLate(partial.held, purchase(0, { orderId }))
    const before = [{ start: 0, keys: Float64Array.of(contentOf(purchase(0))) }]
    const closed = {
      start: minute,
      end: 2 * minute,
      complete: true,
      partials: [partial],
      partitions: ['t/0']
    }
    const [window] = createSettleOrders(options, before)([closed])
    expect(window?.orders?.repeats).toEqual([{ partition: 't/0', purchases: 1, example: 'o-1' }])
    expect(window && evaluate(window).values.get('events')?.value).toBe(0)
  })
})

describe('no order that comes again is', () => {
  test('another line of it, seconds or minutes later', () => {
    const close = shop()
    const lines = [purchase(0), purchase(second, { productId: 'p-2' }), purchase(second, { amount: 50_000 })]
    expect(close(...lines)).toMatchObject({ orders: 1, revenue: 43, repeats: 0 })
    expect(close(purchase(2 * minute, { productId: 'p-3' }))).toMatchObject({ revenue: 19, repeats: 0 })
  })

  test('a second piece at the same time, where events have no quantity', () => {
    const piece = (fields: Fields) => purchase(0, { present: 0, ...fields })
    expect(shop()(piece({}), piece({}))).toMatchObject({ orders: 1, revenue: 38, repeats: 0 })
    const sentAgain = [piece({ eventId: 'e-1' }), piece({ eventId: 'e-2' }), piece({ eventId: 'e-1' })]
    expect(shop()(...sentAgain)).toMatchObject({ revenue: 38, repeats: 1 })
    expect(shop()(piece({}), purchase(9 * second, { present: 0 }))).toMatchObject({ revenue: 19, repeats: 1 })
    expect(shop()(piece({ productId: undefined }), piece({ productId: undefined }))).toMatchObject({
      revenue: 19,
      repeats: 1
    })
  })

  test('an equal line at the same time with an id of its own, which comes once', () => {
    const lines = [purchase(0, { eventId: 'e-1' }), purchase(0, { eventId: 'e-2' })]
    expect(shop()(...lines)).toMatchObject({ orders: 1, revenue: 38, repeats: 0 })
    expect(shop()(...lines, purchase(0, { eventId: 'e-2' }))).toMatchObject({ revenue: 38, repeats: 1 })
    expect(shop()(purchase(0), purchase(0))).toMatchObject({ revenue: 19, repeats: 1 })
  })

  test('the same of another customer, whose shop writes one id for all', () => {
    expect(shop()(purchase(0), purchase(second, { userId: 'u-2' }))).toMatchObject({
      revenue: 38,
      repeats: 0
    })
  })

  test.each(['undefined', 'N/A', '0', '--', 'NULL'])('one with the id %s, which is none', orderId => {
    expect(shop()(purchase(0, { orderId }), purchase(second, { orderId }))).toMatchObject({
      revenue: 38,
      repeats: 0
    })
  })

  test('one without an id, or whose id is the session', () => {
    const bare = { orderId: undefined }
    expect(shop()(purchase(0, bare), purchase(second, bare))).toMatchObject({ orders: 2, revenue: 38 })
    const bySession = { orderId: 's-1' }
    expect(shop()(purchase(0, bySession), purchase(second, bySession))).toMatchObject({ revenue: 38 })
  })

  test('a refund', () => {
    const refund = purchase(0, { type: 'refund' })
    const { window } = shop()(purchase(0), refund, refund)
    const { values } = evaluate(window)
    expect(values.get('refunds')?.value).toBe(2)
    expect(values.get('net_revenue')?.value).toBe(-19)
  })
})

describe('more orders than are compared', () => {
  test('in a window count at once, and are told of', () => {
    const many = Array.from({ length: 10_002 }, () => purchase(0))
    expect(shop()(...many)).toMatchObject({ orders: 1, revenue: 57, window: { orders: { uncompared: 2 } } })
  })

  test('within the span make the oldest windows forgotten, and are told of', () => {
    const close = shop(2)
    close(purchase(0), purchase(0, { orderId: 'o-2' }))
    expect(close(purchase(minute, { orderId: 'o-3' })).window.orders?.forgotten).toBe(2)
    expect(close(purchase(2 * minute))).toMatchObject({ revenue: 19, repeats: 0 })
  })
})
