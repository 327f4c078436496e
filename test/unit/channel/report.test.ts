import { expect, test } from 'vitest'
import { emailMessage } from '../../../src/channel/email/message.ts'
import { slackMessage } from '../../../src/channel/slack/message.ts'
import { teamsMessage } from '../../../src/channel/teams/card.ts'
import { webhookBody } from '../../../src/channel/webhook/body.ts'
import { reportRecord } from '../../../src/report/record.ts'
import { epoch, renderOptionsOf } from '../../support/alerts.ts'

const text = {
  title: 'Daily report of shop: Sunday, 29 November 2026',
  sections: [
    { heading: 'Sunday', lines: ['Revenue: $10.00', 'Orders: 1'] },
    { heading: 'Top categories', lines: ['<!channel> \u202eshoes: $10.00'] }
  ]
}
const record = reportRecord({ pipeline: 'shop', name: 'daily', date: '2026-11-29' }, 'insights', text, {
  outcome: 'pending',
  nowMs: epoch
})
const options = renderOptionsOf({ interactive: true, dashboardTemplate: 'https://grafana.example/{kind}' })

test('a report has its title, its passages and no buttons in Slack', () => {
  const message = slackMessage(record, options)
  const shown = JSON.stringify(message)
  expect(message.text).toBe('📊 Daily report of shop: Sunday, 29 November 2026')
  expect(shown).toContain('Sunday\\nRevenue: $10.00\\nOrders: 1')
  expect(shown).not.toContain('"actions"')
  expect(shown).not.toContain('\u202e')
  expect(shown).not.toContain('incident')
})

test('a report is an e-mail and a card like another message', () => {
  expect(emailMessage(record, options)).toMatchObject({
    subject: 'Daily report of shop: Sunday, 29 November 2026 (shop)',
    text: expect.stringContaining('Revenue: $10.00')
  })
  expect(JSON.stringify(teamsMessage(record, options))).toContain('Orders: 1')
})

test('a webhook gets a report as it is, with its day', () => {
  expect(webhookBody(record, options)).toMatchObject({
    action: 'summary',
    kind: 'report',
    reason: 'report',
    report: { name: 'daily', date: '2026-11-29', ...text }
  })
})
