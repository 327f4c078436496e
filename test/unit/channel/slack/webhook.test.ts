import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Anomaly, SegmentShare } from '../../../../detectors/types.ts'
import { createChannels } from '../../../../src/channel/create.ts'
import type { ReceiverSettings } from '../../../../src/routing/receiver.ts'
import { anomalyAt, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { openTestChannels, slackTo, type TestChannels } from '../../../support/channels.ts'

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
      text: '💰 CRITICAL: Revenue drop: Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
      mrkdwn: false,
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '💰 CRITICAL: Revenue drop', emoji: false } },
        {
          type: 'section',
          text: {
            type: 'plain_text',
            text: 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
            emoji: false
          }
        }
      ],
      attachments: [
        {
          color: '#d32f2f',
          blocks: [
            {
              type: 'section',
              fields: [
                { type: 'mrkdwn', text: '*Severity*\n🔴 critical: respond immediately', verbatim: true },
                { type: 'mrkdwn', text: '*Time*\n21 Nov 2026, 10:00–10:01 UTC', verbatim: true },
                { type: 'mrkdwn', text: '*Current*\n$245.00 (revenue)', verbatim: true },
                { type: 'mrkdwn', text: '*Expected*\n~$1,850.00', verbatim: true }
              ]
            },
            {
              type: 'section',
              text: {
                type: 'plain_text',
                text: 'Check first\nBuy something yourself. Then look at the status of the payment providers, at what was deployed last, and at the segments named here.',
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

  test.each([
    [':rotating_light:', { icon_emoji: ':rotating_light:' }],
    ['https://shop.example/icon.png', { icon_url: 'https://shop.example/icon.png' }]
  ])('comes from whom and to where the webhook is told, with the icon %s', async (icon, shown) => {
    const { inbox } = channels
    const named = { ...slackTo(inbox.slackUrl('alerts')), channel: '#shop', username: 'Till', icon }
    const { byName, close } = createChannels({
      receivers: new Map([['named', named as ReceiverSettings]]),
      renderOptions: renderOptionsOf(),
      timeoutMs: 5_000,
      clock: { now: () => 0 }
    })
    await byName.get('named')?.send(recordOf(), null)
    expect(channels.lastBody()).toMatchObject({ channel: '#shop', username: 'Till', ...shown })
    await close()
  })

  test('says where it sits, the segment with the greatest share of the change first', async () => {
    const explainedBy: SegmentShare[] = [
      { segment: 'payment_method=paypal', share: 0.97, value: 12, expected: 430 },
      { segment: 'country=DE', share: 0.314, value: 300.5, expected: 620 }
    ]
    await channels.sendTo('slack', { anomalies: [anomalyAt(1, { explainedBy })] })
    expect(JSON.stringify(channels.lastBody())).toContain(
      JSON.stringify({
        type: 'plain_text',
        text: [
          'Where',
          'payment_method=paypal · 97 % of the change · $12.00 instead of $430.00',
          'country=DE · 31 % of the change · $300.50 instead of $620.00'
        ].join('\n'),
        emoji: false
      })
    )
  })

  test('shows shares as shares, and an anomaly of a version without segments', async () => {
    const { explainedBy, ...older } = anomalyAt(1, {
      metric: 'category_share',
      unit: 'share',
      value: 0,
      expected: 0.152
    })
    expect(explainedBy).toEqual([])
    await channels.sendTo('slack', { anomalies: [older as Anomaly] })
    expect(JSON.stringify(channels.lastBody())).toContain('*Expected*\\n~15.2 %')
  })

  test('is green when it is over, and names who refused it elsewhere', async () => {
    await channels.sendTo('slack', { action: 'resolve', reason: { type: 'recovered' } })
    expect(channels.lastBody()).toMatchObject({
      text: '✅ Resolved: Revenue drop',
      attachments: [{ color: '#36a64f' }]
    })
    await channels.sendTo('slack', { reason: { type: 'refused_elsewhere', receiver: 'slack-revenue' } })
    expect(JSON.stringify(channels.lastBody())).toContain(
      'the receiver slack-revenue refused this message for good'
    )
  })

  test('shows a summary line by line and says what it leaves out', async () => {
    const anomalies = Array.from({ length: 150 }, (_, minute) =>
      anomalyAt(minute, { details: 'x'.repeat(500) })
    )
    await channels.sendTo('slack', { action: 'summary', reason: { type: 'catch_up' }, anomalies })
    expect(channels.inbox.messages.at(-1)?.accepted).toBe(true)
    const text = JSON.stringify(channels.lastBody())
    expect(text).toContain('Caught up: 150 incidents found late')
    expect(text).toContain('… and 141 more')
  })

  test('says how much of a long text was cut', async () => {
    await channels.sendTo('slack', { anomalies: [anomalyAt(1, { details: 'y'.repeat(10_000) })] })
    expect(channels.inbox.messages.at(-1)?.accepted).toBe(true)
    expect(JSON.stringify(channels.lastBody())).toContain('…\\n(8540 characters cut)')
  })
})
