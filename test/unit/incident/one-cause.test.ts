import { describe, expect, test } from 'vitest'
import { incidentToJoin } from '../../../src/incident/grouping.ts'
import {
  carriedOver,
  isUnnotified,
  receiversNotified,
  wasNotified
} from '../../../src/incident/last-notified.ts'
import { canHaveOneCause } from '../../../src/incident/one-cause.ts'
import type { StoredIncident } from '../../../src/incident/types.ts'
import type { Segment } from '../../../src/window/segment.ts'
import { anomalyAt, epoch, incidentOf, minuteMs } from '../../support/alerts.ts'

const at = (minute: number) => epoch + minute * minuteMs
const placed = (kind: string, segment: Segment = 'all') => ({ kind, segment })

describe('alerts that can have one cause', () => {
  test.each<[string, readonly ReturnType<typeof placed>[], boolean]>([
    [
      'of one kind, in any segments',
      [placed('data_loss', 'country=DE'), placed('data_loss', 'device=tv')],
      true
    ],
    ['of a kind that no line has', [placed('refund_spike'), placed('refund_spike', 'country=DE')], true],
    ['of two kinds of which no line has one', [placed('refund_spike'), placed('revenue_drop')], false],
    ['signs of one line in the whole shop', [placed('revenue_drop'), placed('checkout_failure')], true],
    [
      'signs, the first in a segment',
      [placed('revenue_drop', 'country=DE'), placed('checkout_failure')],
      true
    ],
    [
      'signs, the second in a segment',
      [placed('revenue_drop'), placed('checkout_failure', 'country=DE')],
      true
    ],
    [
      'signs in one segment',
      [placed('data_quality', 'country=DE'), placed('schema_drift', 'country=DE')],
      true
    ],
    [
      'signs in two segments',
      [placed('data_quality', 'country=DE'), placed('schema_drift', 'country=FR')],
      false
    ],
    [
      'three signs, two of them in other segments',
      [
        placed('revenue_drop'),
        placed('checkout_failure', 'country=DE'),
        placed('conversion_drop', 'country=FR')
      ],
      false
    ],
    ['a symptom with its sign', [placed('traffic_drop'), placed('revenue_drop')], true],
    [
      'a symptom of the whole shop with a sign in a segment',
      [placed('traffic_drop', 'country=DE'), placed('revenue_drop')],
      true
    ],
    [
      'a symptom in the segment of its sign',
      [placed('traffic_drop', 'country=DE'), placed('revenue_drop', 'country=DE')],
      true
    ],
    [
      'a symptom in another segment',
      [placed('traffic_drop', 'country=DE'), placed('revenue_drop', 'country=FR')],
      false
    ],
    [
      'a symptom in a segment, its sign in the whole shop',
      [placed('traffic_drop'), placed('revenue_drop', 'country=DE')],
      false
    ],
    ['two symptoms without a sign', [placed('traffic_drop'), placed('checkout_failure')], false],
    [
      'the same with their sign',
      [placed('traffic_drop'), placed('checkout_failure'), placed('data_loss')],
      true
    ]
  ])('%s', (_, alerts, expected) => {
    expect(canHaveOneCause(alerts)).toBe(expected)
    expect(canHaveOneCause(alerts.toReversed())).toBe(expected)
  })
})

describe('the incident that an alert joins', () => {
  const alertOf = (minute: number, kind = 'checkout_failure', segment: Segment = 'all') => {
    const [alert] = incidentOf({
      lastAnomaly: anomalyAt(minute, { kind, segment }),
      conditionFrom: at(minute)
    }).alerts
    return alert as StoredIncident['alerts'][number]
  }
  const openedAt = (minute: number, more: Parameters<typeof incidentOf>[0] = {}) =>
    incidentOf({ id: `i${minute}`, lastAnomaly: anomalyAt(minute), ...more })
  const joined = (alert: ReturnType<typeof alertOf>, ...incidents: readonly StoredIncident[]) =>
    incidentToJoin(alert, incidents, { groupWithinMs: 15 * minuteMs })?.id

  test('is open, and opened at most so long before', () => {
    expect(joined(alertOf(16), openedAt(1))).toBe('i1')
    expect(joined(alertOf(17), openedAt(1))).toBeUndefined()
    expect(joined(alertOf(2), openedAt(1, { status: 'resolved' }))).toBeUndefined()
  })

  test('is the one that opened last, in whatever order they are known', () => {
    expect(joined(alertOf(5), openedAt(1), openedAt(3), openedAt(2))).toBe('i3')
    expect(joined(alertOf(5), openedAt(3), openedAt(1))).toBe('i3')
    expect(joined(alertOf(5), openedAt(1), openedAt(3, { status: 'resolved' }))).toBe('i1')
  })

  test('is none of what the pipeline finds about itself, nor joined by it', () => {
    const stalled = openedAt(1, { lastAnomaly: anomalyAt(1, { kind: 'pipeline_stalled' }) })
    expect(joined(alertOf(2, 'pipeline_stalled', 'country=DE'), stalled)).toBeUndefined()
    expect(joined(alertOf(2), stalled)).toBeUndefined()
  })
})

describe('what was notified', () => {
  const last = { severity: 'high', windowEnd: at(5), at: at(5), flapping: false } as const

  test('is carried over where it is new enough, as severe, and says as much', () => {
    expect(carriedOver({ slack: last }, 'medium', at(4), false)).toEqual({
      slack: { ...last, severity: 'medium' }
    })
    expect(carriedOver({ slack: last }, 'high', at(5), false)).toEqual({})
    expect(carriedOver({ slack: last }, 'critical', at(4), false)).toEqual({})
    expect(carriedOver({ slack: last }, 'high', at(4), true)).toEqual({})
    expect(carriedOver({ slack: { ...last, flapping: true } }, 'high', at(4), true)).not.toEqual({})
  })

  test('is of this incident from its opening on', () => {
    const notified = { slack: last, team: { ...last, windowEnd: at(4) } }
    expect(receiversNotified(incidentOf({ openedAt: at(5), lastNotified: notified }))).toEqual(['slack'])
  })

  test('is nothing where each message was of less severity', () => {
    expect(isUnnotified({ severity: 'critical', lastNotified: { slack: last } })).toBe(true)
    expect(isUnnotified({ severity: 'high', lastNotified: { slack: last } })).toBe(false)
  })

  test('counts for a receiver by its own, and for anybody by any that is one', () => {
    const incident = incidentOf({ lastNotified: { none: last }, dedupReceivers: ['pager'] })
    expect(['pager', 'none', 'slack'].map(receiver => wasNotified(incident, receiver))).toEqual([
      true,
      true,
      false
    ])
    expect(wasNotified(incident, null)).toBe(true)
    expect(wasNotified(incidentOf({ lastNotified: { none: last } }), null)).toBe(false)
    expect(wasNotified(incidentOf({ lastNotified: { none: last, slack: last } }), null)).toBe(true)
  })
})
