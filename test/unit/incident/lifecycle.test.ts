import { describe, expect, test } from 'vitest'
import type { Anomaly } from '../../../detectors/types.ts'
import type { Alert } from '../../../src/incident/alert.ts'
import { type LifecycleRules, observe } from '../../../src/incident/lifecycle.ts'
import { anomalyAt, epoch, minuteMs } from '../../support/alerts.ts'

const rules: LifecycleRules = {
  repeatAfterMs: 0,
  resolveAfter: 1,
  flapping: { openings: 3, withinWindows: 60 }
}

/** The incident after one window more, which ends at that many milliseconds. */
function next(before: Alert | undefined, endMs: number, anomaly?: Partial<Anomaly>) {
  const windowEnd = epoch + endMs
  const found = anomaly && anomalyAt(0, { windowEnd, windowStart: windowEnd - minuteMs, ...anomaly })
  const window = { windowStart: windowEnd - minuteMs, windowEnd, judged: true, isOver: false }
  return observe(before, { ...window, anomaly: found }, rules)
}

/** An incident of findings, a minute each. */
function found(...anomalies: readonly Partial<Anomaly>[]): Alert {
  let incident: Alert | undefined
  for (const [at, anomaly] of anomalies.entries()) incident = next(incident, (at + 1) * minuteMs, anomaly)
  return incident as Alert
}

describe('a condition that opens for the third time', () => {
  const openedAgainAt = (thirdMs: number) => {
    let incident: Alert | undefined
    for (const opensMs of [0, 30 * minuteMs, thirdMs]) {
      incident = next(incident, opensMs, {})
      incident = opensMs === thirdMs ? incident : next(incident, opensMs + minuteMs)
    }
    return incident
  }

  test('within 60 windows, the first included, flaps', () => {
    expect(openedAgainAt(59 * minuteMs)).toMatchObject({ status: 'open', flapping: true })
    expect(openedAgainAt(60 * minuteMs - 1)).toMatchObject({ status: 'open', flapping: true })
  })

  test('in the window behind them does not, and the first opening counts no longer', () => {
    const incident = openedAgainAt(60 * minuteMs)
    expect(incident).toMatchObject({ status: 'open', flapping: false })
    expect(incident?.openings).toEqual([epoch + 30 * minuteMs, epoch + 60 * minuteMs])
  })

  test('takes three times as many clear windows to end', () => {
    const flapping = openedAgainAt(59 * minuteMs)
    const afterTwo = next(next(flapping, 60 * minuteMs), 61 * minuteMs)
    expect(afterTwo).toMatchObject({ status: 'open', clearWindows: 2 })
    expect(next(afterTwo, 62 * minuteMs)).toMatchObject({ status: 'resolved' })
  })
})

describe('the peak of an incident', () => {
  const germany = [{ segment: 'country=DE' as const, share: 1, value: 1, expected: 2 }]
  const minute = (at: number) => epoch + at * minuteMs

  test('is the first finding until a worse one comes', () => {
    expect(found({ value: 40, expected: 100 }).peak).toEqual({
      value: 40,
      expected: 100,
      severity: 'high',
      windowEnd: minute(1)
    })
  })

  test('moves to a finding farther from what was expected, in parts of that, with the segments that explain it', () => {
    const incident = found(
      { value: 40, expected: 100 },
      { value: 10, expected: 20, explainedBy: [] },
      { value: 300, expected: 1_000, explainedBy: germany },
      { value: 35, expected: 100 }
    )
    expect(incident.peak).toMatchObject({ value: 300, expected: 1_000, windowEnd: minute(3) })
    expect(incident.explainedBy).toEqual(germany)
  })

  test('counts a rise as a drop, by its distance', () => {
    expect(found({ value: 40, expected: 100 }, { value: 170, expected: 100 }).peak.value).toBe(170)
    expect(found({ value: 40, expected: 100 }, { value: 150, expected: 100 }).peak.value).toBe(40)
  })

  test('stays at the earlier of two findings as far from it', () => {
    expect(found({ value: 40, expected: 100 }, { value: 80, expected: 200 }).peak.windowEnd).toBe(minute(1))
  })

  test('is of the highest severity, however far from what was expected others are', () => {
    const { peak } = found(
      { value: 90, expected: 100, severity: 'critical' },
      { value: 0, expected: 100, severity: 'high' }
    )
    expect(peak).toMatchObject({ value: 90, severity: 'critical' })
    const risen = found({ value: 0, severity: 'high' }, { value: 90, severity: 'critical', expected: 100 })
    expect(risen.peak).toMatchObject({ value: 90, severity: 'critical' })
  })
})

test('a condition that lasts by milder evidence is not cleared, and opens nothing', () => {
  const opened = next(undefined, minuteMs, {})
  const lasting = (before: Alert | undefined, endMs: number) => {
    const windowEnd = epoch + endMs
    const window = { windowStart: windowEnd - minuteMs, windowEnd, judged: true, isOver: false, lasts: true }
    return observe(before, { ...window, anomaly: undefined }, rules)
  }
  expect(lasting(opened, 2 * minuteMs)).toEqual({ ...opened, lastWindowEnd: epoch + 2 * minuteMs })
  expect(next(lasting(opened, 2 * minuteMs), 3 * minuteMs)).toMatchObject({ status: 'resolved' })
  expect(lasting(undefined, 2 * minuteMs)).toBeUndefined()
})

test('an alert that its kind cannot judge for two hours ends, and one that it can judge again does not', () => {
  const unjudged = (before: Alert | undefined, endMs: number) => {
    const windowEnd = epoch + endMs
    const window = { windowStart: windowEnd - minuteMs, windowEnd, judged: false, isOver: false }
    return observe(before, { ...window, anomaly: undefined }, rules)
  }
  let alert = next(undefined, 0, {})
  for (let minute = 1; minute < 120; minute += 1) alert = unjudged(alert, minute * minuteMs)
  expect(alert).toMatchObject({ status: 'open', unjudgedWindows: 119 })
  expect(unjudged(alert, 120 * minuteMs)).toMatchObject({
    status: 'resolved',
    resolvedAt: epoch + 120 * minuteMs
  })
  const again = next(alert, 120 * minuteMs, {})
  expect(again).toMatchObject({ status: 'open' })
  expect(again).not.toHaveProperty('unjudgedWindows')
})
