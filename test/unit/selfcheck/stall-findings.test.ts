import { describe, expect, test } from 'vitest'
import type { SelfCheckRule } from '../../../src/selfcheck/self-finding.ts'
import type { Stall } from '../../../src/selfcheck/stall.ts'
import { createStallVerdicts } from '../../../src/selfcheck/stall-findings.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'

const rule: SelfCheckRule = {
  enabled: true,
  severity: 'high',
  raiseAfterMs: [{ severity: 'critical', from: 300_000 }]
}
const since = epoch
const stall: Stall = { cause: 'broker_gone', since, lag: 12_345, subject: undefined, error: undefined }
const at = (minutes: number) => epoch + minutes * minuteMs

describe('verdicts on a stall', () => {
  test('are left out while the kind is suppressed', () => {
    const verdicts = createStallVerdicts(rule, (fromMs, toMs) => fromMs < at(2) && toMs > at(1))
    expect(verdicts(stall, at(1), false)?.findings).toHaveLength(1)
    expect(verdicts(stall, at(2), true)).toBeUndefined()
    expect(verdicts(stall, at(3), true)?.findings).toHaveLength(1)
  })

  test('name its minute, its cause and since when', () => {
    expect(createStallVerdicts(rule)(stall, at(1.5), false)).toEqual({
      windowStart: at(0),
      windowEnd: at(1),
      judged: ['pipeline_stalled'],
      findings: [
        {
          kind: 'pipeline_stalled',
          metric: 'lag',
          unit: 'count',
          additive: false,
          segment: 'all',
          severity: 'high',
          windowStart: at(0),
          windowEnd: at(1),
          since,
          value: 12_345,
          expected: 0,
          details:
            'Kafka has not answered for 90 s. Meanwhile no window is judged: silence says nothing about the shop.',
          said: [
            { key: 'stall.broker_gone', values: { seconds: 90 } },
            { key: 'stall.meanwhile', values: {} }
          ],
          explainedBy: [],
          evidence: {
            cause: 'broker_gone',
            since: new Date(since).toISOString(),
            lag: 12_345,
            subject: null
          }
        }
      ]
    })
  })

  test('come once a minute of the wall clock', () => {
    const verdictOf = createStallVerdicts(rule)
    const ends = [1, 1.5, 1.99, 2, 2.5, 4].map(minutes => verdictOf(stall, at(minutes), true)?.windowEnd)
    expect(ends).toEqual([at(1), undefined, undefined, at(2), undefined, at(4)])
  })

  test('are critical from five minutes on', () => {
    const verdictOf = createStallVerdicts(rule)
    const severities = [4, 4.999, 5, 6].map(minutes => {
      const fresh = createStallVerdicts(rule)
      return fresh(stall, at(minutes), true)?.findings[0]?.severity
    })
    expect(severities).toEqual(['high', 'high', 'critical', 'critical'])
    expect(verdictOf(undefined, at(6), true)?.findings).toEqual([])
  })

  test('have the severity of the last step of raise_after that was reached', () => {
    const raiseAfterMs = [
      { severity: 'high', from: 120_000 },
      { severity: 'critical', from: 300_000 }
    ] as const
    const severities = [1, 2, 5].map(
      minutes =>
        createStallVerdicts({ ...rule, severity: 'low', raiseAfterMs })(stall, at(minutes), true)?.findings[0]
          ?.severity
    )
    expect(severities).toEqual(['low', 'high', 'critical'])
  })

  test('are clear once it is over, as long as an incident is open', () => {
    const verdictOf = createStallVerdicts(rule)
    expect(verdictOf(undefined, at(1), false)).toBeUndefined()
    expect(verdictOf(undefined, at(2), true)).toEqual({
      windowStart: at(1),
      windowEnd: at(2),
      judged: ['pipeline_stalled'],
      findings: []
    })
  })

  test('there are none where the detector is off', () => {
    expect(createStallVerdicts({ ...rule, enabled: false })(stall, at(9), false)).toBeUndefined()
  })

  test('say in a sentence what is stalled', () => {
    const text = (fields: Partial<Stall>) =>
      createStallVerdicts(rule)({ ...stall, ...fields }, at(2), false)?.findings[0]?.details.split('. ')[0]
    expect([
      text({ cause: 'store_unavailable' }),
      text({ cause: 'memory_full' }),
      text({ cause: 'partition_holds', subject: 't/3' }),
      text({ cause: 'lag_grows' }),
      text({ cause: 'broker_slow', error: 'the broker answers too slowly: 180 KB/s' }),
      text({ cause: 'topic_missing', subject: 'shop-events' }),
      text({ cause: 'commits_refused', error: 'not authorized' }),
      text({ cause: 'dead_letters_refused', error: 'shop.dlq: not authorized' }),
      text({ cause: 'dead_letters_refused' }),
      text({ cause: 'partition_stuck', subject: 't/3', error: 'at offset 7' }),
      text({ cause: 'nothing_closes' }),
      text({ cause: 'windows_wait', subject: 'the store' }),
      text({ cause: 'not_confirmed' }),
      text({ cause: 'not_joined' })
    ]).toEqual([
      'The store has not answered for 120 s, so there are no baselines to judge by',
      'No records have been read for 120 s: too many windows wait for the store',
      'Partition t/3 has held back the windows of all others for 120 s',
      'The lag has grown for 120 s, to 12,345 records',
      'Reading has not kept up for 120 s, and 12,345 records are behind: the broker answers too slowly: 180 KB/s',
      'Kafka has had no topic shop-events for 120 s',
      'Kafka has accepted no commit for 120 s: not authorized',
      'No dead letter has been kept for 120 s: shop.dlq: not authorized',
      'No dead letter has been kept for 120 s: no answer',
      'Partition t/3 has been stuck for 120 s, at offset 7',
      'No window has closed for 120 s although events were read',
      'Closed windows have waited for 120 s for the store',
      'The consumer group has not confirmed this instance for 120 s after it was paused: nothing is stored, committed or sent',
      'The consumer group has assigned no work for 120 s'
    ])
  })
})
