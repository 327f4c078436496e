import { describe, expect, test } from 'vitest'
import { countPerCause, perCauseLine } from '../../../src/demo/per-cause.ts'
import { anomalyAt, epoch, incidentOf, minuteMs, recordOf } from '../../support/alerts.ts'

const outage = { kind: 'payment_outage', startMs: epoch, endMs: epoch + 16 * minuteMs }
const cause = { id: 'payment_or_checkout', title: 'Payment or checkout fails', text: '' }
const incidentAt = (id: string, minute: number, more: Parameters<typeof incidentOf>[0] = {}) =>
  incidentOf({ id, lastAnomaly: anomalyAt(minute), ...more })
const messageOf = (incidentId: string, receiver: string, more: Parameters<typeof recordOf>[0] = {}) =>
  recordOf({
    id: `${incidentId} ${receiver} ${JSON.stringify(more)}`,
    incidentId,
    receiver,
    outcome: 'sent',
    ...more
  })

describe('what a fault led to', () => {
  test('are its incidents above low, its pages, and the messages of the receiver with the most', () => {
    const incidents = [
      incidentAt('one', 2, { cause }),
      incidentAt('two', 20),
      incidentAt('low', 3, { severity: 'low' }),
      incidentAt('later', 27)
    ]
    const records = [
      messageOf('one', 'slack'),
      messageOf('one', 'slack', { action: 'resolve' }),
      messageOf('two', 'slack', { outcome: 'muted' }),
      messageOf('two', 'team'),
      messageOf('one', 'pagerduty', { dedupKey: 'k' }),
      messageOf('one', 'pagerduty', { dedupKey: 'k', action: 'resolve' }),
      messageOf('later', 'slack')
    ]
    expect(countPerCause([outage], incidents, records)).toEqual([
      {
        label: outage,
        incidents: 2,
        messages: 2,
        pages: 1,
        firstSeverity: 'high',
        finalSeverity: 'high',
        named: 'Payment or checkout fails',
        isNamedRight: true
      }
    ])
  })

  test('is named right only where the place is right, too', () => {
    const country = { ...outage, kind: 'country_outage', segment: 'country=DE' }
    const rightOf = (segment: 'all' | 'country=DE' | 'country=FR') =>
      countPerCause([country], [incidentAt('one', 2, { kind: 'traffic_drop', segment })], [])[0]?.isNamedRight
    expect([rightOf('country=DE'), rightOf('country=FR'), rightOf('all')]).toEqual([true, false, false])
  })

  test('is summed up in the mean of those that were found', () => {
    const causes = countPerCause(
      [
        outage,
        { ...outage, kind: 'flash_sale' },
        { ...outage, startMs: epoch + 100 * minuteMs, endMs: epoch + 110 * minuteMs }
      ],
      [incidentAt('one', 2), incidentAt('two', 3)],
      [messageOf('one', 'pagerduty', { dedupKey: 'k' })]
    )
    expect(perCauseLine(causes)).toBe(
      'per cause: 2.00 incidents, 1.00 pages, 0.00 messages to one receiver at most; the likely cause is right for 1 of 1'
    )
  })
})
