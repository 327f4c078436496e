import { describe, expect, test } from 'vitest'
import { shopMetrics } from '../../../../src/metrics/catalogue.ts'
import type { MetricDefinition, MetricValue } from '../../../../src/metrics/types.ts'
import { around, count, feed, ratio } from '../feed.ts'

const described = { description: '', unit: 'number', bad: 'either' } as const

describe('a metric change', () => {
  const definitions: readonly MetricDefinition[] = [
    { ...described, name: 'express_orders', kind: 'count', of: 'express_orders' },
    { ...described, name: 'basket_p95', kind: 'quantile', of: 'basket', share: 0.95 }
  ]
  const kind = 'metric_change'
  const options = { metrics: ['express_orders', 'basket_p95', 'unknown'] }
  const quantile = (value: number, sampleSize: number): MetricValue => ({
    value,
    numerator: 0,
    denominator: 0,
    sampleSize,
    squares: 0
  })
  const shop = (express: number, basket: number) => (minute: number) => ({
    values: {
      express_orders: count(around(minute < 200 ? 40 : express, minute, 'express')),
      basket_p95: quantile(around(minute < 200 ? 180 : basket, minute, 'basket'), 20)
    }
  })

  test('is found of a count and of a quantile, both ways', () => {
    expect(feed({ kind, options, metrics: definitions }, 210, shop(10, 180))[0]).toMatchObject({
      metric: 'express_orders',
      severity: 'medium',
      minute: 201
    })
    const [rise] = feed({ kind, options, metrics: definitions }, 210, shop(40, 400))
    expect(rise).toMatchObject({ metric: 'basket_p95', minute: 201 })
    expect(rise?.details).toMatch(
      /^basket_p95 rose by 1\d\d% from baseline \(1[78]\d → [34]\d\d in 2 minutes\)\.$/
    )
  })

  test('of a metric of the user’s own is looked for in the direction that is bad, where the configuration says which', () => {
    const metrics = definitions.map(metric => ({ ...metric, bad: 'rise' as const }))
    expect(feed({ kind, options, metrics }, 210, shop(10, 400))[0]).toMatchObject({
      metric: 'basket_p95',
      evidence: { metrics: 'basket_p95' }
    })
    expect(feed({ kind, options, metrics }, 210, shop(10, 180))).toEqual([])
  })

  test('of a metric of every shop is looked for both ways, whichever is bad', () => {
    const refunds = (minute: number) => ({
      values: { refunds: count(around(minute < 200 ? 40 : 10, minute, 'refunds')) }
    })
    expect(shopMetrics.find(({ name }) => name === 'refunds')?.bad).toBe('rise')
    expect(
      feed({ kind, options: { metrics: ['refunds'] }, metrics: shopMetrics }, 210, refunds)[0]
    ).toMatchObject({
      metric: 'refunds',
      unit: 'count',
      additive: true
    })
  })

  test('is read in the unit of its metric, whatever the metric is called', () => {
    const rate = { name: 'pay_rate', kind: 'ratio', numerator: ['paid'], denominator: ['orders'] } as const
    const margin = { name: 'gross_margin', kind: 'sum', of: 'margin' } as const
    const metrics: readonly MetricDefinition[] = [
      { ...described, ...rate, unit: 'money' },
      { ...described, ...margin, unit: 'money' }
    ]
    const unitsOf = (metric: string, values: (level: number) => Record<string, MetricValue>) =>
      feed({ kind, options: { metrics: [metric] }, metrics }, 210, minute => ({
        values: values(minute < 200 ? 1 : 0.3)
      })).map(({ metric, unit, additive }) => ({ metric, unit, additive }))[0]
    expect(unitsOf('pay_rate', level => ({ pay_rate: ratio(1_328 * level, 40) }))).toEqual({
      metric: 'pay_rate',
      unit: 'money',
      additive: false
    })
    const sum = (level: number) => ({
      ...count(400 * level),
      sampleSize: 40,
      squares: 40 * (10 * level) ** 2
    })
    expect(unitsOf('gross_margin', level => ({ gross_margin: sum(level) }))).toEqual({
      metric: 'gross_margin',
      unit: 'money',
      additive: true
    })
  })

  test('names all that changed in one finding', () => {
    const [first] = feed({ kind, options, metrics: definitions }, 210, shop(10, 400))
    expect(first?.evidence['metrics']).toMatch(/^(express_orders, basket_p95|basket_p95, express_orders)$/)
  })

  test('is none of steady metrics, nor of those that no one lists', () => {
    expect(feed({ kind, options, metrics: definitions }, 900, shop(40, 180))).toEqual([])
    expect(feed({ kind, metrics: definitions }, 210, shop(0, 900))).toEqual([])
  })
})

describe('a metric drift', () => {
  const kind = 'metric_drift'
  const day = 1_440
  const curve = (minute: number) => 1 + 0.5 * Math.sin((2 * Math.PI * minute) / day)
  /** Orders of 60 units; their value and their number as days go by. */
  const shop = (valueOn: (day: number) => number, countOn: (day: number) => number) => (minute: number) => {
    const orders = around(20 * curve(minute) * countOn(minute / day), minute, 'orders')
    return {
      values: {
        average_order_value: ratio(60 * valueOn(minute / day) * orders, orders),
        orders: count(orders)
      }
    }
  }
  /** Four steady weeks, then down by 3 % a day for ten days. */
  const slow = (today: number) => 1 - 0.03 * Math.min(10, Math.max(0, today - 28))
  const drifts = feed(
    { kind },
    40 * day,
    shop(slow, () => 1)
  )

  test('is none in four steady weeks', () => {
    expect(drifts.filter(({ minute }) => minute < 28 * day)).toEqual([])
  })

  test('is never told against a day on which the shop is closed: nothing is usual of it', () => {
    const isSaturday = (today: number) => Math.floor(today) % 7 === 5
    const opened = feed(
      { kind },
      34 * day,
      shop(
        () => 1,
        today => (isSaturday(today) && today < 33 ? 0.004 : 1)
      )
    )
    expect(opened.filter(({ expected }) => expected < 1)).toEqual([])
  })

  test('is told once of a slow shift, and is low', () => {
    expect(drifts).toHaveLength(1)
    expect(drifts[0]).toMatchObject({ metric: 'average_order_value', severity: 'low', span: day })
    expect(drifts[0]).toMatchObject({ unit: 'money', additive: false })
    expect(drifts[0]?.details).toMatch(
      /^average_order_value has drifted by −1[5-9]% over 24 hours \(60 → (49|5[01])(\.\d)? in the mean\), against the same hours of \d+ days\.$/
    )
  })
})
