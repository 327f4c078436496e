import { describe, expect, test } from 'vitest'
import { emailMessage } from '../../../../src/channel/email/message.ts'
import { durationOf } from '../../../../src/channel/message/format.ts'
import { composeMessage } from '../../../../src/channel/message/message.ts'
import { pictureOf } from '../../../../src/channel/message/sparkline.ts'
import { pagerDutyEvent } from '../../../../src/channel/pagerduty/event.ts'
import { slackMessage } from '../../../../src/channel/slack/message.ts'
import { teamsMessage } from '../../../../src/channel/teams/card.ts'
import type { RenderOptions } from '../../../../src/channel/types.ts'
import { webhookBody } from '../../../../src/channel/webhook/body.ts'
import { parseReason } from '../../../../src/incident/reason.ts'
import type { NotificationRecord } from '../../../../src/incident/types.ts'
import {
  anomalyAt,
  epoch,
  escalationOf,
  minuteMs,
  recordOf,
  renderOptionsOf
} from '../../../support/alerts.ts'
import { factsOf } from '../../../support/channels.ts'

const message = (overrides: Partial<NotificationRecord> = {}, look: Partial<RenderOptions> = {}) =>
  composeMessage(recordOf(overrides), renderOptionsOf(look))
const factLines = (overrides: Partial<NotificationRecord>) =>
  message(overrides).facts.map(({ label, text }) => `${label}: ${text}`)
const partsOf = (overrides: Partial<NotificationRecord>, look: Partial<RenderOptions> = {}) =>
  message(overrides, look).parts.map(({ heading, lines }) => [heading, ...lines])
const elementsOf = (overrides: Partial<NotificationRecord>, look: Partial<RenderOptions>) => {
  const { attachments } = slackMessage(recordOf(overrides), renderOptionsOf(look))
  const actions = attachments[0]?.blocks.find(block => block.type === 'actions')
  return (actions?.elements ?? []) as { action_id: string; value?: string; url?: string }[]
}

/** Open for 19 minutes, worse once than now. */
const lasting = {
  openedAt: epoch + minuteMs,
  lastAnomalyAt: epoch + 20 * minuteMs,
  anomalies: 12,
  loss: 4_321.5,
  peak: { value: 12, expected: 1_900, severity: 'critical', windowEnd: epoch + 5 * minuteMs }
} as const
const ann = { by: 'Ann', via: 'slack', at: epoch, severity: 'high' } as const

describe('a message of an environment', () => {
  const environment = 'staging'
  const titleOf = (overrides: Partial<NotificationRecord>) => message(overrides, { environment }).title
  test('names it before its title, whatever the message says', () => {
    expect(titleOf({ severity: 'critical' })).toBe('[staging] CRITICAL: Revenue drop')
    expect(titleOf({ action: 'resolve', reason: { type: 'recovered' } })).toBe(
      '[staging] Resolved: Revenue drop'
    )
    expect(titleOf({ action: 'summary', reason: { type: 'catch_up' } })).toBe(
      '[staging] Caught up: 1 incident found late'
    )
    const report = { name: 'daily', date: '2026-11-20', title: 'Daily report of shop', sections: [] }
    expect(titleOf({ report })).toBe('[staging] Daily report of shop')
    expect(message({ severity: 'critical' }, { environment }).headline).toContain('[staging] CRITICAL')
    const options = renderOptionsOf({ environment })
    expect(emailMessage(recordOf({ severity: 'critical' }), options).subject).toMatch(
      /^\[staging\] CRITICAL: Revenue drop/
    )
    expect(pagerDutyEvent(recordOf({ dedupKey: 'k' }), options)?.payload).toMatchObject({
      summary: expect.stringMatching(/^\[staging\] Revenue drop/)
    })
  })
})

describe('a message of an escalation', () => {
  const incident = factsOf({ status: 'open', escalation: escalationOf({ since: epoch }) })
  const noteOf = (by: string | null) =>
    message({
      reason: { type: 'escalated', level: 2 },
      escalated: { level: 2, levels: 3, by, mention: [] },
      incident,
      decidedAt: epoch + 10 * minuteMs
    }).notes
  test('says which level it is, and why it came', () => {
    expect(noteOf(null)).toEqual(['Escalated to level 2 of 3: nobody has acknowledged it for 10 min.'])
    expect(noteOf('ann')).toEqual(['Escalated to level 2 of 3 by ann.'])
    expect(message({ reason: { type: 'escalated', level: 2 }, incident }).notes).toEqual([
      'Escalated to level 2.'
    ])
  })

  test('has a button for the next level as long as one is left', () => {
    const idsOf = (taken: readonly number[]) =>
      elementsOf(
        {
          incident: factsOf({
            status: 'open',
            escalation: escalationOf({ taken: taken.map(level => ({ level, at: epoch, by: null })) })
          })
        },
        { interactive: true }
      ).map(({ action_id: id }) => id)
    expect(idsOf([])).toEqual(['acknowledge', 'silence', 'escalate', 'label'])
    expect(idsOf([1, 2])).toEqual(['acknowledge', 'silence', 'escalate', 'label'])
    expect(idsOf([1, 2, 3])).toEqual(['acknowledge', 'silence', 'label'])
  })
})

describe('a message', () => {
  test('says since when, how much was lost, in how many windows, and when it was worst', () => {
    expect(factLines({ anomalies: [anomalyAt(20)], incident: factsOf(lasting) })).toEqual([
      'Severity: 🟠 high: respond within 15 minutes',
      'Since: 21 Nov 2026, 10:01 UTC (19 min)',
      'Time: 21 Nov 2026, 10:19–10:20 UTC',
      'Current: $245.00 (revenue)',
      'Expected: ~$1,850.00',
      'Loss so far: $4,321.50',
      'Windows: 12',
      'Worst: $12.00 instead of $1,900.00, 21 Nov 2026, 10:05 UTC'
    ])
  })

  test.each([
    ['pay_rate', 'money', 33.2, '$33.20 (pay_rate)'],
    ['gross_margin', 'money', 1_234.5, '$1,234.50 (gross_margin)'],
    ['voucher_share', 'share', 0.152, '15.2 % (voucher_share)'],
    ['events_per_visit', 'number', 8.25, '8.3 (events_per_visit)'],
    ['express_orders', 'count', 1_234, '1,234 express orders'],
    ['packing_time', 'seconds', 42.25, '42.3 s (packing_time)'],
    ['traffic', 'bytes', 999, '999 bytes (traffic)'],
    ['traffic', 'bytes', 1_000, '1 kB (traffic)'],
    ['traffic', 'bytes', 1_549_000_000, '1.5 GB (traffic)'],
    ['traffic', 'bytes', 2_500_000_000_000_000_000, '2,500 PB (traffic)']
  ] as const)('shows %s in %s, which is its unit', (metric, unit, value, shown) => {
    const anomaly = anomalyAt(1, { metric, unit, value })
    const loss = factsOf({ ...lasting, loss: value })
    expect(factLines({ anomalies: [anomaly], incident: loss })).toEqual(
      expect.arrayContaining([`Current: ${shown}`, `Loss so far: ${shown.split(/ [(e]/)[0]}`])
    )
  })

  test('of the end says from when to when the condition lasted, not when it was believed to be over', () => {
    const incident = factsOf({
      ...lasting,
      status: 'resolved',
      conditionFrom: epoch - 2 * minuteMs,
      conditionTo: epoch + 17 * minuteMs,
      resolvedAt: epoch + 25 * minuteMs,
      acknowledged: ann
    })
    const over = {
      action: 'resolve',
      reason: { type: 'recovered' },
      anomalies: [anomalyAt(20)],
      incident
    } as const
    expect(factLines(over)).toEqual([
      'Severity: high',
      'Lasted: 21 Nov 2026, 09:58–10:17 UTC (19 min)',
      'Last found: 21 Nov 2026, 10:19–10:20 UTC',
      'Then: $245.00 (revenue)',
      'Expected: ~$1,850.00',
      'Loss: $4,321.50',
      'Windows: 12',
      'Worst: $12.00 instead of $1,900.00, 21 Nov 2026, 10:05 UTC',
      'Acknowledged by: Ann in Slack'
    ])
    expect(partsOf(over)).toHaveLength(1)
  })

  test('of a rise says by how much there was too much', () => {
    expect(factLines({ incident: factsOf({ loss: -50 }) })).toContain('Excess so far: $50.00')
  })

  test.each<[string, string | undefined]>([
    ['opened', undefined],
    ['severity_rose', 'The severity rose.'],
    ['came_back', 'The condition cleared and came back.'],
    ['still_open', 'Found while catching up, and still there.'],
    ['reminder', 'Reminder: still open after 4 h, and nobody has acknowledged it.'],
    ['flapping', 'It opens and ends again and again: from now on it takes longer to end.'],
    ['silence_ended', 'A silence ended, and the condition lasts.'],
    ['silenced', 'Somebody silenced it; the condition may last.'],
    ['silenced:abc', 'Silence abc is in force.'],
    ['no_longer_explained', 'The incident that inhibited it is over, and the condition lasts.'],
    ['explained_by:data_loss', 'Inhibited by data_loss.'],
    ['route_changed', 'The routes lead here now.'],
    ['fallback:war-room', 'Rerouted: the receiver war-room does not take messages now.'],
    ['refused_elsewhere:war-room', 'Rerouted: the receiver war-room refused this message for good.'],
    ['test', 'This is a test of cartwatch: nothing is wrong.']
  ])('for the reason %s says why it came', (reason, expected) => {
    const incident = factsOf({ openedAt: epoch })
    const { notes } = message({ reason: parseReason(reason), incident, decidedAt: epoch + 4 * 60 * minuteMs })
    expect(notes).toEqual(expected === undefined ? [] : [expected])
  })

  test('says who acknowledged it, until the severity rises above what was acknowledged', () => {
    const taken = message({
      action: 'acknowledge',
      reason: { type: 'acknowledged' },
      incident: factsOf({ acknowledged: ann })
    })
    expect(taken.title).toBe('Acknowledged: Revenue drop')
    expect(taken.notes).toEqual(['Acknowledged by Ann in Slack: no more reminders.'])
    const risen = message({
      severity: 'critical',
      incident: factsOf({ severity: 'critical', acknowledged: ann })
    })
    expect(risen).toMatchObject({ state: 'open', title: 'CRITICAL: Revenue drop', mayAcknowledge: true })
  })

  test('shows the last windows, what it inhibits, and that it flaps', () => {
    const overrides = {
      recent: [1_900, 1_850, null, 1_000, 245],
      inhibits: ['revenue_drop · country=DE', 'conversion_drop'],
      incident: factsOf({ flapping: true })
    }
    expect(message(overrides).notes).toEqual(['It has opened and ended again and again of late.'])
    expect(partsOf(overrides).slice(1, 3)).toEqual([
      ['The last 5 windows', '██·▅▂'],
      ['Explains these, not sent separately', 'revenue_drop · country=DE', 'conversion_drop']
    ])
  })

  test("advises by the configuration's words rather than those that come with the kind", () => {
    const guides = new Map([
      [
        'revenue_drop',
        { checkFirst: 'Call payments about {segment}.', runbookUrl: 'https://wiki.example/{segment}' }
      ]
    ])
    const overrides = { segment: 'country=DE' as const, anomalies: [anomalyAt(1, { segment: 'country=DE' })] }
    expect(partsOf(overrides, { runbooks: guides }).at(-1)).toEqual([
      'Check first',
      'Call payments about country=DE.'
    ])
    expect(message(overrides, { runbooks: guides }).links).toEqual([
      { id: 'runbook', text: 'Runbook', url: 'https://wiki.example/country%3DDE' }
    ])
    expect(partsOf({ kind: 'of_a_later_version' }).at(-1)?.[0]).toBe('Check first')
  })
})

describe('changes before an incident', () => {
  const change = { id: 'd', kind: 'deploy', what: 'checkout 4.2', by: 'ci', link: null } as const
  const incident = factsOf({ conditionFrom: epoch + 248 * minuteMs })
  const changes = [
    { ...change, at: epoch + 242 * minuteMs },
    { ...change, kind: 'campaign', what: 'spring <!channel> mailing', at: epoch + 248.5 * minuteMs },
    { ...change, kind: 'other', what: 'prices', at: epoch + 230 * minuteMs }
  ] as const

  test('are lines of the message', () => {
    expect(partsOf({ incident, changes })[1]).toEqual([
      'Changed just before',
      'checkout 4.2 deployed 14:02, 6 minutes before',
      'spring <!channel> mailing began 14:08, 1 minute before',
      'prices 13:50, 18 minutes before'
    ])
    const paris = { language: 'fr', timezone: 'Europe/Paris' } as const
    expect(partsOf({ incident, changes }, paris)[1]?.slice(0, 2)).toEqual([
      'Changé juste avant',
      'checkout 4.2 déployé à 15:02, 6 minutes avant'
    ])
    expect(partsOf({ incident }).map(([heading]) => heading)).not.toContain('Changed just before')
  })

  test('stand in every channel', () => {
    const record = recordOf({ incident, changes })
    const line = 'checkout 4.2 deployed 14:02, 6 minutes before'
    for (const sent of [
      slackMessage(record, renderOptionsOf()),
      pagerDutyEvent({ ...record, dedupKey: 'k' }, renderOptionsOf()),
      emailMessage(record, renderOptionsOf()).text,
      emailMessage(record, renderOptionsOf()).html,
      teamsMessage(record, renderOptionsOf())
    ])
      expect(JSON.stringify(sent)).toContain(line)
    expect(webhookBody(record, renderOptionsOf())).toMatchObject({
      changes: [{ id: 'd', kind: 'deploy', what: 'checkout 4.2', by: 'ci', link: null }, {}, {}]
    })
  })
})

describe('what can be done about an incident', () => {
  const incidentUrl = () => 'https://cartwatch.example/a/token'
  const ids = (overrides: Partial<NotificationRecord>, look: Partial<RenderOptions>) =>
    elementsOf(overrides, look).map(({ action_id }) => action_id)

  test('is a button where Slack may send clicks back, and a link where it may not', () => {
    const open = { incident: factsOf() }
    expect(elementsOf(open, { interactive: true, incidentUrl })).toMatchObject([
      {
        action_id: 'acknowledge',
        value: '{"incident":"22222222-2222-5222-8222-222222222222","severity":"high"}'
      },
      {
        action_id: 'silence',
        value: '{"incident":"22222222-2222-5222-8222-222222222222","severity":"high"}'
      },
      { action_id: 'view_dashboard', url: 'https://cartwatch.example/a/token' },
      {
        type: 'overflow',
        action_id: 'label',
        options: [
          { text: { text: 'It was real' }, value: 'real 22222222-2222-5222-8222-222222222222' },
          { text: { text: 'False alarm' }, value: 'false 22222222-2222-5222-8222-222222222222' },
          {
            text: { text: 'Expected: do not learn from it' },
            value: 'expected 22222222-2222-5222-8222-222222222222'
          }
        ]
      }
    ])
    expect(elementsOf(open, { incidentUrl })).toMatchObject([
      { action_id: 'acknowledge_link', url: 'https://cartwatch.example/a/token' },
      { action_id: 'view_dashboard', url: 'https://cartwatch.example/a/token' }
    ])
    const dashboardTemplate = 'https://grafana.example/{kind}'
    expect(elementsOf(open, { incidentUrl, dashboardTemplate }).at(-1)?.url).toBe(
      'https://grafana.example/revenue_drop'
    )
  })

  test.each<[string, Partial<NotificationRecord>, string[]]>([
    ['acknowledged', { incident: factsOf({ acknowledged: ann }) }, ['silence', 'view_dashboard', 'label']],
    ['over', { action: 'resolve', incident: factsOf({ status: 'resolved' }) }, ['view_dashboard', 'label']],
    ['a test', { reason: { type: 'test' }, incident: factsOf() }, []],
    ['a summary', { action: 'summary', incident: factsOf() }, []]
  ])('is less once it is %s', (_, overrides, expected) => {
    expect(ids(overrides, { interactive: true, incidentUrl })).toEqual(expected)
  })
})

test('a picture begins at zero where the values come near it, and needs two of them', () => {
  expect(pictureOf([0, 50, 100])).toBe('▁▅█')
  expect(pictureOf([90, 95, 100])).toBe('▁▅█')
  expect(pictureOf([5, 5, 5])).toBe('▄▄▄')
  expect(pictureOf([0, 0, 0])).toBe('▁▁▁')
  expect(pictureOf([-1, 0, 1])).toBe('▁▅█')
  expect(pictureOf([1, null, Number.NaN])).toBeNull()
  expect(pictureOf(Array.from({ length: 80 }, (_, at) => at))).toHaveLength(60)
})

test('a duration names its two greatest units', () => {
  expect([0, 999, 45_000, 90_000, 14_400_000, 97_200_000].map(durationOf)).toEqual([
    '0 s',
    '0 s',
    '45 s',
    '1 min 30 s',
    '4 h',
    '1 d 3 h'
  ])
})

test('a message of several alerts names the likely cause, and what was also found', () => {
  const cause = {
    id: 'payment_or_checkout',
    title: 'Payment or checkout fails',
    text: 'Checkouts do not become orders.'
  }
  const symptom = anomalyAt(2, {
    kind: 'conversion_drop',
    severity: 'medium',
    details: 'Conversion dropped.'
  })
  const { title, parts, facts } = message({
    incident: factsOf({ ...lasting, cause }),
    anomalies: [symptom, anomalyAt(2, { evidence: { z_score: -4.1234 } })]
  })
  expect(title).toBe('HIGH: Payment or checkout fails')
  expect(parts.slice(0, 2)).toMatchObject([
    { key: 'details', lines: ['Checkouts do not become orders.', anomalyAt(2).details] },
    { key: 'symptoms', heading: 'Also found', lines: ['• medium · Conversion drop: Conversion dropped.'] }
  ])
  expect(facts.find(({ key }) => key === 'expected')?.text).toBe('~$1,850.00 (z-score -4.12)')
})

test('a message of a level that stays says so, and by how much', () => {
  const { title, mark, notes } = message({
    action: 'resolve',
    reason: { type: 'new_level' },
    incident: factsOf({ status: 'resolved', newLevel: 0.57 })
  })
  expect(`${mark} ${title}`).toBe('➡️ New level: Revenue drop')
  expect(notes).toEqual([
    'It did not come back: revenue stays 43 % below what was usual, and is expected there from now on.'
  ])
})
