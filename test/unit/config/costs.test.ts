import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { reportsOf, reportsSettingsOf } from '../../../src/run/assembly/reports.ts'
import { configOf, errorsIn } from '../../support/configs.ts'
import { costSettings } from '../../support/gpu-windows.ts'

const team =
  'receivers: { team: { type: teams, webhook_url: "https://t.example/a" } }\nroutes: [{ default: team }]\n'
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
    const source = `receivers:
  team: { type: teams, webhook_url: "https://t.example/a" }
  boss: { type: teams, webhook_url: "https://t.example/b" }
routes: [{ default: team }]
costs:
  cost: spend
  resource: node
  idle: { below: 10%, days: 3, hours: [18, 6], raise_savings: { high: 100 }, receiver: boss }
  summary: { hour: "7", timezone: Asia/Tokyo, receiver: [boss, team] }`
    const config = configOf(source)
    const idle = { below: 0.1, days: 3, raiseSavings: [{ severity: 'high', from: 100 }] }
    const costs = { ...costSettings, cost: 'spend', resource: 'node', idle }
    expect(reportsSettingsOf(config).reports).toEqual([
      { name: 'idle', hour: 6, timezone: 'UTC', receivers: ['boss'], costs },
      { name: 'idle', hour: 18, timezone: 'UTC', receivers: ['boss'], costs },
      { name: 'cost-summary', hour: 7, timezone: 'Asia/Tokyo', receivers: ['boss', 'team'], costs }
    ])
  })

  test('go to the channel for insights where there is one', () => {
    const env = {
      SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/0123456789',
      SLACK_WEBHOOK_INSIGHTS: 'https://hooks.slack.com/services/T0/B1/0123456789'
    }
    const one = loaded('costs: { summary: {} }', env)
    expect(one.warnings).toEqual([])
    expect(reportsOf(one.config, 'cost-summary')).toMatchObject([{ receivers: ['slack-insights'] }])
  })

  test('are in the language of each receiver, else in that of all', () => {
    const source = `language: fr
receivers:
  equipe: { type: teams, webhook_url: "https://t.example/a" }
  team: { type: teams, webhook_url: "https://t.example/b", language: en }
routes: [{ default: team }]
costs: { summary: { receiver: [equipe, team] } }`
    expect(reportsOf(configOf(source), 'cost-summary')).toMatchObject([{ languages: { equipe: 'fr' } }])
  })

  test('can be sent by hand where they are off', () => {
    expect(reportsOf(configOf(team), 'idle')).toMatchObject([
      { hour: 10, receivers: ['team'], costs: { idle: null } },
      { hour: 16 }
    ])
    expect(reportsOf(configOf(team), 'cost-summary')).toMatchObject([{ hour: 9, receivers: ['team'] }])
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
