import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'

const docs = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')

test('docs/metrics.md lists every metric with its unit, its segments and its description', () => {
  const listed = [...docs.matchAll(/^\| `(\w+)` \| (\w+) \| (\S*) ?\| (.*) \|$/gm)].map(match =>
    match.slice(1)
  )
  const segmentsOf = (metric: (typeof shopMetrics)[number]) =>
    'segmented' in metric
      ? 'all'
      : metric.kind === 'segment_share'
        ? metric.dimension
        : metric.kind === 'field_share'
          ? 'field'
          : ''
  expect(listed).toEqual(
    shopMetrics.map(metric => [metric.name, metric.unit, segmentsOf(metric), metric.description])
  )
})
