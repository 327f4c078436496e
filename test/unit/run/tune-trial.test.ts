import { describe, expect, test } from 'vitest'
import type { LabelVerdict } from '../../../src/incident/label.ts'
import type { StoredIncident } from '../../../src/incident/types.ts'
import type { Outcome } from '../../../src/run/backtest/outcome.ts'
import type { Setting, Tunable } from '../../../src/run/tune/settings.ts'
import { kindTrials, type Played } from '../../../src/run/tune/trial.ts'
import { minuteMs } from '../../../src/time/units.ts'

const one: Tunable = {
  kind: 'checkout_failure',
  tuning: { key: 'drop', stricter: 'higher', unit: 'share', finds: 'purchases' }
}
const setting = (value: number): Setting => ({ value, isConfigured: value === 0.5 })
const incident = (id: string, minute: number, kind = 'checkout_failure') =>
  ({
    ...{ id, kind, segment: 'all', severity: 'high' },
    openedAt: minute * minuteMs,
    resolvedAt: (minute + 10) * minuteMs,
    alerts: [{ kind, segment: 'all' }]
  }) as unknown as StoredIncident
const labelled = (verdict: LabelVerdict, id: string, minute: number, kind?: string) => ({
  verdict,
  incident: incident(id, minute, kind)
})

/** Anomalies by the minutes in which their windows end. */
const outcome = (
  incidents: readonly StoredIncident[],
  minutes: readonly number[] = [],
  pages: readonly string[] = []
) =>
  ({
    anomalies: new Map(
      minutes.map(minute => [
        `a${minute}`,
        {
          ...{ id: `a${minute}`, kind: one.kind, segment: 'all', severity: 'high' },
          windowEnd: minute * minuteMs
        }
      ])
    ),
    incidents: new Map(incidents.map(each => [each.id, each])),
    messages: pages.map(incidentId => ({ receiver: 'pager', incidentId, page: incidentId }))
  }) as Outcome
const drop = { startMs: 1_000 * minuteMs, endMs: 1_060 * minuteMs, depth: 0.5 }
const run = (value: number, plain: Outcome, lowered: Outcome = outcome([])): Played => ({
  setting: setting(value),
  ...{ plain, lowered }
})

describe('the trial of a setting', () => {
  test('counts its incidents by what people said, of them or of the time', () => {
    const labels = [
      labelled('real', 'a', 10),
      labelled('false', 'x', 100),
      labelled('false', 'y', 200, 'traffic_spike'),
      labelled('expected', 'z', 300, 'traffic_spike'),
      labelled('real', 'gone', 400)
    ]
    const plain = outcome(
      [
        incident('a', 12),
        incident('b', 105),
        incident('c', 205),
        incident('d', 305),
        incident('e', 305, 'late_spike')
      ],
      [12, 13],
      ['a', 'b', 'e']
    )
    const { trials } = kindTrials(one, [run(0.5, plain)], [], labels)
    expect(trials[0]).toMatchObject({ anomalies: 2, incidents: 4, pages: 2, missed: 1 })
    expect(trials[0]?.labelled).toEqual({ real: 1, false: 1, expected: 1 })
  })

  test('takes for a drop’s what is not found without it', () => {
    const delayOf = (plain: readonly number[]) =>
      kindTrials(
        one,
        [run(0.5, outcome([], plain), outcome([], [1_007, 1_009]))],
        [drop],
        []
      ).trials[0]?.drops?.find(({ depth }) => depth === 0.5)
    expect(delayOf([])).toEqual({ depth: 0.5, drops: 1, found: 1, medianMs: 7 * minuteMs })
    expect(delayOf([1_007])).toMatchObject({ found: 1, medianMs: 9 * minuteMs })
    expect(delayOf([1_007, 1_009])).toMatchObject({ found: 0, medianMs: null })
  })
})

describe('the setting that is suggested', () => {
  const found = outcome([], [1_005])
  const two = outcome([incident('a', 10), incident('b', 100)])
  const suggested = (played: readonly Played[], labels: Parameters<typeof kindTrials>[3] = []) =>
    kindTrials(one, played, [drop], labels).suggested?.value

  test('finds more drops, and raises no more', () => {
    expect(suggested([run(0.35, two, found), run(0.5, two)])).toBe(0.35)
    expect(
      suggested([run(0.35, outcome([...two.incidents.values(), incident('c', 200)]), found), run(0.5, two)])
    ).toBe(undefined)
  })

  test('or raises less and finds as many', () => {
    expect(suggested([run(0.5, two, found), run(0.7, outcome([incident('a', 10)]), found)])).toBe(0.7)
    expect(suggested([run(0.5, two, found), run(0.7, outcome([incident('a', 10)]))])).toBeUndefined()
    expect(suggested([run(0.35, two, found), run(0.5, two, found)])).toBeUndefined()
  })

  test('or finds as many sooner, and raises as much', () => {
    const soon = outcome([], [1_003])
    expect(suggested([run(0.35, two, soon), run(0.5, two, found)])).toBe(0.35)
    expect(suggested([run(0.5, two, soon), run(0.7, two, found)])).toBeUndefined()
  })

  test('without drops raises less of what was labelled false, for the rest may be real', () => {
    const without = (value: number, plain: Outcome): Played => ({
      setting: setting(value),
      ...{ plain, lowered: undefined }
    })
    const played = [without(0.5, two), without(0.7, outcome([incident('a', 10)]))]
    expect(suggested(played)).toBeUndefined()
    expect(suggested(played, [labelled('false', 'b', 100)])).toBe(0.7)
  })

  test('may raise more of what was real, and misses no more of it', () => {
    const more = outcome([...two.incidents.values(), incident('c', 200)])
    expect(suggested([run(0.35, more, found), run(0.5, two)], [labelled('real', 'c', 200)])).toBe(0.35)
    const labels = [labelled('real', 'a', 10)]
    expect(suggested([run(0.5, two, found), run(0.7, outcome([]), found)], labels)).toBeUndefined()
  })
})
