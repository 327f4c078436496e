import { expect, test } from 'vitest'
import { pagerDutyEvent } from '../../../../src/channel/pagerduty/event.ts'
import { slackMessage } from '../../../../src/channel/slack/message.ts'
import type { InboxMessage } from '../../../../src/demo/inbox/inbox.ts'
import type { Json } from '../../../../src/demo/inbox/json.ts'
import { renderMessage } from '../../../../src/demo/inbox/render.ts'
import { anomalyAt, recordOf, renderOptionsOf } from '../../../support/alerts.ts'

const look = renderOptionsOf({ dashboardTemplate: 'https://shop.example/{kind}' })
const messageOf = (overrides: Partial<InboxMessage>): InboxMessage => ({
  to: 'alerts',
  type: 'slack',
  at: 0,
  status: 200,
  answer: 'ok',
  accepted: true,
  body: undefined,
  ...overrides
})

test('a Slack message reads as it would there', () => {
  const body = slackMessage(
    recordOf({ anomalies: [anomalyAt(1, { segment: 'category=a<b' })] }),
    look
  ) as unknown as Json
  expect(renderMessage(messageOf({ body }))).toBe(
    [
      '┌ Slack #alerts ─ 💰 HIGH: Revenue drop',
      '│ Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
      '│ Severity: 🟠 high: respond within 15 minutes',
      '│ Time: 21 Nov 2026, 10:00–10:01 UTC',
      '│ Current: $245.00 (revenue)',
      '│ Expected: ~$1,850.00',
      '│ Segment: category=a<b',
      '│ Check first',
      '│ Open this category in the shop: stock, prices, search, and what was changed in the catalogue last.',
      '│ [View Dashboard] https://shop.example/revenue_drop',
      '│ cartwatch · shop · incident 22222222-2222-5222-8222-222222222222'
    ].join('\n')
  )
})

test('Slack shows the text of a message that has no blocks of its own above its attachments', () => {
  const blocks = [{ type: 'section', text: { type: 'plain_text', text: 'in a block' } }]
  const body = { text: 'the text', attachments: [{ blocks }] }
  expect(renderMessage(messageOf({ body }))).toBe('┌ Slack #alerts ─ the text\n│ in a block')
  expect(renderMessage(messageOf({ body: { ...body, blocks } }))).toBe(
    '┌ Slack #alerts ─ in a block\n│ in a block'
  )
})

test('a page says what it did', () => {
  const body = pagerDutyEvent(recordOf({ dedupKey: 'k' }), look) as unknown as Json
  expect(renderMessage(messageOf({ type: 'pagerduty', to: 'pagerduty', body, effect: 'opened' }))).toBe(
    '┌ PagerDuty ─ trigger (opened) error: Revenue drop: Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.'
  )
})

test('nothing in it can steer the terminal', () => {
  const body = { text: 'a\u001b[2Jb\u0007\r\u009b31mc' }
  expect(renderMessage(messageOf({ body }))).toBe(
    String.raw`┌ Slack #alerts ─ a\u001b[2Jb\u0007\u000d\u009b31mc`
  )
})

test('a refusal comes first', () => {
  expect(
    renderMessage(messageOf({ body: { text: 'x' }, accepted: false, status: 400, answer: 'no_text' }))
  ).toBe('┌ Slack #alerts ─ refused: 400 no_text\n│ x')
})
