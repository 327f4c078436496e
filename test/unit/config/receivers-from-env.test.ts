import { describe, expect, test } from 'vitest'
import type { Severity } from '../../../detectors/types.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { receiversSchema, routable } from '../../../src/config/receiver-types/receiver-types.ts'
import { checkRouting } from '../../../src/config/receivers.ts'
import { defaultReceivers, defaultRoutes } from '../../../src/config/receivers-from-env.ts'
import { routesSchema } from '../../../src/config/routes.ts'
import { createRouting } from '../../../src/routing/router.ts'
import { epoch, plainContext } from '../../support/alerts.ts'

const url = (name: string) => `https://hooks.slack.com/services/${name}`
const shared = { SLACK_WEBHOOK_URL: url('shared') }
const full = {
  ...shared,
  SLACK_WEBHOOK_CRITICAL: url('critical'),
  SLACK_WEBHOOK_REVENUE: url('revenue'),
  SLACK_WEBHOOK_TECHNICAL: url('technical'),
  PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32)
}

/** Each set or not. */
const everything = {
  ...Object.fromEntries(Object.entries(full).map(([name, value]) => [name, { [name]: value }])),
  bot: { SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_CHANNEL: '#shop' },
  teams: { TEAMS_WEBHOOK_URL: 'https://teams.example/hook' },
  mail: {
    SMTP_HOST: 'mail.shop.example',
    ALERT_EMAIL_FROM: 'cartwatch@shop.example',
    ALERT_EMAIL_TO: 'one@shop.example, two@shop.example'
  },
  webhook: { ALERT_WEBHOOK_URL: 'https://hook.example/in' },
  heartbeat: { HEARTBEAT_URL: 'https://beat.example/abc' }
}

/** The receivers that an environment alone gives. */
function receiversOf(env: Record<string, string>, kind: string, severity: Severity): string[] {
  const receivers = routable(receiversSchema.parse(defaultReceivers(env)))
  const routing = createRouting(routesSchema.parse(defaultRoutes(env)), receivers, plainContext)
  return routing.to({ kind, severity, segment: 'all' }, epoch).map(({ name }) => name)
}

describe('what the environment alone describes', () => {
  test.each<[string, Record<string, string>, string, Severity, string[]]>([
    ['critical money', full, 'revenue_drop', 'critical', ['slack-critical', 'pagerduty']],
    ['critical technical', full, 'data_loss', 'critical', ['slack-critical', 'pagerduty']],
    [
      'what is critical to its area, where no channel is for it',
      { ...full, SLACK_WEBHOOK_URL: '', SLACK_WEBHOOK_CRITICAL: '' },
      'refund_spike',
      'critical',
      ['pagerduty', 'slack-revenue']
    ],
    [
      'what is critical to the one webhook and PagerDuty',
      { ...shared, PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32) },
      'revenue_drop',
      'critical',
      ['slack', 'pagerduty']
    ],
    [
      'what is critical beside Teams and e-mail',
      { ...full, ...everything.teams, ...everything.mail },
      'revenue_drop',
      'critical',
      ['teams', 'email', 'slack-critical', 'pagerduty']
    ],
    ['money', full, 'checkout_failure', 'high', ['slack-revenue']],
    ['an outage of the store', full, 'store_unavailable', 'high', ['slack-technical']],
    ['the same, to the one webhook', shared, 'store_unavailable', 'high', ['slack']],
    ['the rest', full, 'traffic_spike', 'high', ['slack-technical']],
    ['all to the one webhook, once', shared, 'revenue_drop', 'critical', ['slack']],
    [
      'the one webhook for what is missing',
      { ...shared, SLACK_WEBHOOK_REVENUE: url('revenue') },
      'data_loss',
      'critical',
      ['slack']
    ],
    [
      'two names of one webhook, once',
      { ...full, SLACK_WEBHOOK_TECHNICAL: url('critical') },
      'data_loss',
      'critical',
      ['slack-critical', 'pagerduty']
    ],
    [
      'PagerDuty alone gets what is critical',
      { PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32) },
      'data_loss',
      'critical',
      ['pagerduty']
    ],
    [
      'PagerDuty alone gets nothing else',
      { PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32) },
      'data_loss',
      'high',
      []
    ],
    [
      'one special webhook alone gets the rest too',
      { SLACK_WEBHOOK_CRITICAL: url('critical') },
      'data_loss',
      'high',
      ['slack-critical']
    ],
    ['nothing', {}, 'data_loss', 'critical', []],
    ['Teams alone gets all', everything.teams, 'data_loss', 'low', ['teams']],
    [
      'Teams beside Slack gets all too',
      { ...shared, ...everything.teams },
      'data_loss',
      'low',
      ['teams', 'slack']
    ],
    ['e-mail alone gets all', everything.mail, 'data_loss', 'low', ['email']],
    [
      'e-mail beside Slack gets what is high',
      { ...shared, ...everything.mail },
      'data_loss',
      'high',
      ['email', 'slack']
    ],
    ['and nothing less', { ...shared, ...everything.mail }, 'data_loss', 'medium', ['slack']],
    [
      'a webhook beside Slack gets all',
      { ...shared, ...everything.webhook },
      'data_loss',
      'low',
      ['webhook', 'slack']
    ],
    [
      'Teams beside three webhooks',
      { ...full, ...everything.teams },
      'data_loss',
      'low',
      ['teams', 'slack-technical']
    ]
  ])('%s', (_, env, kind, severity, expected) => {
    expect(receiversOf(env, kind, severity)).toEqual(expected)
  })

  test.each<[string, string[]]>([
    ['revenue_drop', ['slack-critical', 'pagerduty', 'slack-revenue']],
    ['data_loss', ['slack-critical', 'pagerduty', 'slack-technical']]
  ])('with copy_critical, a critical %s goes to the channel of its area too', (kind, expected) => {
    const written = (copied: string) => {
      const loaded = loadConfig({ env: full, readFile: () => `alerting: { copy_critical: ${copied} }` })
      if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join())
      const { routes, receivers } = loaded.config
      return createRouting(routes, receivers, plainContext)
        .to({ kind, severity: 'critical', segment: 'all' }, epoch)
        .map(({ name }) => name)
    }
    expect(written('on')).toEqual(expected)
    expect(written('true')).toEqual(expected)
    expect(written('off')).toEqual(['slack-critical', 'pagerduty'])
  })

  test('passes the check of any other configuration, but for a receiver that nothing is left for', () => {
    const sets = Object.values(everything)
    for (let set = 0; set < 2 ** sets.length; set++) {
      const env = Object.assign({}, ...sets.filter((_, bit) => set & (1 << bit)))
      const issues = checkRouting({
        receivers: receiversSchema.parse(defaultReceivers(env)),
        routes: routesSchema.parse(defaultRoutes(env)),
        intervals: new Map(),
        known: undefined
      })
      const left = issues.filter(({ path }) => !/^receivers\.slack(-bot)?$/.test(path.join('.')))
      expect({ env, left }).toEqual({ env, left: [] })
    }
  })
})

test('a bot that has a webhook beside it falls back to it', () => {
  const env = { ...shared, ...everything.bot }
  expect(defaultReceivers(env)['slack-bot']).toEqual({
    type: 'slack',
    bot_token: 'xoxb-1-abc',
    channel: '#shop',
    fallback: 'slack'
  })
  expect(receiversOf(env, 'data_loss', 'high')).toEqual(['slack-bot'])
})

test('a receiver that lacks a variable is not there, and said to be missing', () => {
  const loaded = loadConfig({ env: { SMTP_HOST: 'mail', SLACK_BOT_TOKEN: 'xoxb-1' }, readFile: () => '' })
  expect(loaded.ok && loaded.config.receivers.size).toBe(0)
  expect(loaded.ok && loaded.warnings).toEqual([
    'SLACK_BOT_TOKEN is set, but the receiver slack-bot also needs SLACK_CHANNEL',
    'SMTP_HOST is set, but the receiver email also needs ALERT_EMAIL_FROM and ALERT_EMAIL_TO'
  ])
})

test('the port of a mail server is read as a number, and a wrong one is an error of its variable', () => {
  const env = { ...everything.mail, SMTP_PORT: '465' }
  const loaded = loadConfig({ env, readFile: () => '' })
  expect(loaded.ok && loaded.config.receivers.get('email')).toEqual({
    type: 'email',
    host: 'mail.shop.example',
    port: 465,
    tls: 'tls',
    user: null,
    password: null,
    from: 'cartwatch@shop.example',
    to: ['one@shop.example', 'two@shop.example'],
    sendResolved: false,
    fallback: null
  })
  const wrong = loadConfig({ env: { ...env, SMTP_PORT: 'smtp' }, readFile: () => '' })
  expect(wrong.ok ? [] : wrong.errors).toEqual([
    {
      place: 'environment variable SMTP_PORT',
      path: 'receivers.email.port',
      message: 'is "smtp"; expected a number',
      rule: 'wrong-value'
    }
  ])
})

test('a heartbeat of the environment needs no route', () => {
  const loaded = loadConfig({ env: { HEARTBEAT_URL: 'https://beat.example/abc' }, readFile: () => '' })
  expect(loaded.ok && [...loaded.config.heartbeats]).toEqual([
    ['heartbeat', { type: 'heartbeat', url: 'https://beat.example/abc', everyMs: 60_000 }]
  ])
  expect(loaded.ok && loaded.config.routes).toEqual([])
})
