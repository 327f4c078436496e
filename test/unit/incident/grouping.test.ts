import { describe, expect, test } from 'vitest'
import type { Anomaly } from '../../../detectors/types.ts'
import { oneCause } from '../../../src/incident/one-cause.ts'
import type { OperatorAction } from '../../../src/incident/types.ts'
import type { ReceiverSettings } from '../../../src/routing/receiver.ts'
import {
  alertingOn,
  anomalyAt,
  createMemory,
  epoch,
  lineOf,
  minuteMs,
  receivers,
  routeTo,
  toBoth
} from '../../support/alerts.ts'

type Found = Partial<Anomaly> & { readonly kind: string }

/** Incidents after minutes of findings; `sent` has what was decided in each. All kinds of the test are judged always. */
function played(minutes: readonly (readonly Found[])[], groupWithinMs: number | null = 15 * minuteMs) {
  const alerting = alertingOn(createMemory(), toBoth, true, receivers, { groupWithinMs })
  const judged = [...new Set(minutes.flat().map(({ kind }) => kind))]
  const sent: string[] = []
  for (const [index, found] of minutes.entries()) {
    const windowEnd = epoch + (index + 1) * minuteMs
    const anomalies = found.map(one => anomalyAt(index + 1, one))
    const verdict = { windowStart: windowEnd - minuteMs, windowEnd, findings: anomalies, judged }
    const { notifications } = alerting.onWindow(verdict, anomalies, windowEnd + 10_000)
    sent.push(...notifications.map(record => `${index + 1}: ${lineOf(record)}`))
  }
  return {
    alerting,
    sent,
    kindsOfOpen: () => alerting.openIncidents().map(one => one.alerts.map(({ kind }) => kind))
  }
}

const revenue: Found = { kind: 'revenue_drop' }
const checkout: Found = {
  kind: 'checkout_failure',
  metric: 'checkout_success_rate',
  unit: 'share',
  additive: false
}
const spike: Found = { kind: 'traffic_spike', metric: 'events', unit: 'count' }
const clear = (minutes: number): Found[][] => Array.from({ length: minutes }, () => [])

describe('alerts of one cause', () => {
  test('are one incident with one page and one message, and end with the last of them', () => {
    const { sent, kindsOfOpen } = played([
      [revenue],
      [revenue, checkout],
      [revenue, checkout],
      [checkout],
      ...clear(6)
    ])
    expect(sent).toEqual([
      '1: slack trigger high opened',
      '1: pagerduty trigger high opened',
      '9: pagerduty resolve high recovered'
    ])
    expect(kindsOfOpen()).toEqual([])
  })

  test('that join with a higher severity make it graver, and lead it', () => {
    const { sent, alerting } = played([[revenue], [revenue, { ...checkout, severity: 'critical' }]])
    expect(sent.slice(2)).toEqual([
      '2: slack trigger critical severity_rose',
      '2: pagerduty trigger critical severity_rose',
      '2: pagerduty resolve critical severity_rose'
    ])
    expect(alerting.openIncidents()).toMatchObject([{ kind: 'checkout_failure', severity: 'critical' }])
  })

  test('that join without raising the severity leave it led by the first', () => {
    const { alerting } = played([[checkout], [checkout, revenue]])
    expect(alerting.openIncidents()).toMatchObject([
      { kind: 'checkout_failure', cause: { id: 'payment_or_checkout' } }
    ])
  })

  test('that begin too late are another incident', () => {
    const minutes = [...Array.from({ length: 17 }, () => [revenue]), [revenue, checkout]]
    expect(played(minutes).kindsOfOpen()).toEqual([['revenue_drop'], ['checkout_failure']])
    // Its span began in time, so it may have.
    const early = { ...checkout, windowStart: epoch + 10 * minuteMs }
    expect(played([...minutes.slice(0, -1), [revenue, early]]).kindsOfOpen()).toEqual([
      ['revenue_drop', 'checkout_failure']
    ])
  })

  test('of two causes are two incidents, though they begin together', () => {
    expect(played([[revenue, checkout, spike]]).kindsOfOpen()).toEqual([
      ['revenue_drop', 'checkout_failure'],
      ['traffic_spike']
    ])
  })

  test('with grouping off are an incident each', () => {
    expect(played([[revenue, checkout]], null).kindsOfOpen()).toEqual([
      ['revenue_drop'],
      ['checkout_failure']
    ])
  })

  test('go on in their incident where one comes back while another lasts', () => {
    const minutes = [[revenue, checkout], ...Array.from({ length: 8 }, () => [checkout]), [revenue, checkout]]
    const { sent, alerting } = played(minutes)
    expect(sent).toHaveLength(2)
    expect(alerting.openIncidents()).toMatchObject([
      { alerts: [{ kind: 'revenue_drop', status: 'open', anomalies: 2 }, { kind: 'checkout_failure' }] }
    ])
  })

  test('lose nothing where revenue is only undercounted', () => {
    const missing: Found = {
      kind: 'data_quality',
      metric: 'missing_price_rate',
      unit: 'share',
      additive: false
    }
    const undercounted = { ...revenue, evidence: { orders_share: 1 } }
    const { alerting } = played([[missing, undercounted]])
    expect(alerting.openIncidents()).toMatchObject([{ cause: { id: 'revenue_undercounted' }, loss: null }])
  })

  test('count the loss of revenue once, whatever leads', () => {
    const segment = { ...revenue, segment: 'country=DE' } as const
    const { alerting } = played([[{ ...checkout, severity: 'critical' }, revenue, segment]])
    expect(alerting.openIncidents()).toMatchObject([
      { kind: 'checkout_failure', loss: 1_850 - 245, lossUnit: 'money' }
    ])
  })

  test('that join are sent to a bot, which edits its message, and to nobody else', () => {
    const bot: ReceiverSettings = {
      type: 'slack_bot',
      botToken: 'xoxb-1',
      channel: '#ops',
      apiUrl: 'https://slack.com/api',
      sendResolved: true,
      fallback: null
    }
    const all = new Map([...receivers, ['bot', bot] as const])
    const routes = [routeTo('bot', { continues: true }), ...toBoth]
    const alerting = alertingOn(createMemory(), routes, true, all, { groupWithinMs: 15 * minuteMs })
    const lines = [[revenue], [revenue, checkout], [revenue, checkout]].flatMap((found, index) => {
      const anomalies = found.map(one => anomalyAt(index + 1, one))
      const windowEnd = epoch + (index + 1) * minuteMs
      const verdict = { windowStart: windowEnd - minuteMs, windowEnd, findings: anomalies, judged: [] }
      return alerting.onWindow(verdict, anomalies, windowEnd + 10_000).notifications.map(lineOf)
    })
    expect(lines).toEqual([
      'bot trigger high opened',
      'slack trigger high opened',
      'pagerduty trigger high opened',
      'bot trigger high more_found'
    ])
  })

  test('are acknowledged as a whole, until they get graver', () => {
    const { alerting } = played([[revenue]])
    const [incident] = alerting.openIncidents()
    const action: OperatorAction = {
      id: 'a',
      pipeline: 'shop',
      action: 'acknowledge',
      at: epoch + minuteMs,
      by: 'ada',
      via: 'cli',
      incidentId: incident?.id ?? '',
      severity: 'high',
      silence: null
    }
    alerting.onActions([action], epoch + minuteMs)
    const next = (minute: number, severity: Anomaly['severity']) => {
      const anomalies = [anomalyAt(minute), anomalyAt(minute, { ...checkout, severity })]
      const windowEnd = epoch + minute * minuteMs
      const verdict = { windowStart: windowEnd - minuteMs, windowEnd, findings: anomalies, judged: [] }
      alerting.onWindow(verdict, anomalies, windowEnd + 10_000)
      return alerting.openIncidents().map(({ acknowledged }) => acknowledged?.by)
    }
    expect(next(2, 'high')).toEqual(['ada'])
    expect(next(3, 'critical')).toEqual([undefined])
  })

  test('are at most a hundred in one incident', () => {
    const segments = Array.from(
      { length: 120 },
      (_, at): Found => ({ ...revenue, segment: `category=${at}` })
    )
    expect(
      played([segments])
        .kindsOfOpen()
        .map(kinds => kinds.length)
    ).toEqual([100, 20])
  })
})

test('each kind in the table is one that is found', async () => {
  const { kindOf } = await import('../../../detectors/kind-of.ts')
  expect(
    oneCause
      .flatMap(({ signs, symptoms }) => [...signs, ...symptoms])
      .filter(kind => kindOf(kind) === undefined)
  ).toEqual([])
})
