import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SegmentShare } from '../../../../detectors/types.ts'
import { type PagerDutyEvent, pagerDutyEvent, withSource } from '../../../../src/channel/pagerduty/event.ts'
import { anomalyAt, epoch, minuteMs, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { factsOf, openTestChannels, type TestChannels } from '../../../support/channels.ts'

let channels: TestChannels

beforeAll(async () => {
  channels = await openTestChannels()
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
})

describe('an event to PagerDuty', () => {
  test('triggers and resolves under one key', async () => {
    const page = { receiver: 'pagerduty', dedupKey: 'cartwatch-x-high' }
    expect(await channels.sendTo('pagerduty', page)).toMatchObject({ kind: 'sent' })
    expect(channels.lastBody()).toMatchObject({
      event_action: 'trigger',
      dedup_key: 'cartwatch-x-high',
      client: 'cartwatch',
      links: [{ text: 'View Dashboard' }],
      payload: {
        summary:
          'Revenue drop: Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
        source: 'cartwatch shop',
        severity: 'error',
        timestamp: '2026-11-21T10:01:00.000Z',
        component: 'all',
        group: 'shop',
        class: 'revenue_drop',
        custom_details: {
          current: '$245.00',
          metric_value: 245,
          expected_value: 1_850,
          expected: '~$1,850.00',
          evidence: { span: '1m', sample: 12 }
        }
      }
    })
    await channels.sendTo('pagerduty', { ...page, action: 'resolve' })
    expect(channels.inbox.messages.at(-1)?.effect).toBe('resolved')
  })

  test('names the segment that explains it as the component, and all of them in the details', async () => {
    const explainedBy: SegmentShare[] = [
      { segment: 'payment_method=paypal', share: 0.97, value: 12, expected: 430 },
      { segment: 'device=\u001bmobile', share: 0.3, value: 300, expected: 600 }
    ]
    await channels.sendTo('pagerduty', {
      dedupKey: 'cartwatch-y-high',
      anomalies: [anomalyAt(1, { explainedBy })]
    })
    expect(channels.lastBody()).toMatchObject({
      payload: {
        component: 'payment_method=paypal',
        custom_details: {
          segment: 'all',
          where: [
            'payment_method=paypal · 97 % of the change · $12.00 instead of $430.00',
            'device=\\u001bmobile · 30 % of the change · $300.00 instead of $600.00'
          ]
        }
      }
    })
    const anomalies = [anomalyAt(1, { segment: 'country=DE' })]
    await channels.sendTo('pagerduty', { dedupKey: 'cartwatch-z-high', segment: 'country=DE', anomalies })
    expect(channels.lastBody()).toMatchObject({ payload: { component: 'country=DE' } })
  })

  test('acknowledges the page that was opened', async () => {
    const page = { dedupKey: 'cartwatch-a-high' }
    await channels.sendTo('pagerduty', page)
    await channels.sendTo('pagerduty', { ...page, action: 'acknowledge', reason: { type: 'acknowledged' } })
    expect(channels.lastBody()).toEqual({
      routing_key: channels.inbox.pagerdutyKey,
      event_action: 'acknowledge',
      dedup_key: 'cartwatch-a-high'
    })
    expect(channels.inbox.messages.at(-1)?.effect).toBe('acknowledged')
  })

  test('remembers the integration key that a page was opened through, and refuses to end it through another', async () => {
    const page = { dedupKey: 'cartwatch-b-high' }
    const digest = createHash('sha256').update(channels.inbox.pagerdutyKey).digest('hex').slice(0, 12)
    expect(await channels.sendTo('pagerduty', page)).toMatchObject({ kind: 'sent', messageRef: digest })
    const before = channels.inbox.messages.length
    for (const action of ['acknowledge', 'resolve'] as const) {
      expect(await channels.sendTo('pagerduty', { ...page, action }, 'of-another-k')).toEqual({
        kind: 'refused',
        answer: 'not sent: opened through another integration key, resolve it by hand in PagerDuty'
      })
    }
    expect(channels.inbox.messages).toHaveLength(before)
    expect(await channels.sendTo('pagerduty', { ...page, action: 'resolve' }, digest)).toMatchObject({
      kind: 'sent'
    })
    expect(channels.inbox.messages.at(-1)?.effect).toBe('resolved')
    expect(await channels.sendTo('pagerduty', page, 'of-another-k')).toMatchObject({ kind: 'sent' })
  })

  test('tells the incident so far in its details', async () => {
    const incident = factsOf({
      openedAt: epoch,
      lastAnomalyAt: epoch + 4 * minuteMs,
      anomalies: 5,
      loss: 900
    })
    await channels.sendTo('pagerduty', {
      incident,
      reason: { type: 'severity_rose' },
      dedupKey: 'cartwatch-c-high',
      recent: [1, 8],
      inhibits: ['conversion_drop']
    })
    expect(channels.lastBody()).toMatchObject({
      payload: {
        custom_details: {
          note: 'The severity rose.',
          since: '21 Nov 2026, 10:00 UTC (4 min)',
          windows: '5',
          loss: '$900.00',
          picture: '▂█',
          explains: 'conversion_drop',
          check_first: expect.stringMatching(/^Buy something yourself/)
        }
      }
    })
  })

  test('is not sent where nothing can be open', async () => {
    const before = channels.inbox.messages.length
    expect(await channels.sendTo('pagerduty', { action: 'resolve' })).toMatchObject({ kind: 'sent' })
    expect(channels.inbox.messages).toHaveLength(before)
  })
})

test('a source of the configuration stands in place of the pipeline, in triggers alone', () => {
  const trigger = pagerDutyEvent(recordOf({ dedupKey: 'k' }), renderOptionsOf()) as PagerDutyEvent
  expect(withSource(trigger, 'shop.example')['payload']).toEqual({
    ...trigger.payload,
    source: 'shop.example'
  })
  const resolve = pagerDutyEvent(
    recordOf({ dedupKey: 'k', action: 'resolve' }),
    renderOptionsOf()
  ) as PagerDutyEvent
  expect(withSource(resolve, 'shop.example')).toEqual({ event_action: 'resolve', dedup_key: 'k' })
})
