import { describe, expect, test } from 'vitest'
import type { Severity } from '../../../detectors/types.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { createRouting } from '../../../src/routing/router.ts'
import { reportsOf, reportsSettingsOf } from '../../../src/run/assembly/reports.ts'
import { incidentsSettingsOf } from '../../../src/run/assembly/routes.ts'
import { configOf, errorsIn } from '../../support/configs.ts'

const webhook = (name: string) => `https://hooks.slack.com/services/${name}`
const team =
  'receivers: { team: { type: teams, webhook_url: "https://t.example/a" } }\nroutes: [{ default: team }]\n'

describe('the daily report', () => {
  test('is off unless it is asked for', () => {
    expect(reportsSettingsOf(configOf(team)).reports).toEqual([])
    expect(reportsSettingsOf(configOf(`${team}reports: { daily: off, digest: off }`)).reports).toEqual([])
  })

  test('goes by the shop’s clock at eight to the default receiver', () => {
    expect(reportsSettingsOf(configOf(`${team}timezone: Europe/Berlin\nreports: { daily: {} }`))).toEqual({
      reports: [{ name: 'daily', hour: 8, timezone: 'Europe/Berlin', receivers: ['team'] }],
      sending: true
    })
  })

  test('may have an hour, a clock and receivers of its own, which need no route', () => {
    const source = `receivers:
  team: { type: teams, webhook_url: "https://t.example/a" }
  boss: { type: teams, webhook_url: "https://t.example/b" }
routes: [{ default: team }]
reports: { daily: { hour: 6, timezone: America/New_York, receiver: [boss, team] } }`
    expect(reportsOf(configOf(source), 'daily')).toEqual([
      { name: 'daily', hour: 6, timezone: 'America/New_York', receivers: ['boss', 'team'] }
    ])
  })

  test('goes to a receiver that is called insights, where it names none', () => {
    const source = `receivers:
  team: { type: teams, webhook_url: "https://t.example/a" }
  insights: { type: teams, webhook_url: "https://t.example/b" }
routes: [{ default: team }]
reports: { daily: {} }`
    expect(reportsOf(configOf(source), 'daily')).toMatchObject([{ receivers: ['insights'] }])
  })

  test('is set by the environment alone', () => {
    const env = {
      DAILY_SUMMARY_HOUR: '7',
      TIMEZONE: 'Europe/Berlin',
      SLACK_WEBHOOK_URL: webhook('a'),
      SLACK_WEBHOOK_INSIGHTS: webhook('b')
    }
    const loaded = loadConfig({ env, readFile: () => '' })
    expect(loaded.ok && loaded.warnings).toEqual([])
    expect(loaded.ok && reportsOf(loaded.config, 'daily')).toEqual([
      { name: 'daily', hour: 7, timezone: 'Europe/Berlin', receivers: ['slack-insights'] }
    ])
  })

  test('of an hour that is none is refused with its variable', () => {
    const loaded = loadConfig({ env: { DAILY_SUMMARY_HOUR: 'nine' }, readFile: () => '' })
    expect(loaded.ok ? [] : loaded.errors).toEqual([
      {
        place: 'environment variable DAILY_SUMMARY_HOUR',
        path: 'reports.daily.hour',
        message: 'is "nine"; expected a number',
        rule: 'wrong-value'
      }
    ])
  })

  test('is missed where the environment has a channel for it and no hour', () => {
    const env = { SLACK_WEBHOOK_URL: webhook('a'), SLACK_WEBHOOK_INSIGHTS: webhook('b') }
    const loaded = loadConfig({ env, readFile: () => '' })
    expect(loaded.ok && loaded.warnings).toEqual([
      'SLACK_WEBHOOK_INSIGHTS is set, but no route leads to its receiver slack-insights, and reports.daily is off (DAILY_SUMMARY_HOUR sets it)'
    ])
  })

  test.each<[string, string[]]>([
    ['{ hour: 24 }', ['c.yaml:3:27: reports.daily.hour: is 24; expected at most 23']],
    [
      '{ receiver: [team, boss] }',
      ['c.yaml:3:38: reports.daily.receiver[1]: there is no receiver boss; there are team']
    ]
  ])('is refused as %s', (daily, expected) => {
    expect(errorsIn(`${team}reports: { daily: ${daily} }`)).toEqual(expected)
  })

  test('is not for pagers and groups', () => {
    const source = `receivers:
  pager: { type: pagerduty, integration_key: ${'k'.repeat(32)} }
  team: { type: group, members: [pager] }
routes: [{ default: team }]
reports: { daily: { receiver: [pager, team] } }`
    expect(errorsIn(source).map(line => line.replace(/^.*?: /, ''))).toEqual([
      'reports.daily.receiver[0]: pager is a pager, which takes no reports',
      'reports.daily.receiver[1]: team is a group; name one of its members'
    ])
  })
})

describe('the digest', () => {
  test('keeps incidents of low severity from all receivers, and goes to the default one at nine', () => {
    const config = configOf(`${team}reports: { digest: {} }`)
    expect(reportsSettingsOf(config).reports).toEqual([
      { name: 'digest', hour: 9, timezone: 'UTC', receivers: ['team'] }
    ])
    const { routes, receivers, context } = incidentsSettingsOf(config)
    const routing = createRouting(routes, receivers, context)
    const of = (severity: Severity) => {
      const subject = { kind: 'data_quality', severity, segment: 'all' }
      return [routing.to(subject, 0), routing.summaryTo(subject, 0)].map(names =>
        names.map(({ name }) => name)
      )
    }
    expect(of('low')).toEqual([[], []])
    expect(of('medium')).toEqual([['team'], ['team']])
    expect(routing.isDigested({ kind: 'data_quality', severity: 'low', segment: 'all' })).toBe(true)
  })

  test('that is off keeps nothing back', () => {
    const { routes, receivers, context } = incidentsSettingsOf(configOf(team))
    const subject = { kind: 'data_quality', severity: 'low', segment: 'all' } as const
    expect(createRouting(routes, receivers, context).to(subject, 0)).toHaveLength(1)
  })

  test('goes to no pager', () => {
    const source = `receivers: { pager: { type: pagerduty, integration_key: ${'k'.repeat(32)} } }
routes: [{ default: pager }]
reports: { digest: { receiver: pager } }`
    expect(errorsIn(source).map(line => line.replace(/^.*?: /, ''))).toEqual([
      'reports.digest.receiver: pager is a pager, which takes no reports'
    ])
  })
})
