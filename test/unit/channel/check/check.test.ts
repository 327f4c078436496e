import { describe, expect, test } from 'vitest'
import { kinds } from '../../../../detectors/catalogue.ts'
import { renderProblems } from '../../../../src/channel/check/check.ts'
import type { Runbook } from '../../../../src/channel/types.ts'
import type { ReceiverSettings } from '../../../../src/routing/receiver.ts'
import { renderOptionsOf } from '../../../support/alerts.ts'
import { emailTo, pagerDutyTo, slackBotTo, slackTo, teamsTo, webhookTo } from '../../../support/channels.ts'

const url = 'https://receiver.example/webhook/0123456789abcdef'
const receivers = new Map<string, ReceiverSettings>([
  ['slack', slackTo(url)],
  ['bot', slackBotTo('https://slack.example/api', 'xoxb-1')],
  ['pagerduty', pagerDutyTo(url, 'k'.repeat(32))],
  ['email', emailTo(25)],
  ['teams', teamsTo(url)],
  ['webhook', webhookTo(url)]
])
const guided = (guide: Partial<Runbook>) => ({
  runbooks: new Map([['revenue_drop', { runbookUrl: null, checkFirst: null, ...guide }]])
})

describe('the messages of a configuration', () => {
  test('can all be made where nothing is wrong', () => {
    const look = renderOptionsOf({
      dashboardTemplate: 'https://shop.example/{kind}/{segment}',
      ...guided({ runbookUrl: 'https://wiki.example/{kind}', checkFirst: 'Look at {segment}.' }),
      incidentUrl: () => 'https://cartwatch.example/a/token',
      interactive: true
    })
    expect(renderProblems(receivers, look)).toEqual([])
  })

  test('each kind has words of its own on what to check first', () => {
    expect(new Set(kinds.map(({ checkFirst }) => checkFirst)).size).toBe(kinds.length)
    expect(kinds.filter(({ checkFirst }) => checkFirst.length < 40)).toEqual([])
  })

  const dashboard = ['alerting', 'dashboard_url']
  const runbook = ['alerting', 'kinds', 'revenue_drop', 'runbook_url']
  const checkFirst = ['alerting', 'kinds', 'revenue_drop', 'check_first']
  test.each([
    [
      'a template that makes no address',
      { dashboardTemplate: 'https://{segment}:no/' },
      [
        {
          path: dashboard,
          message: 'filled in, it gives no address of http or https of at most 3,000 characters'
        }
      ]
    ],
    [
      'a runbook behind another scheme',
      guided({ runbookUrl: 'javascript:alert(1)' }),
      [
        {
          path: runbook,
          message: 'filled in, it gives no address of http or https of at most 3,000 characters'
        }
      ]
    ],
    [
      'advice that is longer than a message has room for',
      guided({ checkFirst: 'x'.repeat(601) }),
      [
        {
          path: checkFirst,
          message: '601 characters: a message has room for 600; put the rest behind runbook_url'
        }
      ]
    ]
  ])('%s is a problem with its place', (_, look, expected) => {
    expect(renderProblems(receivers, renderOptionsOf(look))).toEqual(expected)
  })

  test('what makes every message fail is told of each receiver, with the first message that fails', () => {
    expect(renderProblems(new Map([['slack', slackTo(url)]]), renderOptionsOf({ currency: '??' }))).toEqual([
      {
        path: ['receivers', 'slack'],
        message: 'a message to it cannot be made: revenue_drop, trigger: Invalid currency code : ??'
      }
    ])
  })

  test('a name that Slack would cut is a problem', () => {
    const named = { ...slackTo(url), username: 'x'.repeat(81) } as ReceiverSettings
    expect(renderProblems(new Map([['slack', named]]), renderOptionsOf())).toEqual([
      { path: ['receivers', 'slack', 'username'], message: '81 characters: Slack shows 80' }
    ])
  })
})
