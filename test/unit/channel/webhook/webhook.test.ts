import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SegmentShare } from '../../../../detectors/types.ts'
import { signatureOf } from '../../../../src/channel/webhook/webhook.ts'
import { anomalyAt, epoch, minuteMs } from '../../../support/alerts.ts'
import { factsOf, openTestChannels, type TestChannels, webhookSecret } from '../../../support/channels.ts'

let channels: TestChannels
beforeAll(async () => {
  channels = await openTestChannels(5_000, { incidentUrl: () => 'https://cartwatch.example/a/token' })
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
})

describe('a generic webhook', () => {
  test('gets the values as they are, and the words for a person', async () => {
    const explainedBy: SegmentShare[] = [{ segment: 'country=DE', share: 0.97, value: 12, expected: 430 }]
    const acknowledged = { by: 'Ann', via: 'slack', at: epoch, severity: 'low' } as const
    await channels.sendTo('webhook', {
      anomalies: [anomalyAt(1, { explainedBy })],
      incident: factsOf({ loss: 1_605, acknowledged }),
      recent: [1, null, 2],
      inhibits: ['traffic_drop']
    })
    expect(channels.lastBody()).toEqual({
      version: 1,
      id: '11111111-1111-5111-8111-111111111111',
      action: 'trigger',
      reason: 'opened',
      severity: 'high',
      kind: 'revenue_drop',
      segment: 'all',
      pipeline: 'shop',
      decided_at_ms: epoch,
      incident: {
        id: '22222222-2222-5222-8222-222222222222',
        status: 'open',
        severity: 'high',
        condition_from_ms: 1795255260000,
        condition_to_ms: 1795255260000,
        opened_at_ms: epoch + minuteMs,
        last_found_at_ms: epoch + minuteMs,
        resolved_at_ms: null,
        windows: 1,
        loss: 1_605,
        flapping: false,
        cause: null,
        acknowledged: { by: 'Ann', via: 'slack', at_ms: epoch }
      },
      anomalies: [
        {
          id: 'revenue_drop/all/1',
          kind: 'revenue_drop',
          segment: 'all',
          severity: 'high',
          metric: 'revenue',
          value: 245,
          expected: 1_850,
          window_start_ms: epoch,
          window_end_ms: epoch + minuteMs,
          details: 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
          explained_by: explainedBy
        }
      ],
      anomalies_total: 1,
      recent: [1, null, 2],
      explains: ['traffic_drop'],
      text: 'HIGH: Revenue drop: Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
      notes: [],
      check_first:
        'Open the shop as a visitor from this country: DNS, the CDN, block lists, and how one can pay and ship there.',
      links: {
        acknowledge: 'https://cartwatch.example/a/token',
        view_dashboard:
          'https://shop.example/d?kind=revenue_drop&s=all&from=1795255200000&to=2026-11-21T10%3A01%3A00.000Z'
      }
    })
  })

  test('can tell from its headers that a body is ours, when it was signed, and whether it came before', async () => {
    await channels.sendTo('webhook')
    const { headers = {}, body } = channels.inbox.messages.at(-1) ?? {}
    expect(headers['x-cartwatch-id']).toBe('11111111-1111-5111-8111-111111111111')
    const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['x-cartwatch-signature'] ?? '') ?? []
    expect(seconds).toBe(String(epoch / 1_000))
    const signed = `${seconds}.${JSON.stringify(body)}`
    expect(hex).toBe(createHmac('sha256', webhookSecret).update(signed).digest('hex'))
  })

  test('is signed by what a standard tool computes', () => {
    // printf '1.{}' | openssl dgst -sha256 -hmac key
    expect(signatureOf('{}', 'key', 1_999)).toBe(
      't=1,v1=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224'
    )
  })
})
