import { describe, expect, test } from 'vitest'
import { countMessages, messagesLine } from '../../../src/demo/messages-per-cause.ts'
import { anomalyAt, epoch, incidentOf, minuteMs, recordOf } from '../../support/alerts.ts'

const minute = (at: number) => epoch + at * minuteMs
const outage = { kind: 'payment_outage', startMs: epoch, endMs: minute(60) }
const receivers = { webhook: 'webhook', bot: 'bot' }

let records = 0
const sent = (incidentId: string, at: number, more: Parameters<typeof recordOf>[0] = {}) =>
  recordOf({ id: String(records++), incidentId, decidedAt: minute(at), outcome: 'sent', ...more })
const page = (incidentId: string, at: number, more: Parameters<typeof recordOf>[0] = {}) =>
  sent(incidentId, at, { receiver: 'pager', dedupKey: incidentId, ...more })
const incidentAt = (id: string, at: number, resolvedAt: number | null) =>
  incidentOf({
    id,
    lastAnomaly: anomalyAt(at),
    status: resolvedAt === null ? 'open' : 'resolved',
    resolvedAt: resolvedAt === null ? null : minute(resolvedAt)
  })

describe('the messages about a fault', () => {
  test('are all of a webhook, and one for each incident of a bot that edits it', () => {
    const [cause] = countMessages(
      [outage],
      [incidentAt('one', 2, 65), incidentAt('two', 30, 66)],
      [
        ...['webhook', 'bot'].flatMap(receiver => [
          sent('one', 2, { receiver }),
          sent('one', 5, { receiver, reason: { type: 'severity_rose' } }),
          sent('two', 30, { receiver })
        ]),
        sent('one', 65, { receiver: 'bot', action: 'resolve' }),
        page('one', 5),
        page('one', 65, { action: 'resolve' })
      ],
      receivers
    )
    expect(cause).toMatchObject({ webhook: 3, bot: 2, botReplies: 2, pages: 1, overTooEarly: [] })
    expect(cause?.isPagedAgain).toBe(false)
  })

  test('tell of an end too early where the incident is over and the fault is not', () => {
    const incidents = [incidentAt('early', 2, 40), incidentAt('silent', 3, 41), incidentAt('late', 4, 61)]
    const ends = ['early', 'late'].map(id => sent(id, 61, { receiver: 'bot', action: 'resolve' }))
    const [cause] = countMessages([outage], incidents, ends, receivers)
    expect(cause?.overTooEarly.map(({ id }) => id)).toEqual(['early'])
  })

  test.each([
    ['a graver page replaces it', [page('a', 2), page('b', 9), page('a', 9, { action: 'resolve' })], false],
    ['a page comes after its end', [page('a', 2), page('a', 9, { action: 'resolve' }), page('b', 20)], true],
    ['a page comes once the fault is over', [page('a', 2), page('b', 62)], true],
    ['the only page comes late', [page('a', 62)], false]
  ])('are pages again or not: %s', (_, pages, expected) => {
    const incidents = [incidentAt('a', 2, null), incidentAt('b', 9, null)]
    expect(countMessages([outage], incidents, pages, receivers)[0]?.isPagedAgain).toBe(expected)
  })

  test('are summed up in the mean of the faults that were found', () => {
    const causes = countMessages(
      [outage, { ...outage, startMs: minute(500), endMs: minute(510) }],
      [incidentAt('one', 2, 40)],
      [sent('one', 2, { receiver: 'webhook' }), sent('one', 40, { receiver: 'bot', action: 'resolve' })],
      receivers
    )
    expect(messagesLine(causes)).toBe(
      'per cause (1): 1.00 incidents, 0.00 pages, 1.00 messages by a webhook, 1.00 by a bot (and 0.00 replies in its threads); 1 told as over while they last, 0 paged again after their end'
    )
  })
})
