import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseReason } from '../../../src/incident/reason.ts'
import type { Segment } from '../../../src/window/segment.ts'
import { anomalyAt, epoch } from '../../support/alerts.ts'
import { factsOf, markupIn, openTestChannels, type TestChannels } from '../../support/channels.ts'

let channels: TestChannels

beforeAll(async () => {
  channels = await openTestChannels()
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
})

describe('whatever an anomaly says', () => {
  const pieces = [
    '<!channel>',
    '<@U1>',
    '<https://evil.example|ok>',
    '&lt;',
    '\u0000',
    '\u001b[31m',
    '\u202e',
    '\ud83d',
    '🛒',
    '"',
    '\\',
    '\n',
    'a.b',
    'http://e.vil'
  ]
  const hostile = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })), { maxLength: 12 })
    .map(parts => parts.join(''))
  const long = fc
    .tuple(hostile, fc.constantFrom(1, 1, 50, 2_000))
    .map(([text, times]) => text.repeat(times).slice(0, 60_000))
  const segment = long.map((text): Segment => `category=${text}`)
  const amount = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, 1e300))
  const anomalies = fc.array(
    fc.record({
      segment,
      details: long,
      metric: hostile,
      value: amount,
      expected: amount,
      explainedBy: fc.array(fc.record({ segment, share: fc.double(), value: amount, expected: amount }), {
        maxLength: 5
      }),
      evidence: fc.dictionary(hostile, long)
    }),
    { minLength: 1, maxLength: 4 }
  )
  const records = fc.record({
    receiver: fc.constantFrom('slack', 'bot', 'pagerduty', 'teams', 'webhook'),
    action: fc.constantFrom('trigger', 'acknowledge', 'resolve', 'summary'),
    severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
    reason: fc
      .constantFrom(
        'opened',
        'came_back',
        'still_open',
        'severity_rose',
        'test',
        'refused_elsewhere:x',
        'reminder',
        'explained_by:<!channel>'
      )
      .map(parseReason),
    kind: long,
    segment,
    pipeline: hostile,
    dedupKey: fc.constantFrom(null, 'cartwatch-key'),
    inhibits: fc.array(long, { maxLength: 3 }),
    recent: fc.array(fc.option(amount), { maxLength: 70 }),
    incident: fc.option(
      fc
        .record({ by: long, loss: fc.option(amount), value: amount, flapping: fc.boolean() })
        .map(({ by, loss, value, flapping }) =>
          factsOf({
            loss,
            flapping,
            anomalies: 7,
            peak: { value, expected: value, severity: 'high', windowEnd: epoch },
            acknowledged: { by, via: 'link', at: epoch, severity: 'critical' }
          })
        )
    ),
    anomalies: anomalies.map(list => list.map((fields, minute) => anomalyAt(minute, fields)))
  })

  test('the real receivers would take it, and nothing in it mentions or links', async () => {
    const property = fc.asyncProperty(records, async record => {
      expect(await channels.sendTo(record.receiver, record)).toMatchObject({ kind: 'sent' })
      if (record.receiver !== 'slack' && record.receiver !== 'bot') return
      for (const text of markupIn(channels.inbox.messages.at(-1)?.body)) {
        expect(text).not.toMatch(/[<>]|https?:\/\//)
      }
    })
    await fc.assert(property, { numRuns: 300 })
  })
})
