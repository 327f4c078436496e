import { describe, expect, test } from 'vitest'
import type { Amount, Anomaly } from '../../../detectors/types.ts'
import type { Alert } from '../../../src/incident/alert.ts'
import { observe } from '../../../src/incident/lifecycle.ts'
import { anomalyAt, epoch, minuteMs, rules } from '../../support/alerts.ts'

/** A minute: what was found of it, or nothing where it was judged and clear. */
type Minute = Partial<Anomaly> | 'clear' | 'not judged'

function incidentAfter(...minutes: readonly Minute[]): Alert {
  let incident: Alert | undefined
  for (const [at, minute] of minutes.entries()) {
    const windowEnd = epoch + (at + 1) * minuteMs
    const windowStart = windowEnd - 3 * minuteMs
    const anomaly = typeof minute === 'object' ? anomalyAt(at + 1, { windowStart, ...minute }) : undefined
    const window = { windowStart: windowEnd - minuteMs, windowEnd, judged: minute !== 'not judged' }
    incident = observe(incident, { ...window, anomaly, isOver: false }, rules)
  }
  return incident as Alert
}

const amount = (value: number, expected = 100): Amount => ({ value, expected })
const nothing = amount(0, 0)

/** A finding that two thirds are missing in three minutes; what each minute had of 100, the newest first. */
const found = (...amounts: readonly (number | Amount)[]): Partial<Anomaly> => ({
  value: 100,
  expected: 300,
  amounts: amounts.map(one => (typeof one === 'number' ? amount(one) : one))
})
const lossAfter = (...minutes: readonly Minute[]) => incidentAfter(...minutes).loss

describe('the loss of an incident', () => {
  test('begins with what each window of the first finding lacks, and no window before it', () => {
    expect(lossAfter(found(10, 30, 60, 0, 0))).toBe(90 + 70 + 40)
  })

  test('grows by what each window more lacks of its own expectation, not by a part of the span', () => {
    expect(lossAfter(found(10, 30, 60), found(20, 10, 30), found(amount(0, 120), 20, 10))).toBe(
      200 + 80 + 120
    )
  })

  test('leaves out windows that are incomplete, or lack their events', () => {
    expect(lossAfter(found(10, nothing, 60))).toBe(90 + 40)
    expect(lossAfter(found(10, 30, 60), 'not judged', 'not judged', found(20, nothing, nothing, 10))).toBe(
      280
    )
  })

  test('has windows in between that were clear once the condition comes back', () => {
    expect(lossAfter(found(10, 30, 60), 'clear', 'clear')).toBe(200)
    expect(lossAfter(found(10, 30, 60), 'clear', 'clear', found(20, 70, 90, 10))).toBe(200 + 80 + 30 + 10)
  })

  test('counts a window that does not show the condition by itself once a later one does', () => {
    expect(lossAfter(found(10, 30, 60), found(90, 10, 30))).toBe(200)
    expect(lossAfter(found(10, 30, 60), found(90, 10, 30), found(130, 90, 10), found(20, 130, 90, 10))).toBe(
      200 + 10 - 30 + 80
    )
  })

  test('takes nothing back for windows after recovery, though trailing sums still show the condition', () => {
    expect(lossAfter(found(10, 30, 60), found(20, 10), found(98, 20), found(180, 98), 'clear')).toBe(280)
  })

  test('of a rise is what there was too much', () => {
    const rise = (...values: readonly number[]): Partial<Anomaly> => ({ ...found(...values), value: 900 })
    expect(lossAfter(rise(300, 300, 300), rise(250), rise(110, 250))).toBe(-600 - 150)
  })

  test('is unknown where the metric does not add up, or is another one than before', () => {
    expect(lossAfter({ ...found(10, 30, 60), additive: false }, found(10))).toBeNull()
    expect(lossAfter(found(10, 30, 60), { ...found(10), metric: 'events' }, found(10))).toBeNull()
  })

  test('stays at the first finding where findings do not say what each window lacks', () => {
    expect(lossAfter({ value: 100, expected: 300 }, { value: 0, expected: 300 })).toBe(200)
  })

  test('is stored without the windows that it is made of', () => {
    expect(incidentAfter(found(10, 30, 60), found(90, 10)).lastAnomaly).not.toHaveProperty('amounts')
    expect(incidentAfter(found(10, 30, 60)).lastAnomaly).not.toHaveProperty('amounts')
  })
})

describe('the condition of an incident', () => {
  const minutes = (...numbers: readonly Minute[]) => {
    const { conditionFrom = 0, conditionTo = 0 } = incidentAfter(...numbers)
    return [(conditionFrom - epoch) / minuteMs, (conditionTo - epoch) / minuteMs]
  }

  test('begins with the oldest window of the first finding that shows it, and ends with the newest', () => {
    expect(minutes(found(10, 30, 40))).toEqual([-2, 1])
    expect(minutes(found(10, 30, 110))).toEqual([-1, 1])
    expect(minutes(found(95, 10, 110))).toEqual([-1, 0])
  })

  test('does not last until the findings that look back on it end', () => {
    const after = [found(100, 20, 10), found(105, 100, 20), 'clear', 'clear'] as const
    expect(minutes(found(10, 30, 40), found(20, 10, 30), ...after)).toEqual([-2, 2])
  })

  test('is that of the findings where their windows are not known alone, or that of its cause', () => {
    expect(minutes({}, 'clear', {})).toEqual([-2, 3])
    expect(minutes({ since: epoch - 5 * minuteMs })).toEqual([-5, 1])
  })

  test('keeps the figures of the first finding at the highest severity', () => {
    const incident = incidentAfter(
      { severity: 'high', value: 5 },
      { severity: 'high', value: 1 },
      { severity: 'critical', value: 3 },
      { severity: 'critical', value: 0 }
    )
    expect(incident.firstAtSeverity).toMatchObject({ severity: 'critical', value: 3 })
    expect(incident.peak).toMatchObject({ severity: 'critical', value: 0 })
  })
})
