import { expect, it } from 'vitest'
import { falseIncidents, outcomeOf } from '../../../../../bench/detect/shops/outcome.ts'
import { minuteMs } from '../../../../../src/time/units.ts'
import { incidentOf } from '../../../../support/alerts.ts'

const label = { name: 'traffic drop', kind: 'producer_stops', startMs: 0, endMs: 60 * minuteMs }

function outcomeWith(spans: readonly (readonly [opened: number, resolved: number | null])[], touched = 20) {
  const incidents = spans.map(([openedAt, resolvedAt], index) =>
    incidentOf({
      id: `${index}`,
      severity: 'high',
      openedAt: openedAt * minuteMs,
      resolvedAt: resolvedAt === null ? null : resolvedAt * minuteMs
    })
  )
  const stream = { lines: [], labels: [label], days: 7, timezone: 'UTC', touched: () => touched }
  const { faults } = outcomeOf(stream, { anomalies: [], incidents, notifications: [] })
  if (faults[0] === undefined) throw new Error('no outcome')
  return faults[0]
}

it('an incident that is over while the fault lasts is over too early, unless another is open then', () => {
  expect(outcomeWith([[5, 30]])).toMatchObject({ incidents: 1, isOverTooEarly: true, lagMs: undefined })
  expect(
    outcomeWith([
      [5, 30],
      [20, 75]
    ])
  ).toMatchObject({ incidents: 2, isOverTooEarly: false, lagMs: 15 * minuteMs })
  expect(outcomeWith([[5, null]])).toMatchObject({ isOverTooEarly: false, lagMs: undefined })
})

it('a fault of fewer than twenty events touches too little', () => {
  expect(outcomeWith([], 20).isTouching).toBe(true)
  expect(outcomeWith([], 19).isTouching).toBe(false)
})

it('an incident is false if it opens in no fault nor in the ten minutes after, at its hour of the day of the shop', () => {
  const opened = (minute: number) =>
    incidentOf({ severity: 'high', kind: 'traffic_drop', openedAt: minute * minuteMs })
  const incidents = [opened(5), opened(70), opened(71), { ...opened(12 * 60 + 30), severity: 'low' as const }]
  expect(falseIncidents(incidents, [label], 'Europe/Berlin')).toEqual([
    { kind: 'traffic_drop', isAboveLow: true, hour: 2 },
    { kind: 'traffic_drop', isAboveLow: false, hour: 13 }
  ])
})
