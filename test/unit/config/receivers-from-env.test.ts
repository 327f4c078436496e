import { describe, expect, test } from 'vitest'
import { createRouting } from '../../../src/alert/route.ts'
import { receiversSchema, routesSchema } from '../../../src/config/alerting.ts'
import { checkRouting } from '../../../src/config/receivers.ts'
import { defaultReceivers, defaultRoutes } from '../../../src/config/receivers-from-env.ts'
import type { Severity } from '../../../src/detect/types.ts'
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

/** Who is told, by an environment alone. */
function told(env: Record<string, string>, kind: string, severity: Severity): string[] {
  const receivers = receiversSchema.parse(defaultReceivers(env))
  const routing = createRouting(routesSchema.parse(defaultRoutes(env)), receivers, plainContext)
  return routing.to({ kind, severity, segment: 'all' }, epoch).map(({ name }) => name)
}

describe('what the environment alone describes', () => {
  test.each<[string, Record<string, string>, string, Severity, string[]]>([
    ['critical money', full, 'revenue_drop', 'critical', ['slack-critical', 'pagerduty', 'slack-revenue']],
    ['critical technical', full, 'data_loss', 'critical', ['slack-critical', 'pagerduty', 'slack-technical']],
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
    ['nothing', {}, 'data_loss', 'critical', []]
  ])('%s', (_, env, kind, severity, expected) => {
    expect(told(env, kind, severity)).toEqual(expected)
  })

  test('passes the check of any other configuration, but for a shared webhook that nothing is left for', () => {
    const names = Object.keys(full) as (keyof typeof full)[]
    for (let set = 0; set < 2 ** names.length; set++) {
      const env = Object.fromEntries(
        names.filter((_, bit) => set & (1 << bit)).map(name => [name, full[name]])
      )
      const found = checkRouting(
        receiversSchema.parse(defaultReceivers(env)),
        routesSchema.parse(defaultRoutes(env))
      )
      expect(found.filter(({ path }) => path.join('.') !== 'receivers.slack')).toEqual([])
    }
  })
})
