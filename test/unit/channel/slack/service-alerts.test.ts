import { describe, expect, test } from 'vitest'
import { slackMessage } from '../../../../src/channel/slack/message.ts'
import { escalationOf, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { factsOf } from '../../../support/channels.ts'
import { anomalySent, driftAlert } from '../../../support/drift-alert.ts'

const options = renderOptionsOf({
  interactive: true,
  dashboardTemplate: 'https://grafana.example/{kind}',
  incidentUrl: () => 'https://cartwatch.example.com/a/1'
})

/** What Slack is sent of an alert as a service sends it. */
function sentOf(sent: object, more: Partial<Parameters<typeof factsOf>[0]> = {}) {
  const anomaly = anomalySent(sent)
  const { kind, segment, severity } = anomaly
  const message = slackMessage(
    recordOf({
      ...{ kind, segment, severity, anomalies: [anomaly] },
      incident: factsOf({ status: 'open', severity, ...more })
    }),
    options
  )
  const [attachment] = message.attachments
  const blocks = [...message.blocks, ...(attachment?.blocks ?? [])]
  return {
    color: attachment?.color,
    header: blocks.flatMap(block => (block.type === 'header' ? [block.text.text] : [])),
    fields: blocks.flatMap(block =>
      block.type === 'section' && block.fields
        ? block.fields.map(({ text }) => text.replace('*', '').replace('*\n', ': '))
        : []
    ),
    sections: blocks.flatMap(block => (block.type === 'section' && block.text ? [block.text.text] : [])),
    buttons: blocks.flatMap(block =>
      block.type === 'actions'
        ? block.elements.flatMap(one => (one.type === 'button' ? [[one.text.text, one.url ?? null]] : []))
        : []
    )
  }
}

const dashboard = (kind: string) => `https://grafana.example/${kind}`
const advice = {
  drift: 'Check first\nSee what changed in the data that this model gets, and when it was trained last.',
  policy:
    'Check first\nRead the audit log of this model. Stop what it decides for the groups named here until somebody has looked.',
  safety: 'Check first\nRead the logs of this model around that time.'
}

describe('in Slack', () => {
  test('a drift alert has its figures, its details, a dashboard and an acknowledgement', () => {
    const drift = {
      ...driftAlert,
      severity: 'critical',
      details: { feature: 'price', rows: 1200 }
    }
    expect(sentOf(drift)).toEqual({
      color: '#d32f2f',
      header: ['🔔 Drift Alert - CRITICAL'],
      fields: [
        'Model: Ranker',
        'Model ID: ranker-7',
        'Metric: psi',
        'Severity: CRITICAL',
        'Current: 0.31',
        'Baseline: 0.1',
        'Threshold: 0.2',
        'Drift: 210 %',
        'Time: 21 Nov 2026, 09:59 UTC'
      ],
      sections: [
        'psi of Ranker is 0.31, 0.1 at baseline: a drift of 210 %, threshold 0.2.',
        'Details\nfeature: price\nrows: 1200',
        advice.drift
      ],
      buttons: [
        ['Acknowledge', null],
        ['Silence 1 h', null],
        ['View Dashboard', dashboard('drift')]
      ]
    })
    expect(sentOf({ ...drift, severity: 'warning' })).toMatchObject({
      color: '#ff9800',
      header: ['🔔 Drift Alert - WARNING']
    })
    expect(sentOf({ ...drift, severity: 'info' })).toMatchObject({
      color: '#36a64f',
      header: ['🔔 Drift Alert - INFO']
    })
  })

  test('a FAVES violation has its description, the groups, the audit log and the next level', () => {
    const violation = {
      kind: 'faves',
      model_id: 'credit-2',
      model_name: 'Credit',
      violation_type: 'fairness',
      description: 'Approval differs by 18 points.',
      affected_groups: ['under 25', 'over 60'],
      severity: 'warning',
      details: { test: 'four fifths' }
    }
    expect(sentOf(violation, { escalation: escalationOf() })).toEqual({
      color: '#ff9800',
      header: ['🔔 FAVES Violation - WARNING'],
      fields: [
        'Model: Credit',
        'Model ID: credit-2',
        'Violation Type: fairness',
        'Severity: WARNING',
        'Time: 21 Nov 2026, 09:59 UTC'
      ],
      sections: [
        'Approval differs by 18 points.',
        'Affected groups\nunder 25, over 60',
        'Details\ntest: four fifths',
        advice.policy
      ],
      buttons: [
        ['Acknowledge', null],
        ['Silence 1 h', null],
        ['Escalate', null],
        ['Review Audit Log', dashboard('policy_violation')]
      ]
    })
  })

  test('a safety event has its metadata, and where it is critical what to do at once and the logs', () => {
    const event = {
      kind: 'safety_event',
      event_type: 'jailbreak',
      model_id: 'chat-1',
      description: 'A prompt got around the filter.',
      metadata: { user: 'u-17', blocked: false },
      severity: 'critical'
    }
    expect(sentOf(event)).toEqual({
      color: '#d32f2f',
      header: ['🔔 Safety Event - CRITICAL'],
      fields: [
        'Event Type: jailbreak',
        'Model ID: chat-1',
        'Severity: CRITICAL',
        'Time: 21 Nov 2026, 09:59 UTC'
      ],
      sections: ['A prompt got around the filter.', 'Metadata\nuser: u-17\nblocked: false', advice.safety],
      buttons: [
        ['Acknowledge', null],
        ['Silence 1 h', null],
        ['Immediate Action', 'https://cartwatch.example.com/a/1'],
        ['View Logs', dashboard('safety_event')]
      ]
    })
    expect(sentOf({ ...event, severity: 'warning' }).buttons).toEqual([
      ['Acknowledge', null],
      ['Silence 1 h', null]
    ])
  })

  test('an alert of any service has where it comes from, its metrics and its own buttons', () => {
    const alert = {
      kind: 'alert',
      summary: 'Disk is full',
      service: 'db',
      environment: 'prod',
      instance: 'db-1:9100',
      description: '97 % of /var',
      duration: '5m',
      metrics: { used_percent: 97 },
      severity: 'high',
      quick_actions: [{ title: 'Runbook of db', url: 'https://wiki.example/db' }]
    }
    expect(sentOf(alert)).toMatchObject({
      header: ['🔔 HIGH: Disk is full'],
      fields: [
        'Service: db',
        'Environment: prod',
        'Instance: db-1:9100',
        'Duration: 5m',
        'Severity: HIGH',
        'Time: 21 Nov 2026, 09:59 UTC'
      ],
      buttons: [
        ['Acknowledge', null],
        ['Silence 1 h', null],
        ['View Dashboard', dashboard('alert')],
        ['Runbook of db', 'https://wiki.example/db']
      ]
    })
  })

  test('texts of a service are shown as they are: they mention nobody and link nowhere', () => {
    const hostile = '<!channel> <https://evil.example|click> *bold* @here'
    const sent = JSON.stringify(
      sentOf({
        kind: 'alert',
        summary: hostile,
        description: hostile,
        service: 'db',
        details: { [hostile]: hostile },
        severity: 'critical'
      })
    )
    expect(sent).not.toContain('"mrkdwn","text":"<!channel>')
    expect(
      sentOf({
        kind: 'alert',
        summary: 'a',
        service: 'db',
        severity: 'high',
        details: { a: '<!here>' }
      }).fields.join()
    ).not.toContain('<!')
  })
})
