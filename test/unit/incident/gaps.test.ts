import { expect, test } from 'vitest'
import type { Alert } from '../../../src/incident/alert.ts'
import { type LifecycleRules, observe } from '../../../src/incident/lifecycle.ts'
import {
  alertingOn,
  anomalyAt,
  createMemory,
  epoch,
  minuteMs,
  routeTo,
  slackAt
} from '../../support/alerts.ts'

const rules: LifecycleRules = { repeatAfterMs: 0, resolveAfter: 5, flapping: null }

/** Minutes with the condition (`x`), judged without it (`.`), and without data (`?`). */
function statesAfter(signs: string): Alert[] {
  const incidents = new Map<string, Alert>()
  let incident: Alert | undefined
  for (const [at, sign] of [...signs].entries()) {
    const windowEnd = epoch + (at + 1) * minuteMs
    const window = { windowStart: windowEnd - minuteMs, windowEnd, judged: sign !== '?', isOver: false }
    const anomaly = sign === 'x' ? anomalyAt(at + 1) : undefined
    incident = observe(incident, { ...window, anomaly, isGap: sign === '?' }, rules)
    if (incident) incidents.set(incident.id, incident)
  }
  return [...incidents.values()]
}

test('an incident ends in a gap, and what comes after is another one', () => {
  const [first, second, ...others] = statesAfter('xx??????x')
  expect(others).toEqual([])
  expect(first).toMatchObject({ status: 'resolved', conditionTo: epoch + 2 * minuteMs, anomalies: 2 })
  expect(second).toMatchObject({ status: 'open', conditionFrom: epoch + 8 * minuteMs, anomalies: 1 })
  expect(first).not.toHaveProperty('gapWindows')
})

test('fewer than five minutes without data change nothing, wherever they lie', () => {
  expect(statesAfter('x?x????.????x?x')).toMatchObject([{ status: 'open', anomalies: 4 }])
})

test('the end by a gap says that nobody knows how it went on', () => {
  const slack = new Map([['slack', slackAt('https://hooks.example/A', true)]])
  const alerting = alertingOn(createMemory(), [routeTo('slack')], true, slack)
  const at = (minute: number) => ({
    windowStart: epoch + (minute - 1) * minuteMs,
    windowEnd: epoch + minute * minuteMs
  })
  const found = anomalyAt(1)
  alerting.onWindow({ ...at(1), findings: [], judged: [found.kind] }, [found], epoch + minuteMs)
  const gap = (minute: number) =>
    alerting.onWindow({ ...at(minute), findings: [], judged: [], isGap: true }, [], epoch + minute * minuteMs)
  for (const minute of [2, 3, 4, 5]) expect(gap(minute).notifications).toEqual([])
  const ends = gap(6).notifications.filter(({ action }) => action === 'resolve')
  expect(ends.length).toBeGreaterThan(0)
  expect(ends.at(-1)?.anomalies.at(-1)?.details).toBe(
    'Events are missing, so nobody knows how it went on. What comes after is an incident of its own.'
  )
})
