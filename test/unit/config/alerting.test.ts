import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { alertingSchema } from '../../../src/config/alerting.ts'
import { receiversSchema } from '../../../src/config/receiver-types/receiver-types.ts'
import { routesSchema } from '../../../src/config/routes.ts'
import { anything } from '../../../src/routing/matchers.ts'
import { pagerWith, routeTo, slackAt } from '../../support/alerts.ts'

const key = 'a'.repeat(32)
const messages = (result: z.ZodSafeParseResult<unknown>) =>
  result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('alerting:', () => {
  test('has defaults for all of it', () => {
    expect(alertingSchema.parse({})).toEqual({
      repeatAfterMs: 900_000,
      resolveAfter: 5,
      groupWithinMs: 900_000,
      catchUpAfterMs: 900_000,
      dashboardUrl: null,
      timeoutMs: 10_000,
      rate: { perSecond: 1, burst: 5 },
      retryEveryMs: 60_000,
      expireAfterMs: 86_400_000,
      remindAfterMs: 14_400_000,
      flapping: { openings: 3, withinWindows: 60 },
      inhibit: true,
      ratePerKey: 10,
      breaker: { failures: 5, pauseMs: 60_000 },
      guides: new Map(),
      labelsOfKinds: new Map()
    })
  })

  test('refuses a placeholder that nothing fills, and names those that are', () => {
    const [message] = messages(alertingSchema.safeParse({ dashboard_url: 'https://d/{kind}/{shop}' }))
    expect(message).toMatch(
      /^dashboard_url: \{shop\} is not a known placeholder; expected one of \{kind\} \{segment\}/
    )
  })

  test('refuses what it does not know', () => {
    expect(alertingSchema.safeParse({ repeats: '5m' }).success).toBe(false)
    expect(alertingSchema.safeParse({ resolve_after: 0 }).success).toBe(false)
    expect(alertingSchema.safeParse({ dashboard_url: 'javascript:alert(1)' }).success).toBe(false)
  })
})

describe('receivers:', () => {
  test('are Slack webhooks and PagerDuty integrations, by name', () => {
    const receivers = receiversSchema.parse({
      ops: { type: 'slack', webhook_url: 'https://hooks.slack.com/services/A' },
      pager: { type: 'pagerduty', integration_key: key }
    })
    expect([...receivers]).toEqual([
      ['ops', slackAt('https://hooks.slack.com/services/A')],
      ['pager', { ...pagerWith(key), url: 'https://events.pagerduty.com/v2/enqueue' }]
    ])
  })

  test.each<[string, object]>([
    ['another type', { type: 'pigeon' }],
    ['a webhook that is no URL', { type: 'slack', webhook_url: 'hooks.slack.com' }],
    ['a webhook of another protocol', { type: 'slack', webhook_url: 'file:///etc/passwd' }],
    ['a key of another length', { type: 'pagerduty', integration_key: 'short' }],
    ['a field of another type', { type: 'slack', webhook_url: 'https://a.b', integration_key: key }]
  ])('refuse %s', (_, receiver) => {
    expect(receiversSchema.safeParse({ one: receiver }).success).toBe(false)
  })

  test('never show a secret in a complaint', () => {
    const bad = {
      one: { type: 'pagerduty', integration_key: 'top-secret' },
      two: { type: 'slack', webhook_url: 'sekret' }
    }
    expect(messages(receiversSchema.safeParse(bad)).join()).not.toMatch(/top-secret|sekret/)
  })

  test('have names that stand for one', () => {
    const slack = { type: 'slack', webhook_url: 'https://a.b' }
    expect(receiversSchema.safeParse({ none: slack }).success).toBe(false)
    expect(receiversSchema.safeParse({ 'a b': slack }).success).toBe(false)
  })
})

describe('routes:', () => {
  test('match by one or a list, and the default by nothing', () => {
    expect(
      routesSchema.parse([
        { match: { kind: 'data_loss', severity: ['high', 'critical'] }, receiver: 'a', continue: true },
        { match: { segment: 'category=shoes' }, receiver: 'b' },
        { default: 'c' }
      ])
    ).toMatchObject([
      routeTo('a', {
        match: { ...anything, kinds: ['data_loss'], severities: ['high', 'critical'] },
        continues: true
      }),
      routeTo('b', { match: { ...anything, segments: ['category=shoes'] } }),
      routeTo('c')
    ])
  })

  test.each<[string, object]>([
    ['without a receiver', { match: { kind: 'data_loss' } }],
    ['with two', { receiver: 'a', default: 'b' }],
    ['that is a default and matches', { match: { kind: 'data_loss' }, default: 'b' }],
    ['of a severity there is not', { match: { severity: 'urgent' }, receiver: 'a' }],
    ['with an empty list', { match: { kind: [] }, receiver: 'a' }],
    ['with a field there is not', { match: { kinds: 'data_loss' }, receiver: 'a' }]
  ])('refuse one %s', (_, route) => {
    expect(routesSchema.safeParse([route]).success).toBe(false)
  })
})
