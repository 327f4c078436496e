import { expect, test } from 'vitest'
import type { OperatorAction } from '../../../src/incident/types.ts'
import {
  alertingOn,
  createMemory,
  epoch,
  lineOf,
  minuteOf,
  receivers as plainReceivers,
  type Sign,
  slackAt,
  toBoth
} from '../../support/alerts.ts'

const receivers = new Map([
  ...plainReceivers,
  ['slack', slackAt('https://hooks.slack.com/services/A', true)] as const
])

/** A shop whose channels are also notified of ends; each step gives what it decides, with its outcome. */
function shop() {
  const alerting = alertingOn(createMemory(), toBoth, true, receivers)
  let nowMs = epoch
  const shown = ({ notifications }: ReturnType<typeof alerting.tick>) =>
    notifications.map(record => `${lineOf(record)} ${record.outcome}`)
  return {
    minute(minute: number, sign: Sign) {
      const { verdict, anomalies, windowEnd } = minuteOf(minute, sign)
      nowMs = windowEnd + 10_000
      return shown(alerting.onWindow(verdict, anomalies, nowMs))
    },
    act(action: Partial<OperatorAction>) {
      nowMs += 1_000
      const whole: OperatorAction = {
        id: `${nowMs}`,
        pipeline: 'shop',
        action: 'acknowledge',
        at: nowMs,
        by: 'Ann',
        via: 'cli',
        incidentId: alerting.openIncidents()[0]?.id ?? '',
        severity: 'high',
        silence: null,
        ...action
      }
      return shown(alerting.onActions([whole], nowMs))
    },
    acknowledgedBy: () => alerting.openIncidents()[0]?.acknowledged?.by
  }
}

const silence = (endsAt: number): Partial<OperatorAction> => ({
  action: 'silence',
  incidentId: null,
  severity: null,
  silence: {
    id: 'quiet',
    matchers: { kinds: null, severities: null, segments: null, pipelines: null, labels: {} },
    by: 'Ann',
    reason: 'a migration',
    startsAt: epoch,
    endsAt
  }
})
const forever = epoch + 86_400_000

test('a silence keeps the end of an incident from channels, and still ends its page', () => {
  const it = shop()
  it.minute(1, 'h')
  expect(it.act(silence(forever))).toEqual(['pagerduty resolve high silenced pending'])
  for (const minute of [2, 3, 4, 5]) expect(it.minute(minute, '.')).toEqual([])
  expect(it.minute(6, '.')).toEqual(['slack resolve high silenced:quiet muted'])
})

test('an end after the silence is sent', () => {
  const it = shop()
  it.minute(1, 'h')
  it.act(silence(epoch + 3 * 60_000))
  for (const minute of [2, 3, 4, 5]) it.minute(minute, '.')
  expect(it.minute(6, '.')).toEqual(['slack resolve high recovered pending'])
})

test('a silence keeps an acknowledgement from channels', () => {
  const it = shop()
  it.minute(1, 'h')
  it.act(silence(forever))
  expect(it.act({})).toEqual(['slack acknowledge high silenced:quiet muted'])
  expect(it.acknowledgedBy()).toBe('Ann')
})

test('somebody else takes an incident over by the command line or the API, and channels hear so', () => {
  const it = shop()
  it.minute(1, 'h')
  expect(it.act({})).toEqual([
    'slack acknowledge high acknowledged pending',
    'pagerduty acknowledge high acknowledged pending'
  ])
  expect(it.act({ by: 'Ann' })).toEqual([])
  expect(it.act({ by: 'Ben', via: 'slack' })).toEqual([])
  expect(it.acknowledgedBy()).toBe('Ann')
  expect(it.act({ by: 'Ben' })).toEqual(['slack acknowledge high taken_over pending'])
  expect(it.acknowledgedBy()).toBe('Ben')
  expect(it.act({ by: 'Cy', via: 'api' })).toEqual(['slack acknowledge high taken_over pending'])
})

test('an earlier acknowledgement that is read again takes nothing over', () => {
  const it = shop()
  it.minute(1, 'h')
  it.act({ at: epoch + 90_000 })
  it.act({ by: 'Ben', at: epoch + 95_000 })
  expect(it.act({ at: epoch + 90_000 })).toEqual([])
  expect(it.acknowledgedBy()).toBe('Ben')
})
