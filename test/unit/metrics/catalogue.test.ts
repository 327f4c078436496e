import { expect, test } from 'vitest'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'
import { measureNamesOf } from '../../../src/metrics/create.ts'
import { shopMeasures } from '../../../src/metrics/measures.ts'

const kinds = new Map<string, string>(shopMeasures.map(({ name, kind }) => [name, kind]))

test('every metric is made of measures, and no two of either share a name', () => {
  const metrics = shopMetrics.map(({ name }) => name)
  expect(kinds.size).toBe(shopMeasures.length)
  expect(new Set(metrics).size).toBe(metrics.length)
  const known = [...kinds.keys(), 'late', 'dead', 'repeated_purchases']
  expect(shopMetrics.flatMap(measureNamesOf).filter(name => !known.includes(name))).toEqual([])
})

test('every measure serves a metric', () => {
  const used = new Set(shopMetrics.flatMap(measureNamesOf))
  expect([...kinds.keys()].filter(name => !used.has(name))).toEqual([])
})

test('a metric of one measure is of the kind of that measure, a mean and a balance of sums', () => {
  const wanted = shopMetrics.flatMap(metric => {
    const kind = metric.kind === 'mean' || metric.kind === 'balance' ? 'sum' : metric.kind
    return kind === 'ratio'
      ? []
      : measureNamesOf(metric).map(measure => [metric.name, kind, kinds.get(measure)])
  })
  expect(wanted.filter(([, kind, found]) => kind !== found)).toEqual([])
})

test('every metric says what it is', () => {
  expect(shopMetrics.filter(({ description }) => description.length < 10)).toEqual([])
})
