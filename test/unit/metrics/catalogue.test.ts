import { expect, test } from 'vitest'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'
import { shopMeasures } from '../../../src/metrics/measures.ts'

test('every metric is made of measures, and no two of either share a name', () => {
  const measures = shopMeasures.map(({ name }) => name as string)
  const metrics = shopMetrics.map(({ name }) => name)
  expect(new Set(measures).size).toBe(measures.length)
  expect(new Set(metrics).size).toBe(metrics.length)
  const used = shopMetrics.flatMap(metric =>
    metric.kind === 'ratio' ? [...metric.numerator, ...metric.denominator] : [metric.of]
  )
  const known = [...measures, 'late', 'dead']
  expect(used.map(name => name.replace(/^-/, '')).filter(name => !known.includes(name))).toEqual([])
})

test('a metric of one measure is of the kind of that measure', () => {
  const kinds = new Map<string, string>(shopMeasures.map(({ name, kind }) => [name, kind]))
  const differing = shopMetrics.filter(
    metric => metric.kind !== 'ratio' && kinds.get(metric.of) !== metric.kind
  )
  expect(differing).toEqual([])
})

test('every metric says what it is', () => {
  expect(shopMetrics.filter(({ description }) => description.length < 10)).toEqual([])
})
