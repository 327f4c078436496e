import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventLine, ShopEvent } from '../../../src/decode/types.ts'
import { createShopMetrics } from '../../../src/metrics/create.ts'
import { createEvaluate } from '../../../src/metrics/evaluate.ts'
import type { OwnMetric } from '../../../src/metrics/expression/types.ts'
import { fieldDimension } from '../../../src/metrics/fields.ts'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import { shopEvent } from '../../support/shop-event.ts'

type Fields = Partial<ShopEvent>
type OwnMetrics = Readonly<Record<string, OwnMetric>>

function shop({ dimensions = ['category'], maxValues = 1_000, top = 50, own = {} as OwnMetrics } = {}) {
  const metrics = createShopMetrics({
    segments: { dimensions, combinations: [], top, maxValues },
    metrics: own
  })
  const options = { ...metrics, rates: new Map([['EUR', 1]]), orderSpanMs: 0 }
  const accumulate = compile(options)
  const evaluate = createEvaluate(metrics)
  const shareOf = (events: readonly Fields[]) => {
    const share = createPartial(0, options)
    for (const fields of events) accumulate(share, shopEvent(0, fields), 0)
    return share
  }
  /** Values of the segments by metric and name, from partitions of these events. */
  const segmentsOf = (...partitions: readonly (readonly Fields[])[]) => {
    const partials = partitions.map(shareOf)
    const { segments } = evaluate({
      start: 0,
      end: 60_000,
      complete: true,
      partials,
      partitions: partials.map((_, index) => `t/${index}`)
    })
    // Those of fields and of faults have tests of their own.
    const wanted = segments.filter(
      ({ dimension }) => dimension !== fieldDimension && dimension !== 'event_type'
    )
    return Object.fromEntries(wanted.map(({ metric, segment, value }) => [`${metric}{${segment}}`, value]))
  }
  return { shareOf, segmentsOf }
}

const line = (category: string | undefined, amount: number): EventLine => ({
  category,
  amount,
  productId: undefined,
  quantity: 1
})
const order = (orderId: string | undefined, ...lines: readonly EventLine[]): Fields => ({
  type: 'purchase',
  orderId,
  lines,
  amount: lines.reduce((sum, { amount = 0 }) => sum + amount, 0)
})

describe("segments of a metric of one's own", () => {
  const cost = { kind: 'sum', field: 'cost', unit: 'money' } as const
  const used = {
    kind: 'ratio',
    numerator: { kind: 'sum', field: 'used', times: ['seconds'] },
    denominator: { kind: 'sum', field: 'seconds' }
  } as const
  /** Their further fields are gpu, provider, cost, used and seconds. */
  const events: Fields[] = [
    { extra: ['h100', 'aws', 2.5, 0.5, 300] },
    { extra: ['h100', 'gcp', 0.1, 0, 100] },
    { extra: ['t4', 'gcp', 0.2, 0, 300] }
  ]
  const rowsOf = (segments: true | readonly string[], ...partitions: readonly (readonly Fields[])[]) => {
    const own = { cost: { ...cost, segments }, used: { ...used, segments } }
    const rows = shop({ dimensions: ['gpu', 'provider'], own }).segmentsOf(...partitions)
    return Object.fromEntries(Object.entries(rows).filter(([name]) => /^(cost|used)/.test(name)))
  }

  test('are those of every dimension, over all partitions', () => {
    expect(rowsOf(true, events.slice(0, 2), events.slice(2))).toEqual({
      'cost{gpu=h100}': 2.6,
      'cost{gpu=t4}': 0.2,
      'cost{provider=aws}': 2.5,
      'cost{provider=gcp}': 0.3,
      'used{gpu=h100}': 0.375,
      'used{gpu=t4}': 0,
      'used{provider=aws}': 0.5,
      'used{provider=gcp}': 0
    })
  })

  test('are those of the dimensions that it names', () => {
    expect(Object.keys(rowsOf(['gpu'], events)).toSorted()).toEqual([
      'cost{gpu=h100}',
      'cost{gpu=t4}',
      'used{gpu=h100}',
      'used{gpu=t4}'
    ])
  })

  test('are folded into `other` beyond the bound', () => {
    const many = Array.from({ length: 500 }, (_, index): Fields => ({ extra: [`g${index}`, 'aws', 1, 1, 1] }))
    const own = { cost: { ...cost, segments: true as const }, used }
    const rows = shop({ dimensions: ['gpu', 'provider'], maxValues: 10, top: 5, own }).segmentsOf(many)
    const costs = Object.entries(rows).filter(([name]) => name.startsWith('cost{gpu='))
    expect(costs).toHaveLength(6)
    expect(costs.reduce((sum, [, value]) => sum + (value ?? 0), 0)).toBe(500)
    expect(Object.keys(rows).some(name => name.startsWith('used'))).toBe(false)
  })
})

describe('segments', () => {
  test('have the events, carts, checkouts, orders and revenue of their value, and none of an event without one', () => {
    const { segmentsOf } = shop()
    expect(
      segmentsOf(
        [
          { category: 'shoes' },
          { type: 'add_to_cart', category: 'shoes' },
          { type: 'purchase', category: 'shoes', orderId: 'o1', amount: 199_900 }
        ],
        [
          { type: 'purchase', category: 'shoes', orderId: 'o1', amount: 100_000 },
          { type: 'checkout_started', category: 'hats' },
          { type: 'page_view' }
        ]
      )
    ).toEqual({
      'events{category=shoes}': 4,
      'cart_adds{category=shoes}': 1,
      'orders{category=shoes}': 1,
      'revenue{category=shoes}': 29.99,
      'category_share{category=shoes}': 0.8,
      'events{category=hats}': 1,
      'checkouts_started{category=hats}': 1,
      'category_share{category=hats}': 0.2
    })
  })

  test('of an order with several lines have it once each, and of the revenue what is theirs', () => {
    const { segmentsOf } = shop()
    expect(
      segmentsOf([
        order('o1', line('shoes', 100_000), line('hats', 20_000), line('shoes', 50_000)),
        order(undefined, line('shoes', 10_000), line('shoes', 10_000)),
        order('o2', line(undefined, 70_000))
      ])
    ).toEqual({
      'events{category=shoes}': 2,
      'orders{category=shoes}': 2,
      'revenue{category=shoes}': 17,
      'category_share{category=shoes}': 1,
      'events{category=hats}': 1,
      'orders{category=hats}': 1,
      'revenue{category=hats}': 2,
      'category_share{category=hats}': 0.5
    })
  })

  test('of a field of the whole event have all lines of an order together', () => {
    const { segmentsOf } = shop({ dimensions: ['country'] })
    expect(
      segmentsOf([{ ...order('o1', line('shoes', 100_000), line('hats', 20_000)), country: 'DE' }])
    ).toEqual({ 'events{country=DE}': 1, 'orders{country=DE}': 1, 'revenue{country=DE}': 12 })
  })

  test('beyond the top are summed as other, which a value of that name is, too', () => {
    const { segmentsOf } = shop({ dimensions: ['country'], top: 2 })
    const visits = (country: string, count: number): Fields[] => Array(count).fill({ country })
    const purchase = (country: string, orderId: string): Fields => ({
      type: 'purchase',
      country,
      orderId,
      amount: 10_000
    })
    expect(
      segmentsOf(
        [...visits('DE', 3), ...visits('FR', 1), purchase('ES', 'o1'), purchase('other', 'o2')],
        [...visits('FR', 1), purchase('AT', 'o1'), ...visits('CH', 3)]
      )
    ).toEqual({
      'events{country=CH}': 3,
      'events{country=DE}': 3,
      'events{country=other}': 5,
      'orders{country=other}': 2,
      'revenue{country=other}': 3
    })
  })

  test('of values that differ in spaces or control characters alone are one, and long ones are cut', () => {
    const { segmentsOf } = shop({ dimensions: ['country'] })
    const long = 'x'.repeat(99)
    expect(
      segmentsOf([
        { country: ' DE' },
        { country: 'DE\u0007' },
        { country: 'a\nb' },
        { country: ' \t' },
        { country: `${long}🎉` },
        { country: `${long}\ud83c` }
      ])
    ).toEqual({ 'events{country=DE}': 2, 'events{country=a b}': 1, [`events{country=${long}}`]: 2 })
  })
})

describe('more values than are kept', () => {
  const flood = (from: number, count: number): Fields[] =>
    Array.from({ length: count }, (_, index) => ({ country: `v${from + index}` }))

  test('leave those with the most events, and what is left out is counted in other', () => {
    const { segmentsOf, shareOf } = shop({ dimensions: ['country'], maxValues: 10, top: 1 })
    const events = Array.from({ length: 1_000 }, (_, index) => [...flood(index * 5, 5), { country: 'DE' }])
    expect(segmentsOf(events.flat())).toEqual({
      'events{country=DE}': 1_000,
      'events{country=other}': 5_000
    })
    expect(shareOf(events.flat()).segments[0]?.rows.size).toBeLessThanOrEqual(21)
  })

  test('have what was left out in the share of other', () => {
    const { segmentsOf } = shop({ dimensions: ['category'], maxValues: 10, top: 10 })
    const heavy: Fields[] = Array(500).fill({ category: 'shoes' })
    const once = Array.from({ length: 500 }, (_, index): Fields => ({ category: `v${index}` }))
    const rows = segmentsOf([...heavy, ...once])
    expect(rows['category_share{category=shoes}']).toBe(0.5)
    expect(rows['category_share{category=other}']).toBe((rows['events{category=other}'] as number) / 1_000)
  })

  test('keep an order that several of them have once in other', () => {
    const { segmentsOf } = shop({ dimensions: ['country'], maxValues: 10, top: 1 })
    const purchases = Array.from(
      { length: 200 },
      (_, index): Fields => ({
        type: 'purchase',
        country: `v${index}`,
        orderId: `o${index % 7}`,
        amount: 10_000
      })
    )
    const heavy: Fields[] = Array(50).fill({ country: 'DE' })
    expect(segmentsOf([...heavy, ...purchases])).toMatchObject({
      'events{country=DE}': 50,
      'events{country=other}': 200,
      'orders{country=other}': 7,
      'revenue{country=other}': 200
    })
  })

  test('lose nothing: the sums over all values are those of the shop', () => {
    const { segmentsOf } = shop({ dimensions: ['country'], maxValues: 10, top: 5 })
    const fields = fc.record({ country: fc.nat(200).map(String), amount: fc.nat(1_000_000) })
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 300 }), fc.nat(300), (all, at) => {
        const events = all.map(one => ({ type: 'purchase' as const, ...one }))
        const rows = Object.entries(segmentsOf(events.slice(0, at), events.slice(at)))
        const sum = (metric: string) =>
          rows.reduce((total, [name, value]) => total + (name.startsWith(`${metric}{`) ? (value ?? 0) : 0), 0)
        expect(sum('events')).toBe(all.length)
        expect(sum('orders')).toBe(all.length)
        expect(Math.round(sum('revenue') * 10_000)).toBe(all.reduce((total, { amount }) => total + amount, 0))
      })
    )
  })
})
