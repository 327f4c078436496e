import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'

function errorsOf(source: string): readonly string[] {
  const loaded = loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => source })
  return loaded.ok ? [] : loaded.errors.map(({ place, path, message }) => `${place}: ${path}: ${message}`)
}

test('a metric that is watched and that there is none of is refused, with the nearest', () => {
  expect(
    errorsOf(`
metrics: { basket_p95: p95 of price where event_type = purchase }
detectors:
  metric_change: { metrics: [basket_p95, basket_p96] }
  metric_drift: { metrics: [revenue, oders] }
`)
  ).toEqual([
    'cartwatch.yaml:4:42: detectors.metric_change.metrics[1]: is "basket_p96"; expected a built-in metric or one of your own (did you mean basket_p95?)',
    'cartwatch.yaml:5:38: detectors.metric_drift.metrics[1]: is "oders"; expected a built-in metric or one of your own (did you mean orders?)'
  ])
})
