import { describe, expect, test } from 'vitest'
import type { Severity } from '../../../../detectors/types.ts'
import type { StoredIncident } from '../../../../src/incident/types.ts'
import { compareOutcomes } from '../../../../src/run/backtest/compare.ts'
import type { FoundAnomaly, Message, Outcome } from '../../../../src/run/backtest/outcome.ts'
import { limitsOf } from '../../../../src/run/backtest/seen.ts'

const minuteMs = 60_000

const incident = (id: string, minute: number, rest: Partial<StoredIncident> = {}): StoredIncident => {
  const { kind = 'revenue_drop', segment = 'all' } = rest
  return {
    id,
    openedAt: minute * minuteMs,
    resolvedAt: (minute + 10) * minuteMs,
    severity: 'high',
    alerts: [{ kind, segment }],
    ...rest,
    kind,
    segment
  } as StoredIncident
}

const anomaly = (id: string, severity: Severity = 'high'): FoundAnomaly => ({
  ...{ id, kind: 'revenue_drop', segment: 'all', severity },
  windowEnd: minuteMs
})

const page = (incidentId: string, receiver = 'pagerduty', key = incidentId): Message => ({
  incidentId,
  receiver,
  page: key
})

function outcome(
  incidents: readonly StoredIncident[],
  messages: readonly Message[] = [],
  anomalies: readonly FoundAnomaly[] = []
): Outcome {
  const byId = <One extends { readonly id: string }>(all: readonly One[]) =>
    new Map(all.map(one => [one.id, one]))
  return { anomalies: byId(anomalies), incidents: byId(incidents), messages }
}

const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id)
const pairs = (all: readonly { before: { id: string }; after: { id: string } }[]) =>
  all.map(({ before, after }) => [before.id, after.id])

describe('two outcomes', () => {
  test('differ in anomalies by their ids, and by the severity of the same ones', () => {
    const { anomalies } = compareOutcomes(
      outcome([], [], [anomaly('a'), anomaly('b', 'low'), anomaly('c')]),
      outcome([], [], [anomaly('b', 'critical'), anomaly('c', 'medium'), anomaly('d')])
    )
    expect([ids(anomalies.new), ids(anomalies.gone)]).toEqual([['d'], ['a']])
    expect([pairs(anomalies.graver), pairs(anomalies.milder)]).toEqual([[['b', 'b']], [['c', 'c']]])
  })

  test('have an incident in common that is of one kind and segment at one time, sooner or later', () => {
    const { incidents } = compareOutcomes(
      outcome([incident('a', 10), incident('b', 100), incident('c', 200)]),
      outcome([
        incident('d', 7),
        incident('e', 104, { severity: 'critical' }),
        incident('f', 200, { kind: 'traffic_drop' }),
        incident('g', 300)
      ])
    )
    expect(pairs(incidents.earlier)).toEqual([['a', 'd']])
    expect(pairs(incidents.later)).toEqual([['b', 'e']])
    expect(pairs(incidents.graver)).toEqual([['b', 'e']])
    expect([ids(incidents.new), ids(incidents.gone)]).toEqual([['f', 'g'], ['c']])
  })

  test('have the one of the same id in common first, and each but once', () => {
    const { incidents } = compareOutcomes(
      outcome([incident('a', 10), incident('b', 15)]),
      outcome([incident('new', 9), incident('b', 15)])
    )
    expect(pairs(incidents.earlier)).toEqual([['a', 'new']])
    expect([incidents.new, incidents.gone]).toEqual([[], []])
  })

  test('count messages by receiver, and a page of several receivers once', () => {
    const told = (incidentId: string, receiver: string): Message => ({ incidentId, receiver, page: null })
    const { messages, pages } = compareOutcomes(
      outcome([incident('a', 10)], [page('a'), page('a', 'opsgenie'), told('a', 'team')]),
      outcome(
        [incident('moved', 12), incident('fresh', 500)],
        [
          page('moved'),
          page('moved', 'pagerduty', 'second'),
          page('fresh'),
          told('fresh', 'team'),
          told('fresh', 'team')
        ]
      )
    )
    expect(messages).toEqual([
      { receiver: 'pagerduty', before: 1, after: 3 },
      { receiver: 'team', before: 1, after: 2 },
      { receiver: 'opsgenie', before: 1, after: 0 }
    ])
    expect(pages).toEqual({ before: 1, after: 3, new: 2 })
  })
})

describe('what stored windows cannot answer', () => {
  const span = { fromMs: 0, toMs: 3_000 * minuteMs }
  const asked = { ...span, windowMs: minuteMs, metrics: ['events'], dimensions: ['country'] }
  const whole = {
    windows: 3_000,
    otherSizes: new Map<number, number>(),
    firstStart: 0,
    metrics: new Set(['events']),
    dimensions: new Map([['country', 5 * minuteMs]])
  }

  test('is nothing where all is there', () => {
    expect(limitsOf(whole, asked)).toEqual([])
  })

  test('is each thing that is not', () => {
    const seen = {
      windows: 2_890,
      otherSizes: new Map([[5 * minuteMs, 7]]),
      firstStart: 100 * minuteMs,
      metrics: new Set<string>(),
      dimensions: new Map([['country', 2_000 * minuteMs]])
    }
    expect(limitsOf(seen, { ...asked, dimensions: ['country', 'device'] })).toEqual([
      { kind: 'stored_from', atMs: 100 * minuteMs },
      { kind: 'missing_windows', missing: 10, of: 2_900 },
      { kind: 'other_size', sizeMs: 5 * minuteMs, windows: 7 },
      { kind: 'metric', metric: 'events' },
      { kind: 'segments_from', dimension: 'country', atMs: 2_000 * minuteMs },
      { kind: 'dimension', dimension: 'device' }
    ])
  })
})
