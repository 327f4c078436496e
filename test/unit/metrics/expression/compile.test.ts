import { describe, expect, test } from 'vitest'
import type { EventLine, ShopEvent } from '../../../../src/decode/types.ts'
import { createShopMetrics } from '../../../../src/metrics/create.ts'
import { createEvaluate } from '../../../../src/metrics/evaluate.ts'
import { parseExpression } from '../../../../src/metrics/expression/parse.ts'
import type { OwnMetric } from '../../../../src/metrics/expression/types.ts'
import { scaleOf } from '../../../../src/metrics/scale.ts'
import type { MetricDefinition, Unit } from '../../../../src/metrics/types.ts'
import { compile, createPartial } from '../../../../src/window/accumulate.ts'
import { shopEvent } from '../../../support/shop-event.ts'

type Fields = Partial<ShopEvent>

function metricsOf(source: string, said: Partial<OwnMetric> = {}) {
  const parsed = parseExpression(source)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.misreading))
  return createShopMetrics({
    segments: { dimensions: [], combinations: [], top: 50, maxValues: 1_000 },
    metrics: { own: { ...parsed.expression, ...said } as OwnMetric }
  })
}

/** The metric of these events, in euros; dollars have a rate of a half, and other money none. */
const measureOf = (source: string, ...events: readonly Fields[]) => measureAs({}, source, ...events)

/** With what the configuration says of it beside the expression. */
function measureAs(said: Partial<OwnMetric>, source: string, ...events: readonly Fields[]) {
  const metrics = metricsOf(source, said)
  const options = {
    ...metrics,
    orderSpanMs: 0,
    rates: new Map([
      ['EUR', 1],
      ['USD', 0.5]
    ])
  }
  const share = createPartial(0, options)
  const accumulate = compile(options)
  for (const fields of events) accumulate(share, shopEvent(0, fields), 0)
  const closed = { start: 0, end: 60_000, complete: true, partials: [share], partitions: ['t/0'] }
  return createEvaluate(metrics)(closed).values.get('own')
}

const purchase = (fields: Fields = {}): Fields => ({ type: 'purchase', typeName: 'purchase', ...fields })
const line = (category: string, amount: number, quantity = 1): EventLine => ({
  category,
  amount,
  quantity,
  productId: undefined
})

describe("a metric of one's own", () => {
  test('counts the events for which its condition holds', () => {
    const events: Fields[] = [
      purchase({ country: 'DE' }),
      purchase({ country: 'FR' }),
      purchase(),
      { type: 'page_view', typeName: 'page_view', country: 'DE' },
      { type: 'unknown', typeName: 'hover', country: 'DE' }
    ]
    expect(measureOf('count', ...events)?.value).toBe(5)
    expect(measureOf('count where event_type = purchase and country = DE', ...events)?.value).toBe(1)
    expect(measureOf('count where event_type in (purchase, hover)', ...events)?.value).toBe(4)
    expect(measureOf('count where country != DE', ...events)?.value).toBe(2)
    expect(measureOf('count where not country exists', ...events)?.value).toBe(1)
    expect(measureOf('count where event_type = purchase or country = DE', ...events)?.value).toBe(5)
  })

  test('compares numbers, and nothing that is none', () => {
    const events: Fields[] = [
      purchase({ amount: 100_000 }),
      purchase({ amount: 199_900, quantity: 2 }),
      purchase()
    ]
    expect(measureOf('count where amount > 10', ...events)?.value).toBe(1)
    expect(measureOf('count where amount >= 10', ...events)?.value).toBe(2)
    expect(measureOf('count where amount < 19.99', ...events)?.value).toBe(1)
    expect(measureOf('count where price <= 9.995', ...events)?.value).toBe(1)
    expect(measureOf('count where amount = 10', ...events)?.value).toBe(1)
  })

  test('sums money in the currency of the shop, and leaves out what has no rate', () => {
    const events = [
      purchase({ amount: 100_000 }),
      purchase({ amount: 30_000, currency: 'USD' }),
      purchase({ amount: 1, currency: 'SEK' })
    ]
    expect(measureOf('sum of amount where event_type = purchase', ...events)).toEqual({
      value: 11.5,
      numerator: 11.5,
      denominator: 1,
      sampleSize: 2,
      squares: 102.25
    })
  })

  test('reads further fields by their path, in the order in which events have them', () => {
    expect(metricsOf('sum of fees.total where shipping.method = express').extraFields).toEqual([
      'fees.total',
      'shipping.method'
    ])
    const sum = measureOf(
      'sum of fees.total where shipping.method = express',
      { extra: [0.1, 'express'] },
      { extra: ['0.2', 'express'] },
      { extra: ['much', 'express'] },
      { extra: [1e12, 'express'] },
      { extra: [7, 'post'] },
      { extra: [undefined, undefined] }
    )
    expect([sum?.value, sum?.sampleSize]).toEqual([0.3, 2])
    expect(measureOf('count where gift = true', { extra: [true] }, { extra: ['true'] })?.value).toBe(2)
    expect(measureOf('distinct of coupon', { extra: ['a'] }, { extra: ['a'] }, { extra: [7] })?.value).toBe(2)
  })

  test('turns money of a further field into the currency of the shop, where its unit says that it is money', () => {
    const costs: Fields[] = [
      { extra: [1.00005] },
      { extra: ['3.3333'], currency: 'USD' },
      { extra: [7], currency: 'SEK' }
    ]
    expect(measureAs({ unit: 'money' }, 'sum of cost', ...costs)).toMatchObject({
      // Of ten-thousandths: 10001 and, of 33333 at a half, 16667.
      value: 2.6668,
      sampleSize: 2
    })
    expect(measureOf('sum of cost', ...costs)?.value).toBe(11.3334)
    expect(measureAs({ unit: 'money' }, 'p50 of cost', ...costs)?.sampleSize).toBe(2)
    const perEvent = 'ratio of (sum of cost) to (sum of cost)'
    expect(measureAs({ unit: 'money' }, perEvent, ...costs)).toMatchObject({
      numerator: 2.6668,
      denominator: 11.3334
    })
  })

  test('multiplies fields event by event, and divides their sum', () => {
    const used: Fields[] = [
      { extra: [0.3333, 300] },
      { extra: [1, '60'] },
      { extra: [0.5, undefined] },
      { extra: ['much', 60] }
    ]
    expect(measureOf('sum of used × seconds', ...used)).toMatchObject({ value: 159.99, sampleSize: 2 })
    const hours = Array.from({ length: 12 }, (): Fields => ({ extra: [300] }))
    expect(measureOf('sum of seconds / 3600', ...hours)?.value).toBe(1)
    expect(measureOf('sum of amount / 2', { amount: 30_000 })?.value).toBe(1.5)
    expect(measureOf('sum of amount × quantity', { amount: 30_000, quantity: 3 })?.value).toBe(9)
    expect(metricsOf('sum of a × quantity / 2').extraFields).toEqual(['a'])
  })

  test('asks each product of an event that has several', () => {
    const order = purchase({
      lines: [line('shoes', 60_000, 3), line('hats', 10_000)],
      amount: 70_000
    })
    expect(measureOf('count where category = hats', order)?.value).toBe(1)
    expect(measureOf('count where category != hats', order)?.value).toBe(0)
    expect(measureOf('distinct of category', order, { category: 'hats' })?.value).toBe(2)
    expect(measureOf('sum of price', order)).toMatchObject({ value: 3, sampleSize: 2 })
    expect(measureOf('sum of amount', order)).toMatchObject({ value: 7, sampleSize: 1 })
  })

  test('is a ratio that adds up', () => {
    const events = [purchase({ extra: ['x'] }), purchase({ extra: [undefined] }), purchase({ extra: ['y'] })]
    expect(
      measureOf('ratio of (count where voucher exists) to (count where event_type = purchase)', ...events)
    ).toEqual({ value: 2 / 3, numerator: 2, denominator: 3, sampleSize: 3, squares: 0 })
  })

  test('is a quantile, which adds up over no windows', () => {
    const events = Array.from({ length: 100 }, (_, index) => purchase({ amount: (index + 1) * 10_000 }))
    const found = measureOf('p95 of amount', ...events)
    expect(found).toMatchObject({ numerator: 0, denominator: 0, sampleSize: 100 })
    expect(Math.abs((found?.value as number) - 95)).toBeLessThanOrEqual(0.95)
    expect(measureOf('p95 of amount')).toMatchObject({ value: null, sampleSize: 0 })
  })

  test('is read as its expression shows, or as the configuration says', () => {
    const own = (source: string, said: Partial<OwnMetric> = {}) => {
      const metric = metricsOf(source, said).metrics.at(-1) as MetricDefinition
      return { ...scaleOf(metric), bad: metric.bad }
    }
    expect(own('count')).toEqual({ unit: 'count', additive: true, bad: 'either' })
    expect(own('sum of amount')).toEqual({ unit: 'money', additive: true, bad: 'either' })
    expect(own('distinct of coupon')).toEqual({ unit: 'count', additive: false, bad: 'either' })
    expect(own('p50 of weight')).toEqual({ unit: 'number', additive: false, bad: 'either' })
    expect(own('ratio of (sum of amount) to (count)')).toEqual({
      unit: 'money',
      additive: false,
      bad: 'either'
    })
    expect(own('sum of margin', { unit: 'money', bad: 'drop' })).toEqual({
      unit: 'money',
      additive: true,
      bad: 'drop'
    })
    expect(own('distinct of coupon', { additive: true })).toEqual({
      unit: 'count',
      additive: true,
      bad: 'either'
    })
  })

  test('is a ratio of counts by what it is made of, whatever its unit is said to be', () => {
    const isOfCounts = (source: string, unit?: Unit) => {
      const metric = metricsOf(source, unit && { unit }).metrics.at(-1)
      return metric?.kind === 'ratio' && metric.ofCounts
    }
    expect(isOfCounts('ratio of (count) to (distinct of session_id)', 'number')).toBe(true)
    expect(isOfCounts('ratio of (sum of amount) to (sum of price)', 'share')).toBe(false)
  })

  test('says what it is counted in', () => {
    const unitOf = (source: string) => metricsOf(source).metrics.at(-1)?.unit
    expect(unitOf('count')).toBe('count')
    expect(unitOf('sum of price')).toBe('money')
    expect(unitOf('p50 of weight')).toBe('number')
    expect(unitOf('ratio of (count) to (distinct of session_id)')).toBe('share')
    expect(unitOf('ratio of (sum of amount) to (count)')).toBe('money')
    expect(unitOf('ratio of (count) to (sum of weight)')).toBe('number')
  })
})
