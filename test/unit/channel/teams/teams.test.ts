import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { teamsMessage } from '../../../../src/channel/teams/card.ts'
import type { Segment } from '../../../../src/window/segment.ts'
import { anomalyAt, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { factsOf, openTestChannels, type TestChannels } from '../../../support/channels.ts'

let channels: TestChannels
beforeAll(async () => {
  channels = await openTestChannels()
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
})

describe('a card in Teams', () => {
  test('says what a person needs', async () => {
    await channels.sendTo('teams', { severity: 'critical', segment: 'country=DE' })
    const [attachment] = channels.lastBody()['attachments'] as unknown as {
      content: Record<string, unknown>
    }[]
    const { body, actions, version } = attachment?.content ?? {}
    const run = (text: string, more = {}) => ({ type: 'TextRun', text, ...more })
    const labelled = (label: string, text: string) => ({
      type: 'RichTextBlock',
      inlines: [run(`${label}: `, { weight: 'Bolder' }), run(text)]
    })
    const paragraph = (text: string, more = {}) => ({ type: 'RichTextBlock', inlines: [run(text, more)] })
    expect(version).toBe('1.4')
    expect(body).toEqual([
      paragraph('💰 CRITICAL: Revenue drop · country=DE', {
        size: 'Large',
        weight: 'Bolder',
        color: 'Attention'
      }),
      labelled('Severity', '🔴 critical: respond immediately'),
      labelled('Time', '21 Nov 2026, 10:00–10:01 UTC'),
      labelled('Current', '$245.00 (revenue)'),
      labelled('Expected', '~$1,850.00'),
      paragraph('Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.'),
      labelled(
        'Check first',
        'Buy something yourself. Then look at the status of the payment providers, at what was deployed last, and at the segments named here.'
      ),
      paragraph('cartwatch · shop · incident 22222222-2222-5222-8222-222222222222', {
        size: 'Small',
        isSubtle: true
      })
    ])
    expect(actions).toEqual([
      {
        type: 'Action.OpenUrl',
        title: 'View Dashboard',
        url: 'https://shop.example/d?kind=revenue_drop&s=country%3DDE&from=1795255200000&to=2026-11-21T10%3A01%3A00.000Z'
      }
    ])
  })

  test('computes nothing that a text from events asks for', () => {
    const anomalies = [anomalyAt(1, { details: '{{DATE(2026-01-01T00:00:00Z)}} https://evil.example' })]
    const card = JSON.stringify(teamsMessage(recordOf({ anomalies }), renderOptionsOf()))
    expect(card).not.toContain('{{')
    expect(card).not.toContain('https://evil')
  })

  test('of wide characters has less of each passage, and says how much was cut', () => {
    const wide = '漢'.repeat(20_000)
    const segment: Segment = `category=${wide}`
    const share = { segment, share: 1, value: 1, expected: 2 }
    const anomalies = [anomalyAt(1, { details: wide, segment, explainedBy: Array(20).fill(share) })]
    const url = `https://shop.example/${'x'.repeat(2_900)}`
    const card = teamsMessage(
      recordOf({
        incident: factsOf({ flapping: true }),
        inhibits: Array(50).fill(wide),
        segment,
        pipeline: wide,
        anomalies
      }),
      renderOptionsOf({
        incidentUrl: () => url,
        dashboardTemplate: url,
        runbooks: new Map([['revenue_drop', { checkFirst: wide.slice(0, 600), runbookUrl: url }]])
      })
    )
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(28 * 1_024)
    expect(JSON.stringify(card)).toContain('(19040 characters cut)')
  })
})
