import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/incident/alert.ts'
import { openIncident, withAlerts } from '../../../src/incident/alerts-of-incident.ts'
import type { LifecycleRules } from '../../../src/incident/lifecycle.ts'
import type { StoredIncident } from '../../../src/incident/types.ts'
import { anomalyAt, epoch, incidentOf, minuteMs } from '../../support/alerts.ts'

const rules: LifecycleRules = {
  repeatAfterMs: 15 * minuteMs,
  resolveAfter: 5,
  flapping: { openings: 3, withinWindows: 60 }
}
const at = (minute: number) => epoch + minute * minuteMs
const germany = [{ segment: 'country=DE' as const, share: 1, value: 1, expected: 2 }]

/** An alert found at a minute, as the lifecycle leaves it. */
function alertAt(minute: number, kind = 'revenue_drop', more: Partial<Alert> = {}): Alert {
  const lastAnomaly = anomalyAt(minute, { kind, ...(more.severity && { severity: more.severity }) })
  const [alert] = incidentOf({ id: `${kind} ${minute}`, lastAnomaly }).alerts
  return { ...(alert as Alert), ...more }
}
const opened = (alert: Alert, before?: StoredIncident) => openIncident(alert, before, rules, minuteMs)
const notifiedAt = (minute: number, severity: 'high' | 'critical' = 'high') => ({
  slack: { severity, windowEnd: at(minute), at: at(minute), flapping: false }
})

describe('an incident that opens', () => {
  test('is its first alert, and nobody was notified of it', () => {
    const alert = alertAt(1, 'revenue_drop', { lastClearAt: at(0) })
    const { id: _, openings: __, ...facts } = alert
    expect(opened(alert)).toEqual({
      ...facts,
      id: 'revenue_drop 1',
      pipeline: 'shop',
      lastClearAt: null,
      lastNotified: {},
      suppressedReasons: {},
      silencedBy: null,
      pages: 1,
      dedupKey: null,
      dedupReceivers: [],
      acknowledged: null,
      alerts: [alert]
    })
  })

  test('takes over what the one before it was notified of within the repeat interval, and since when it was clear', () => {
    const before = incidentOf({ lastNotified: notifiedAt(1), lastClearAt: at(9) })
    expect(opened(alertAt(15), before)).toMatchObject({ lastNotified: notifiedAt(1), lastClearAt: at(9) })
    expect(opened(alertAt(16), before)).toMatchObject({ lastNotified: {}, lastClearAt: null })
  })

  test('that flaps takes it over for as many windows as flapping is looked for in', () => {
    const flapped = { slack: { ...notifiedAt(1).slack, flapping: true } }
    const before = incidentOf({ lastNotified: flapped })
    const flapping = { flapping: true }
    expect(opened(alertAt(60, 'revenue_drop', flapping), before).lastNotified).toEqual(flapped)
    expect(opened(alertAt(61, 'revenue_drop', flapping), before).lastNotified).toEqual({})
  })
})

describe('an incident of several alerts', () => {
  const first = alertAt(1, 'checkout_failure', {
    conditionFrom: at(0),
    conditionTo: at(4),
    anomalies: 4,
    lastAnomalyAt: at(4),
    lastWindowEnd: at(9),
    clearWindows: 5,
    lastClearAt: at(9),
    status: 'resolved',
    resolvedAt: at(9)
  })
  const second = alertAt(2, 'revenue_drop', {
    anomalies: 6,
    lastAnomalyAt: at(8),
    lastWindowEnd: at(9),
    clearWindows: 1,
    lastClearAt: at(9),
    explainedBy: germany,
    loss: 500
  })
  const incident = withAlerts(opened(alertAt(1, 'checkout_failure')), [first, second])

  test('lasts while one of them is open, and is clear while no open one is found', () => {
    expect(incident).toMatchObject({
      status: 'open',
      resolvedAt: null,
      lastAnomalyAt: at(8),
      lastWindowEnd: at(9),
      clearWindows: 1,
      lastClearAt: at(9)
    })
    expect(withAlerts(incident, [first, { ...second, clearWindows: 0, lastClearAt: at(3) }])).toMatchObject({
      clearWindows: 0,
      lastClearAt: at(9)
    })
  })

  test('ends with the last of them', () => {
    const over = withAlerts(incident, [
      first,
      { ...second, status: 'resolved', resolvedAt: at(13), clearWindows: 5 }
    ])
    expect(over).toMatchObject({ status: 'resolved', resolvedAt: at(13), clearWindows: 5 })
  })

  test('has the figures of the alert that leads, the loss of revenue, and where another is explained', () => {
    expect(incident).toMatchObject({
      kind: 'checkout_failure',
      lastAnomaly: first.lastAnomaly,
      anomalies: 4,
      peak: first.peak,
      conditionFrom: at(0),
      conditionTo: at(4),
      explainedBy: germany,
      loss: 500,
      cause: { id: 'payment_or_checkout' }
    })
    expect(incident).not.toHaveProperty('lossUnit')
  })

  test('keeps its severity where an alert comes with less, and its leading alert until the severity rises', () => {
    const critical = withAlerts(incident, [first, { ...second, severity: 'critical' }])
    expect(critical).toMatchObject({ severity: 'critical', kind: 'revenue_drop' })
    const milder = withAlerts(critical, [
      { ...first, severity: 'high' },
      { ...second, severity: 'critical' }
    ])
    expect(milder).toMatchObject({ severity: 'critical', kind: 'revenue_drop' })
  })

  test('chooses what leads anew in the window in which it opened', () => {
    const abandoned = alertAt(1, 'cart_abandonment_spike')
    const alerts = [abandoned, alertAt(1, 'checkout_failure')]
    expect(withAlerts(opened(abandoned), alerts).kind).toBe('cart_abandonment_spike')
    expect(withAlerts(opened(abandoned), alerts, true).kind).toBe('checkout_failure')
  })

  test('loses its acknowledgement only above the severity that was seen', () => {
    const ann = { by: 'Ann', via: 'slack', at: 0, severity: 'high' } as const
    const taken = { ...incident, acknowledged: ann }
    expect(withAlerts(taken, [first, second]).acknowledged).toEqual(ann)
    expect(withAlerts(taken, [first, { ...second, severity: 'critical' }]).acknowledged).toBeNull()
  })

  test('without an alert of the whole shop has lost what the worst segment has', () => {
    const of = (segment: Alert['segment'], loss: number) =>
      alertAt(1, 'revenue_drop', { id: segment, segment, loss, lastAnomaly: anomalyAt(1, { segment }) })
    const alerts = [of('country=DE', 20), of('country=FR', 30), of('country=US', 10)]
    expect(withAlerts(opened(alerts[0] as Alert), alerts).loss).toBe(30)
  })
})
