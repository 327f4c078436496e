import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Severity, severities } from '../../../../detectors/types.ts'
import type { Alert } from '../../../../src/incident/alert.ts'
import type { StoredIncident } from '../../../../src/incident/types.ts'
import { checkScenario } from '../../../../src/run/expect/check.ts'
import type { Expectation } from '../../../../src/run/expect/expectation.ts'
import { minuteMs } from '../../../../src/time/units.ts'

type Facts = Partial<Pick<Alert, 'kind' | 'segment'>> & { readonly minute: number; readonly names?: string }

const alertOf = ({ kind = 'revenue_drop', segment = 'all', minute, names }: Facts) =>
  ({
    ...{ kind, segment, openedAt: minute * minuteMs },
    explainedBy: names === undefined ? [] : [{ segment: names, share: 1, value: 0, expected: 9 }]
  }) as unknown as Alert

function incidentOf(id: string, severity: Severity, ...alerts: readonly Facts[]): StoredIncident {
  const [lead] = alerts.map(alertOf) as [Alert]
  const { kind, segment, openedAt } = lead
  return { id, severity, kind, segment, openedAt, alerts: alerts.map(alertOf) } as unknown as StoredIncident
}

const outcomeOf = (incidents: readonly StoredIncident[], told: Readonly<Record<string, string[]>> = {}) => ({
  incidents: new Map(incidents.map(one => [one.id, one])),
  messages: Object.entries(told).flatMap(([incidentId, receivers]) =>
    receivers.map(receiver => ({ incidentId, receiver, page: null }))
  )
})

const expectation = (rest: Partial<Expectation> = {}): Expectation => ({
  ...{ kinds: ['revenue_drop'], segment: null, severities: null, fromMs: 0, withinMs: null, to: null },
  place: 'file:1:1',
  ...rest
})

const drop = incidentOf('a', 'high', { minute: 5 })

describe('a scenario is as expected', () => {
  test('where an alert of one of the kinds opens in time, at one of the severities', () => {
    const wanted = expectation({
      kinds: ['checkout_failure', 'revenue_drop'],
      severities: ['high', 'critical'],
      withinMs: 5 * minuteMs
    })
    const { isAsExpected, checked, unexpected } = checkScenario(outcomeOf([drop]), [wanted], 'low')
    expect(isAsExpected).toBe(true)
    expect(unexpected).toEqual([])
    expect(checked[0]?.found).toEqual({
      ...{ incident: 'a', kind: 'revenue_drop', segment: 'all', severity: 'high' },
      ...{ openedAt: 5 * minuteMs, delayMs: 5 * minuteMs, receivers: [] }
    })
  })

  test('where the alert that is meant is one of several of an incident, with the time of its own', () => {
    const both = incidentOf('a', 'high', { minute: 5 }, { kind: 'checkout_failure', minute: 8 })
    const { checked } = checkScenario(
      outcomeOf([both]),
      [expectation(), expectation({ kinds: ['checkout_failure'], withinMs: 7 * minuteMs })],
      'low'
    )
    expect(checked.map(({ found, faults }) => [found?.delayMs, faults])).toEqual([
      [5 * minuteMs, []],
      [8 * minuteMs, ['late']]
    ])
  })

  test('where the alert is about the segment, or names it', () => {
    const wanted = [expectation({ segment: 'country=DE' })]
    const result = (facts: Facts) =>
      checkScenario(outcomeOf([incidentOf('a', 'high', facts)]), wanted, 'low').isAsExpected
    expect(result({ minute: 1, segment: 'country=DE' })).toBe(true)
    expect(result({ minute: 1, names: 'country=DE' })).toBe(true)
    expect(result({ minute: 1, names: 'country=FR' })).toBe(false)
    expect(result({ minute: 1 })).toBe(false)
  })

  test('where exactly the receivers that are named are told, in any order', () => {
    const wanted = [expectation({ to: ['slack', 'pager'] })]
    const faults = (receivers: string[]) =>
      checkScenario(outcomeOf([drop], { a: receivers }), wanted, 'low').checked[0]?.faults
    expect(faults(['pager', 'slack', 'slack'])).toEqual([])
    expect(faults(['slack'])).toEqual(['receivers'])
    expect(faults(['mail', 'pager', 'slack'])).toEqual(['receivers'])
  })

  test('not where what is meant opened before its beginning', () => {
    const { isAsExpected, checked } = checkScenario(
      outcomeOf([drop]),
      [expectation({ fromMs: 5 * minuteMs })],
      null
    )
    expect([isAsExpected, checked[0]?.found]).toEqual([false, undefined])
  })

  test('not where another incident is severe enough; the nearest to an expectation is none', () => {
    const other = (severity: Severity) => incidentOf('b', severity, { kind: 'late_spike', minute: 9 })
    const of = (severity: Severity, least: Severity | null) =>
      checkScenario(outcomeOf([drop, other(severity)]), [expectation()], least)
    expect(of('medium', 'medium').unexpected.map(({ incident }) => incident)).toEqual(['b'])
    expect(of('medium', 'medium').isAsExpected).toBe(false)
    expect(of('low', 'medium').isAsExpected).toBe(true)
    expect(of('critical', null).isAsExpected).toBe(true)
    const tooMild = checkScenario(outcomeOf([drop]), [expectation({ severities: ['critical'] })], 'low')
    expect([tooMild.checked[0]?.faults, tooMild.unexpected]).toEqual([['severity'], []])
  })

  test('shows the incident that comes nearest', () => {
    const incidents = [incidentOf('a', 'low', { minute: 30 }), incidentOf('b', 'high', { minute: 31 })]
    const wanted = expectation({ severities: ['high'], withinMs: 10 * minuteMs })
    const { checked } = checkScenario(outcomeOf(incidents), [wanted], 'low')
    expect([checked[0]?.found?.incident, checked[0]?.faults]).toEqual(['b', ['late']])
  })
})

const facts = fc.record({
  kind: fc.constantFrom('revenue_drop', 'traffic_drop'),
  segment: fc.constantFrom('all' as const, 'country=DE' as const),
  minute: fc.integer({ min: 1, max: 60 })
})

test('whatever else is expected, expecting every incident as it is leaves nothing unexpected', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(facts, fc.constantFrom(...severities)), { maxLength: 6 }), found => {
      const incidents = found.map(([one, severity], at) => incidentOf(`i${at}`, severity, one))
      const asTheyAre = found.map(([{ kind, segment, minute }, severity]) =>
        expectation({ kinds: [kind], segment, severities: [severity], withinMs: minute * minuteMs })
      )
      const result = checkScenario(outcomeOf(incidents), asTheyAre, 'low')
      expect([result.isAsExpected, result.unexpected]).toEqual([true, []])
    })
  )
})
