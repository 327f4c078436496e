import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { reportsSettingsOf } from '../../../src/run/assembly/reports.ts'

const path = 'packs/gpu-cost.yaml'
const source = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

function pack(env: Readonly<Record<string, string>> = {}) {
  const loaded = loadConfig({ path, env, readFile: () => source })
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded.config
}

test('the pack of GPU costs is a whole configuration, with its topic and metrics', () => {
  const { pipeline, kafka, timezone, currency, segments, metrics } = pack()
  expect({ pipeline, topics: kafka.topics, timezone, currency }).toEqual({
    pipeline: 'gpu-cost',
    topics: ['gpu-usage'],
    timezone: 'UTC',
    currency: 'USD'
  })
  expect(segments.dimensions).toEqual(['resource_id', 'gpu', 'provider', 'model'])
  expect(Object.keys(metrics)).toEqual(['gpu_cost', 'gpu_utilization', 'gpu_hours'])
  const own = ['resource_id', 'gpu', 'provider', 'model']
  expect(Object.values(metrics).map(metric => metric.segments)).toEqual([true, own, own])
})

test('the pack tells what is idle, and a summary at the hour of the environment', () => {
  const hours = (env: Readonly<Record<string, string>> = {}) =>
    reportsSettingsOf(pack(env)).reports.map(({ name, hour, timezone }) => [name, hour, timezone])
  expect(hours()).toEqual([
    ['idle', 10, 'UTC'],
    ['idle', 16, 'UTC'],
    ['cost-summary', 9, 'UTC']
  ])
  expect(hours({ DAILY_SUMMARY_HOUR: '7', TIMEZONE: 'Europe/Berlin' }).at(-1)).toEqual([
    'cost-summary',
    7,
    'Europe/Berlin'
  ])
  // The combinations say what each resource is.
  const { costs, segments } = pack()
  expect(segments.combinations).toEqual(
    [costs.gpu, costs.provider, costs.model].map(name => [costs.resource, name])
  )
})

test('the pack watches what a day costs, hour by hour', () => {
  const budgetOf = (env: Readonly<Record<string, string>> = {}) => pack(env).detectors.metric_threshold.rules
  expect(budgetOf()).toEqual([
    {
      name: 'daily-budget',
      metric: 'gpu_cost',
      over: { kind: 'days', days: 1 },
      direction: 'above',
      threshold: 10_000,
      hours: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
      severity: 'high',
      raiseBy: [{ severity: 'critical', from: 0.5 }]
    }
  ])
  expect(budgetOf({ GPU_DAILY_BUDGET: '2500.50' })[0]?.threshold).toBe(2_500.5)
})

test('the environment says its zone, currency and topic', () => {
  const { kafka, timezone, currency } = pack({
    TIMEZONE: 'Europe/Berlin',
    GPU_CURRENCY: 'EUR',
    GPU_TOPIC: 'usage'
  })
  expect([timezone, currency, kafka.topics]).toEqual(['Europe/Berlin', 'EUR', ['usage']])
})
