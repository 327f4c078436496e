import { describe, expect, test } from 'vitest'
import { storeUnavailable } from '../../../detectors/kinds/store-unavailable.ts'
import type { Sentence, Verdict } from '../../../detectors/types.ts'
import { inhibitedLines } from '../../../src/channel/message/details.ts'
import { anomalyOfServiceAlert, type ServiceAlert } from '../../../src/incident/service-alert.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { type Phrase, phrase } from '../../../src/language/phrase.ts'
import { spoken } from '../../../src/language/translator.ts'
import { readNotification } from '../../../src/store/tables/notifications.ts'
import {
  alertingOn,
  anomalyAt,
  createMemory,
  epoch,
  minuteMs,
  recordOf,
  routeTo,
  slackAt
} from '../../support/alerts.ts'

const ofFinding = spoken([phrase('finding.revenue_drop.payment')])
const slack = new Map([['slack', slackAt('https://hooks.example/A', true)]])
const alertingToSlack = () => alertingOn(createMemory(), [routeTo('slack')], true, slack)

const at = (minute: number) => ({
  windowStart: epoch + (minute - 1) * minuteMs,
  windowEnd: epoch + minute * minuteMs
})

/** What the end of an incident says that was found in the first minute. */
function endAfter(verdicts: readonly Verdict[], kind = 'revenue_drop'): Sentence | undefined {
  const alerting = alertingToSlack()
  const found = anomalyAt(1, { kind, ...ofFinding })
  const notifications: NotificationRecord[] = []
  const see = (verdict: Verdict) =>
    notifications.push(
      ...alerting.onWindow(verdict, verdict.findings.length > 0 ? [found] : [], verdict.windowEnd)
        .notifications
    )
  see({ ...at(1), findings: [found], judged: [kind] })
  for (const verdict of verdicts) see(verdict)
  const [end] = notifications.filter(({ action }) => action === 'resolve')
  const last = end?.anomalies.at(-1)
  return last && { details: last.details, said: last.said }
}

describe('the end of an incident', () => {
  test('says what was found last', () => {
    const clear = [2, 3, 4, 5, 6].map(minute => ({ ...at(minute), findings: [], judged: ['revenue_drop'] }))
    expect(endAfter(clear)).toEqual(ofFinding)
  })

  test('says in every language why nobody knows it', () => {
    const gaps = [2, 3, 4, 5, 6].map(minute => ({ ...at(minute), findings: [], judged: [], isGap: true }))
    expect(endAfter(gaps)).toEqual(spoken([phrase('end.events_missing')]))
  })

  test('says in every language what was found at the end, and never the sentence of before', () => {
    const said = [phrase('store.over_late', { windows: 3 })]
    const end = { ...at(2), findings: [], judged: [storeUnavailable.kind], over: 'It is over.' }
    expect(endAfter([{ ...end, overSaid: said }], storeUnavailable.kind)).toEqual({
      details: 'It is over.',
      said
    })
    expect(endAfter([end], storeUnavailable.kind)).toEqual({ details: 'It is over.', said: undefined })
  })
})

test("the end of a service's alert says what the service says, not the sentence of before", () => {
  const alert: ServiceAlert = {
    ...{ id: 'a', pipeline: 'shop', kind: 'drift', segment: 'model=m', severity: 'high', status: 'firing' },
    ...{ at: epoch, occurredAt: epoch, metric: 'psi', value: 0.3, expected: 0.1, evidence: {}, labels: {} },
    ...{ incidentId: 'i', ...ofFinding }
  }
  const alerting = alertingToSlack()
  const raise = (one: ServiceAlert) =>
    alerting.onServiceAlerts([{ alert: one, anomaly: anomalyOfServiceAlert(one, '') }], one.at).notifications
  expect(raise(alert)[0]?.anomalies.at(-1)).toMatchObject(ofFinding)
  const [end] = raise({
    ...alert,
    ...{ id: 'b', status: 'resolved', at: epoch + minuteMs, details: 'All is well.', said: undefined }
  })
  expect(end?.anomalies.at(-1)).toMatchObject({ details: 'All is well.', said: undefined })
})

test('what an incident inhibits is said in every language, where it can be', () => {
  const alerting = alertingToSlack()
  const loss = anomalyAt(1, { kind: 'data_loss', severity: 'critical' })
  const drop = anomalyAt(1, { kind: 'revenue_drop', ...ofFinding })
  const other = anomalyAt(1, { kind: 'conversion_drop' })
  const findings = [loss, drop, other]
  const { notifications } = alerting.onWindow(
    { ...at(1), findings, judged: findings.map(({ kind }) => kind) },
    findings,
    epoch + minuteMs
  )
  const [first] = notifications
  expect(first?.kind).toBe('data_loss')
  expect(first?.inhibits).toEqual([drop.details, other.details])
  expect(first?.inhibitsSaid).toEqual([ofFinding.said, null])
})

test('a stored message has its sentences again, and one of an earlier version has none', () => {
  const said: readonly Phrase[] = ofFinding.said
  const stored = (record: NotificationRecord) => {
    const { inhibits, messageRef, reason, ...rest } = record
    return { ...rest, explains: inhibits, receipt: messageRef, reason: reason.type }
  }
  const read = (more: object) =>
    readNotification(
      JSON.stringify([recordOf().id, JSON.stringify({ ...stored(recordOf({ inhibits: ['x'] })), ...more })])
    )
  expect(read({ inhibitsSaid: [said] }).inhibitsSaid).toEqual([said])
  const tomorrow = read({ inhibitsSaid: [[{ text: 'of tomorrow' }]] })
  expect(inhibitedLines(tomorrow, { language: 'fr' })).toEqual(['x'])
  expect(read({}).inhibitsSaid).toBeUndefined()
})
