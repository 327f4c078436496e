import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anomalyAt } from '../../support/alerts.ts'
import { openTestChannels, type TestChannels } from '../../support/channels.ts'

let channels: TestChannels

beforeAll(async () => {
  channels = await openTestChannels()
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
})

describe('a message to Slack', () => {
  test('says what a person needs', async () => {
    await channels.sendTo('slack', { severity: 'critical' })
    expect(channels.lastBody()).toEqual({
      text: '🚨 CRITICAL: Revenue drop: Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
      mrkdwn: false,
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      attachments: [
        {
          color: '#d32f2f',
          blocks: [
            { type: 'header', text: { type: 'plain_text', text: '🚨 CRITICAL: Revenue drop', emoji: false } },
            {
              type: 'section',
              fields: [
                { type: 'mrkdwn', text: '*Severity*\ncritical', verbatim: true },
                { type: 'mrkdwn', text: '*Time*\n21 Nov 2026, 10:00–10:01 UTC', verbatim: true },
                { type: 'mrkdwn', text: '*Current*\n$245.00 (revenue)', verbatim: true },
                { type: 'mrkdwn', text: '*Expected*\n$1,850.00', verbatim: true }
              ]
            },
            {
              type: 'section',
              text: {
                type: 'plain_text',
                text: 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
                emoji: false
              }
            },
            {
              type: 'actions',
              elements: [
                {
                  type: 'button',
                  text: { type: 'plain_text', text: 'View Dashboard', emoji: false },
                  url: 'https://shop.example/d?kind=revenue_drop&s=all&from=1795255200000&to=2026-11-21T10%3A01%3A00.000Z',
                  action_id: 'view_dashboard'
                }
              ]
            },
            {
              type: 'context',
              elements: [
                {
                  type: 'plain_text',
                  text: 'cartwatch · shop · incident 22222222-2222-5222-8222-222222222222',
                  emoji: false
                }
              ]
            }
          ]
        }
      ]
    })
  })

  test('is green when it is over, and names who refused it elsewhere', async () => {
    await channels.sendTo('slack', { action: 'resolve', reason: 'recovered' })
    expect(channels.lastBody()).toMatchObject({
      text: '✅ Resolved: Revenue drop',
      attachments: [{ color: '#36a64f' }]
    })
    await channels.sendTo('slack', { reason: 'refused_elsewhere:slack-revenue' })
    expect(JSON.stringify(channels.lastBody())).toContain(
      'the receiver slack-revenue refused this message for good'
    )
  })

  test('shows a summary line by line and says what it leaves out', async () => {
    const anomalies = Array.from({ length: 150 }, (_, minute) =>
      anomalyAt(minute, { details: 'x'.repeat(500) })
    )
    await channels.sendTo('slack', { action: 'summary', reason: 'catch_up', anomalies })
    expect(channels.inbox.messages.at(-1)?.accepted).toBe(true)
    const text = JSON.stringify(channels.lastBody())
    expect(text).toContain('Caught up: 150 incidents found late')
    expect(text).toContain('… and 141 more; cartwatch anomalies lists them all.')
  })

  test('says how much of a long text was cut', async () => {
    await channels.sendTo('slack', { anomalies: [anomalyAt(1, { details: 'y'.repeat(10_000) })] })
    expect(channels.inbox.messages.at(-1)?.accepted).toBe(true)
    expect(JSON.stringify(channels.lastBody())).toContain('…\\n(7140 characters cut)')
  })
})
