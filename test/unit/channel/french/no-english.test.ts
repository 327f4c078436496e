import { describe, expect, test } from 'vitest'
import { allKinds } from '../../../../detectors/kind-of.ts'
import { type Anomaly, severities } from '../../../../detectors/types.ts'
import { exampleNotification, ordinaryExamples } from '../../../../src/channel/check/examples.ts'
import { createTestMessages, testStyles } from '../../../../src/channel/check/test-message.ts'
import { emailMessage } from '../../../../src/channel/email/message.ts'
import { pagerDutyEvent } from '../../../../src/channel/pagerduty/event.ts'
import { editedSlackMessage, slackMessage, slackUpdate } from '../../../../src/channel/slack/message.ts'
import { teamsMessage } from '../../../../src/channel/teams/card.ts'
import { webhookBody } from '../../../../src/channel/webhook/body.ts'
import { causePatterns } from '../../../../src/incident/cause-patterns.ts'
import { parseReason } from '../../../../src/incident/reason.ts'
import type { NotificationAction, NotificationRecord } from '../../../../src/incident/types.ts'
import { catalogueOf } from '../../../../src/language/catalogue.ts'
import { type PhraseValue, phrase } from '../../../../src/language/phrase.ts'
import { compile, english, spoken } from '../../../../src/language/translator.ts'
import { anomalyAt, epoch, escalationOf, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { factsOf } from '../../../support/channels.ts'
import { englishIn } from '../../../support/english-left.ts'

const options = renderOptionsOf({
  language: 'fr',
  interactive: true,
  dashboardTemplate: 'https://grafana.example/{kind}',
  incidentUrl: () => 'https://cartwatch.example/a/1',
  runbooks: new Map([['late_spike', { checkFirst: null, runbookUrl: 'https://wiki.example/x' }]])
})

/** The values of keys that people read. */
function textsIn(value: unknown, keys: ReadonlySet<string>): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => [
    ...(keys.has(key) && typeof one === 'string' ? [one] : []),
    ...(keys.has(key) && Array.isArray(one) ? one.filter(line => typeof line === 'string') : []),
    ...textsIn(one, keys)
  ])
}

const shown = new Set(['text', 'title', 'notes', 'check_first', 'explains', 'details', 'summary', 'note'])
const inDetails = new Set([
  ...shown,
  ...['severity', 'since', 'time', 'current', 'expected', 'loss', 'worst', 'acknowledged', 'reported'],
  ...['symptoms', 'where', 'check_first', 'incidents']
])

/** All that people read of a notification, in every form. */
function readOf(notification: NotificationRecord): string {
  const event = pagerDutyEvent(notification, options)
  const payload = event?.payload as { summary?: string; custom_details?: object } | undefined
  const { subject, text, html } = emailMessage(notification, options)
  return [
    ...textsIn(slackMessage(notification, options), shown),
    ...textsIn(editedSlackMessage(notification, options), shown),
    ...textsIn(slackUpdate(notification, options), shown),
    ...textsIn(teamsMessage(notification, options), shown),
    ...textsIn(webhookBody(notification, options), shown),
    payload?.summary ?? '',
    ...textsIn(payload?.custom_details, inDetails),
    subject,
    text,
    html.replace(/<[^>]*>/g, '\n')
  ].join('\n')
}

const actions: readonly NotificationAction[] = ['trigger', 'acknowledge', 'resolve', 'summary']

describe('a French message has no English text', () => {
  test.each(allKinds.map(({ kind }) => kind))('of %s, whatever is done', kind => {
    for (const action of actions)
      for (const severity of severities) {
        const example = byAnn(exampleNotification({ kind, action, severity, content: 'ordinary' }))
        expect(englishIn(readOf(example)), `${action} ${severity}`).toEqual([])
      }
    for (const example of ordinaryExamples(kind)) expect(englishIn(readOf(byAnn(example)))).toEqual([])
  })

  const reasons = [
    ...['opened', 'still_open', 'severity_rose', 'more_found', 'came_back', 'flapping', 'reminder'],
    ...['acknowledged', 'taken_over', 'recovered', 'new_level', 'catch_up', 'route_changed', 'silence_ended'],
    ...['no_longer_explained', 'silenced', 'test', 'report', 'silenced:s-1', 'explained_by:data_loss'],
    ...['refused_elsewhere:x', 'fallback:x', 'escalated:2']
  ]
  test.each(reasons)('that comes because of %s', reason => {
    for (const action of actions)
      for (const by of [null, 'Ann']) {
        const record = recordOf({
          action,
          reason: parseReason(reason),
          decidedAt: epoch + 3_600_000,
          anomalies: [said(anomalyAt(1, { kind: 'traffic_drop' })), said(anomalyAt(1))],
          incident: factsOf({
            status: action === 'resolve' ? 'resolved' : 'open',
            newLevel: 0.6,
            loss: by === null ? 900 : -900,
            flapping: true,
            escalation: escalationOf(),
            acknowledged:
              action === 'acknowledge' ? { by: 'Ann', via: 'cli', at: epoch, severity: 'high' } : null
          }),
          ...(reason.startsWith('escalated') && { escalated: { level: 2, levels: 3, by, mention: [] } })
        })
        expect(englishIn(readOf(record)), action).toEqual([])
      }
  })

  test.each(causePatterns.map(pattern => [pattern.text, pattern] as const))('about: %s', (_, pattern) => {
    for (const usual of ['', ` ${english('cause.traffic_as_usual')}`]) {
      const cause = { id: pattern.id, title: pattern.title, text: `${pattern.text}${usual}` }
      const record = recordOf({ anomalies: [said(anomalyAt(1))], incident: factsOf({ cause }) })
      expect(englishIn(readOf(record))).toEqual([])
    }
  })

  const sentences = [...catalogueOf('en').entries.keys()].filter(key =>
    /^(finding|stall|store|end|test_message)\./.test(key)
  )
  test.each(sentences)('that says %s', key => {
    const record = recordOf({ anomalies: [saying(anomalyAt(1), key)] })
    const text = readOf(record)
    expect(englishIn(text)).toEqual([])
    expect(text).not.toContain(key)
  })
})

test.each(testStyles)('a test message has none either: %s', style => {
  const messageOf = createTestMessages({
    ...{ kind: 'data_loss', severity: 'low', pipeline: 'boutique', receiver: 'slack', nowMs: epoch }
  })
  expect(englishIn(readOf(messageOf(style)))).toEqual([])
})

test('what an earlier version stored stays as it is', () => {
  const stored = anomalyAt(1)
  expect(stored.said).toBeUndefined()
  expect(readOf(recordOf({ anomalies: [stored] }))).toContain(stored.details)
})

test('what only another version can say stays as it is', () => {
  const later = anomalyAt(1, { details: 'Something new.', said: [phrase('finding.of_tomorrow', {})] })
  expect(readOf(recordOf({ anomalies: [later] }))).toContain('Something new.')
})

/** The examples have the finding's sentence as a name. */
const byAnn = ({ incident, ...record }: NotificationRecord): NotificationRecord => ({
  ...record,
  incident: incident && {
    ...incident,
    acknowledged: incident.acknowledged && { ...incident.acknowledged, by: 'Ann' }
  }
})

const said = (anomaly: Anomaly) => saying(anomaly, 'finding.revenue_drop.payment')

/** The finding with a sentence whose placeholders are filled in somehow. */
function saying(anomaly: Anomaly, key: string): Anomaly {
  const text = catalogueOf('en').entries.get(key)?.text ?? ''
  const values: Record<string, PhraseValue> = {}
  for (const element of compile(text, 'en').getAst()) {
    if (!('value' in element) || element.type === 0) continue
    values[element.value] = element.type === 6 || element.type === 2 ? 2 : { unit: 'count', value: 12_345 }
  }
  return { ...anomaly, ...spoken([phrase(key, values)]) }
}
