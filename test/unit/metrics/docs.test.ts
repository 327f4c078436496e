import { expect, test } from 'vitest'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'
import { docs, metricRow, rowsUnder } from '../../support/documented.ts'

test('docs/metrics.md lists every metric with its unit, how it adds up, what is bad, its segments and its description', () => {
  expect(rowsUnder(docs('metrics.md'), '| metric | unit')).toEqual(shopMetrics.map(metricRow))
})
