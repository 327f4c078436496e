import { describe, expect, test } from 'vitest'
import {
  createOutageVerdicts,
  type OutageRule,
  type StoreState
} from '../../../src/selfcheck/store-outage.ts'
import { type StoreFault, storeReasons } from '../../../src/store/reasons.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'

const rule: OutageRule = {
  enabled: true,
  afterMs: minuteMs,
  severity: 'high',
  raiseAfterMs: [{ severity: 'critical', from: 60 * minuteMs }]
}
const at = (minutes: number) => epoch + minutes * minuteMs
const fault: StoreFault = { reason: 'out_of_disk', error: 'Code: 243.', since: epoch }
const none = { isDraining: false, writtenWindows: 0 }
const look = (minutes: number, fields: Partial<StoreState> = {}): StoreState => ({
  now: at(minutes),
  fault,
  waiting: 3,
  backlog: none,
  isBlind: false,
  ...fields
})
const well = (minutes: number, fields: Partial<StoreState> = {}) =>
  look(minutes, { fault: undefined, ...fields })
const open = { severity: 'high' as const, openedAt: at(1) }

describe('verdicts on the store', () => {
  test('name the span in which nothing could be stored, why, what waits and what to do', () => {
    const verdictOf = createOutageVerdicts(rule)
    expect(verdictOf(look(0.99), undefined)).toBeUndefined()
    expect(verdictOf(look(1), undefined)).toEqual({
      windowStart: epoch,
      windowEnd: at(1),
      judged: ['store_unavailable'],
      findings: [
        {
          kind: 'store_unavailable',
          metric: 'waiting_windows',
          unit: 'count',
          additive: false,
          segment: 'all',
          severity: 'high',
          windowStart: epoch,
          windowEnd: at(1),
          value: 3,
          expected: 0,
          details:
            'Nothing could be stored for 60 s: ClickHouse has no disk space left. Make room, or shorten ' +
            'store.retention. 3 windows wait in memory; alerts continue, and Kafka keeps what is not stored.',
          said: [
            {
              key: 'store.outage',
              values: {
                duration: { key: 'duration.s', values: { count: 60 } },
                reason: { key: 'store.reason.out_of_disk', values: {} },
                waiting: 3
              }
            }
          ],
          explainedBy: [],
          evidence: { reason: 'out_of_disk', since: new Date(epoch).toISOString(), waiting: 3 }
        }
      ]
    })
  })

  test('come once for each severity, however long it lasts and whatever else is the reason', () => {
    const verdictOf = createOutageVerdicts(rule)
    const other = look(30, { fault: { ...fault, reason: 'timeout' } })
    const looks = [look(1), look(1.1), other, look(59.9), look(60), look(61)]
    let incident: typeof open | undefined
    const severities = looks.map(one => {
      const severity = verdictOf(one, incident)?.findings[0]?.severity
      incident = open
      return severity
    })
    expect(severities).toEqual(['high', undefined, undefined, undefined, 'critical', undefined])
  })

  test('are not repeated by rules that an edit made anew', () => {
    expect(createOutageVerdicts(rule)(look(5), open)).toBeUndefined()
  })

  test('end it once all that waited is written, and say how much that was', () => {
    const verdictOf = createOutageVerdicts(rule)
    expect(verdictOf(well(9, { backlog: { isDraining: true, writtenWindows: 250 } }), open)).toBeUndefined()
    expect(verdictOf(well(9, { backlog: { isDraining: false, writtenWindows: 1_302 } }), open)).toEqual({
      windowStart: at(1),
      windowEnd: at(9),
      findings: [],
      judged: ['store_unavailable'],
      over: 'The store accepts rows again: 1,302 windows were written late, none is missing.',
      overSaid: [{ key: 'store.over_late', values: { windows: 1_302 } }]
    })
    expect(verdictOf(well(9), undefined)).toBeUndefined()
    expect(createOutageVerdicts(rule)(well(9), open)?.over).toBe('The store accepts rows again.')
  })

  test('leave it to pipeline_stalled while nothing is judged, unless it was notified before', () => {
    expect(createOutageVerdicts(rule)(look(2, { isBlind: true }), undefined)).toBeUndefined()
    expect(createOutageVerdicts(rule)(look(61, { isBlind: true }), open)?.findings).toHaveLength(1)
  })

  test('are left out while the kind is suppressed, and there are none where the kind is off', () => {
    expect(createOutageVerdicts(rule, () => true)(look(2), undefined)).toBeUndefined()
    expect(createOutageVerdicts({ ...rule, enabled: false })(look(2), undefined)).toBeUndefined()
  })

  test.each(storeReasons)('say in a sentence what %s means and what to do', reason => {
    const verdict = createOutageVerdicts(rule)(look(180, { fault: { ...fault, reason } }), undefined)
    expect(verdict?.findings[0]?.details).toMatch(
      /^Nothing could be stored for 3 h: [A-Z][^.]+\. [A-Z][^:]+\. 3 windows wait/
    )
  })
})
