import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { reportsOf, reportsSettingsOf } from '../../../src/run/assembly/reports.ts'
import { configOf, errorsIn } from '../../support/configs.ts'
import { costSettings } from '../../support/gpu-windows.ts'

const metrics = `segments: { dimensions: [resource_id, node] }
metrics:
  gpu_cost: { expression: sum of cost, unit: money, segments: true }
  gpu_utilization: { expression: ratio of (sum of used) to (sum of interval_s), segments: [resource_id] }
`
const team = `${metrics}receivers: { team: { type: teams, webhook_url: "https://t.example/a" } }
routes: [{ default: team }]
`
const loaded = (source: string, env: Record<string, string> = {}) => {
  const one = loadConfig({ path: 'c.yaml', env, readFile: () => source })
  if (!one.ok) throw new Error(JSON.stringify(one.errors))
  return one
}

describe('reports about costs', () => {
  test('are off unless they are asked for', () => {
    expect(reportsSettingsOf(configOf(team)).reports).toEqual([])
    expect(reportsSettingsOf(configOf(`${team}costs: { idle: off, summary: off }`)).reports).toEqual([])
  })

  test('come at ten and four, and at nine, by the local clock, to the default receiver', () => {
    const config = configOf(`${team}timezone: Europe/Berlin\ncosts: { idle: {}, summary: {} }`)
    const common = { timezone: 'Europe/Berlin', receivers: ['team'], costs: costSettings }
    expect(reportsSettingsOf(config).reports).toEqual([
      { name: 'idle', hour: 10, ...common },
      { name: 'idle', hour: 16, ...common },
      { name: 'cost-summary', hour: 9, ...common }
    ])
  })

  test('are as they are configured', () => {
    const source = `segments: { dimensions: [node] }
metrics:
  spend: { expression: sum of cost, segments: [node] }
  gpu_utilization: { expression: ratio of (sum of used) to (sum of interval_s), segments: true }
receivers:
  team: { type: teams, webhook_url: "https://t.example/a" }
  boss: { type: teams, webhook_url: "https://t.example/b" }
routes: [{ default: team }]
costs:
  cost: spend
  resource: node
  idle: { below: 10%, days: 3, hours: [18, 6], raise_savings: { high: 100 }, receiver: boss }
  summary: { hour: "7", receiver: [boss, team] }`
    const config = configOf(source)
    const idle = { below: 0.1, days: 3, raiseSavings: [{ severity: 'high', from: 100 }] }
    const costs = { ...costSettings, cost: 'spend', resource: 'node', idle }
    expect(reportsSettingsOf(config).reports).toEqual([
      { name: 'idle', hour: 6, timezone: 'UTC', receivers: ['boss'], costs },
      { name: 'idle', hour: 18, timezone: 'UTC', receivers: ['boss'], costs },
      { name: 'cost-summary', hour: 7, timezone: 'UTC', receivers: ['boss', 'team'], costs }
    ])
  })

  test('go to the channel for insights where there is one', () => {
    const env = {
      SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/0123456789',
      SLACK_WEBHOOK_INSIGHTS: 'https://hooks.slack.com/services/T0/B1/0123456789'
    }
    const one = loaded(`${metrics}costs: { summary: {} }`, env)
    expect(one.warnings).toEqual([])
    expect(reportsOf(one.config, 'cost-summary')).toMatchObject([{ receivers: ['slack-insights'] }])
  })

  test('are in the language of each receiver, else in that of all', () => {
    const source = `${metrics}language: fr
receivers:
  equipe: { type: teams, webhook_url: "https://t.example/a" }
  team: { type: teams, webhook_url: "https://t.example/b", language: en }
routes: [{ default: team }]
costs: { summary: { receiver: [equipe, team] } }`
    expect(reportsOf(configOf(source), 'cost-summary')).toMatchObject([{ languages: { equipe: 'fr' } }])
  })

  test('need no metrics where they are off, and no resources for a summary alone', () => {
    expect(errorsIn('costs: { cost: nothing, resource: nowhere }')).toEqual([])
    expect(errorsIn(`${team}costs: { resource: nowhere, summary: {} }`)).toEqual([])
  })

  test('can be sent by hand where they are off', () => {
    expect(reportsOf(configOf(team), 'idle')).toMatchObject([
      { hour: 10, receivers: ['team'], costs: { idle: null } },
      { hour: 16 }
    ])
    expect(reportsOf(configOf(team), 'cost-summary')).toMatchObject([{ hour: 9, receivers: ['team'] }])
  })

  test('take the budget from the rule of a day of all, whatever rules stand before it', () => {
    const source = (rules: string) => `${team}detectors: { metric_threshold: { rules: [${rules}] } }`
    const others = [
      '{ metric: gpu_cost, over: 7 days, above: 1 }',
      '{ name: b, metric: gpu_cost, over: 1h, above: 2 }',
      '{ name: c, metric: gpu_cost, over: day, below: 3, hours: 18 }',
      '{ name: d, metric: gpu_cost, dimension: node, over: day, above: 4 }',
      '{ name: e, metric: gpu_cost, segment: "node=a", over: day, above: 5 }',
      '{ metric: orders, over: day, above: 6 }'
    ]
    const budget =
      '{ name: g, metric: gpu_cost, over: day, above: 7, severity: high, raise_by: { critical: 50% } }'
    const reports = (rules: readonly string[]) => reportsOf(configOf(source(rules.join(', '))), 'burn-rate')
    expect(reports([...others, budget])).toMatchObject([
      { name: 'burn-rate', timezone: 'UTC', receivers: ['team'], budget: { name: 'g', threshold: 7 } }
    ])
    expect(reports(others)).toMatchObject([{ budget: null }])
  })

  test.each<[string, string[]]>([
    ['{ idle: on }', ['costs.idle: is "on"; expected when a GPU is idle, and when that is told, or off']],
    ['{ idle: { below: 120% } }', ['costs.idle.below: is "120%"; expected a share above 0% and below 100%']],
    ['{ idle: { hours: [10, 24] } }', ['costs.idle.hours[1]: is 24; expected at most 23']],
    ['{ idle: { hours: [10, 10] } }', ['costs.idle.hours: each hour only once']],
    ['{ idle: { days: 0 } }', ['costs.idle.days: is 0; expected at least 1']],
    [
      '{ idle: { raise_savings: { medium: 500, high: 100 } } }',
      ['costs.idle.raise_savings.high: is 100: high from 100 is milder than medium from 500']
    ],
    ['{ summary: { hour: 24 } }', ['costs.summary.hour: is 24; expected at most 23']],
    [
      '{ summary: { receiver: boss } }',
      ['costs.summary.receiver: there is no receiver boss; there are team']
    ],
    [
      '{ cost: gpu_costs, summary: {} }',
      ['costs.cost: is "gpu_costs"; expected a built-in metric or one of your own (did you mean gpu_cost?)']
    ],
    [
      '{ resource: node, idle: {} }',
      ['costs.resource: is "node"; expected a dimension that gpu_utilization has rows of']
    ],
    [
      '{ resource: gpu, idle: {} }',
      ['costs.resource: is "gpu"; expected a dimension that gpu_cost has rows of']
    ],
    ['{ idl: {} }', ['costs.idl: is not a known key; did you mean idle?']]
  ])('are refused as %s', (costs, expected) => {
    expect(errorsIn(`${team}costs: ${costs}`).map(line => line.replace(/^c\.yaml:\d+:\d+: /, ''))).toEqual(
      expected
    )
  })
})

test('the hour of the environment is that of the summary where the file says so, and of no daily report', () => {
  const env = { DAILY_SUMMARY_HOUR: '7' }
  const source = `${team}reports: { daily: off }\ncosts: { summary: { hour: "\${DAILY_SUMMARY_HOUR:-9}" } }`
  const one = loaded(source, env)
  expect(one.warnings.filter(text => text.includes('DAILY'))).toEqual([])
  expect(reportsSettingsOf(one.config).reports).toMatchObject([{ name: 'cost-summary', hour: 7 }])
  expect(reportsSettingsOf(loaded(source).config).reports).toMatchObject([{ name: 'cost-summary', hour: 9 }])
})
