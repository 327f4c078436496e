import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createShop } from '../../../detectors/baseline/series-registry.ts'
import { createWords } from '../../../detectors/rules/format.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'
import { createEvaluate } from '../../../src/metrics/evaluate.ts'
import { shopMeasures } from '../../../src/metrics/measures.ts'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { ingestOptions, plainMetrics } from '../../support/ingest-options.ts'
import { shopEvent } from '../../support/shop-event.ts'
import { bulkPurchases, bulkRate } from './bulk-rate.ts'
import { searchDrop } from './search-drop.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const blocks = [...read('../../../docs/extending.md').matchAll(/```(\w+)\n([\s\S]*?)```/g)]
const shown = (language: string) => blocks.filter(([, name]) => name === language).map(([, , text]) => text)

test('the examples of the guide are those that are run here', () => {
  expect(shown('ts')).toEqual([
    read('bulk-rate.ts').replaceAll('../../../src/metrics/', './').replaceAll('../../../src/', '../'),
    read('search-drop.ts').replaceAll('../../../detectors/', '../')
  ])
})

test('the metric of the guide is counted', () => {
  const measures = [...shopMeasures, bulkPurchases]
  const options = { ...ingestOptions(), measures }
  const partial = createPartial(0, options)
  const accumulate = compile(options)
  for (const quantity of [1, 1, 1, 12]) accumulate(partial, shopEvent(0, { type: 'purchase', quantity }), 0)
  const evaluate = createEvaluate({ ...plainMetrics, measures, metrics: [...shopMetrics, bulkRate] })
  const window = { start: 0, end: 60_000, complete: true, partials: [partial], partitions: ['shop-events/0'] }
  expect(evaluate(window).values.get('bulk_rate')?.value).toBe(0.25)
})

test('the kind of the guide finds that searches stop', () => {
  const shop = createShop({ baseline: detectorDefaults.baseline, windowMs: 60_000 })
  const options = searchDrop.options.parse({})
  const detector = searchDrop.create?.(shop.over(options.spans ?? []), options, shop)
  const words = createWords('USD', 60_000)
  for (let window = 1_000; window < 1_122; window += 1) {
    const searches = window < 1_120 ? 20 : 0
    for (const { series } of shop.followed) {
      series.enter({ window, localMs: window * 60_000 }, { count: searches, exposure: 1 })
      if (window < 1_120) series.train()
    }
  }
  expect(detector?.judge(words, { now: false, of: () => false, rose: () => false })?.details).toMatch(
    /^0 searches in 2 minutes, usually \d\d\.$/
  )
})

test('the configuration of the guide is right', () => {
  // Here the guide's metric is not in the catalogue: it stands in as one of the user's own.
  const metrics = { bulk_rate: 'count where quantity >= 10' }
  const [watched, dimensions] = shown('yaml').map(text =>
    configSchema.parse({ metrics, ...parse(text as string) })
  )
  expect(watched?.detectors.metric_change.metrics).toEqual(['bulk_rate'])
  expect(dimensions?.segments.dimensions).toContain('shipping.method')
})
