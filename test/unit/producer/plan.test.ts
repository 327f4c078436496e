import { describe, expect, test } from 'vitest'
import { curveAt } from '../../../producer/curve.ts'
import { incidentKinds } from '../../../producer/incident.ts'
import { demoPlan, labelsOf, scenarioPlan } from '../../../producer/plan.ts'

const minuteMs = 60_000
const startMs = Date.UTC(2026, 10, 20, 6, 17)

describe('the demo', () => {
  const plans = Array.from({ length: 50 }, (_, seed) => demoPlan(seed, startMs))

  test('does one thing of each kind after an hour, 15 to 30 minutes long, 20 apart and 60 to 100% deep', () => {
    for (const plan of plans) {
      expect(plan.incidents.map(({ kind }) => kind).sort()).toEqual([...incidentKinds].sort())
      let quietSince = startMs + 40 * minuteMs
      for (const { startMs: begin, endMs, depth } of plan.incidents) {
        expect(begin - quietSince).toBeGreaterThanOrEqual(20 * minuteMs)
        expect(endMs - begin).toBeGreaterThanOrEqual(15 * minuteMs)
        expect(endMs - begin).toBeLessThanOrEqual(30 * minuteMs)
        expect(depth).toBeGreaterThanOrEqual(0.6)
        expect(depth).toBeLessThanOrEqual(1)
        quietSince = endMs
      }
      expect(plan.endMs - quietSince).toBe(30 * minuteMs)
    }
  })

  test('lasts five to seven and a half hours', () => {
    const hours = plans.map(plan => (plan.endMs - plan.startMs) / 3_600_000)
    expect(Math.min(...hours)).toBeGreaterThan(5)
    expect(Math.max(...hours)).toBeLessThan(7.5)
  })

  test('another seed draws another order and other times, the same seed the same', () => {
    expect(demoPlan(4, startMs)).toEqual(plans[4])
    expect(
      new Set(plans.map(({ incidents }) => incidents.map(({ kind }) => kind).join())).size
    ).toBeGreaterThan(40)
  })

  test('happens by day whenever it starts, and moves with its start', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      const plan = demoPlan(1, startMs + hour * 3_600_000)
      expect(plan.shop.timezoneOffsetMinutes).toBeGreaterThanOrEqual(-12 * 60)
      expect(plan.shop.timezoneOffsetMinutes).toBeLessThanOrEqual(14 * 60)
      expect(curveAt(plan.startMs, plan.shop.timezoneOffsetMinutes)).toBeGreaterThan(1)
      expect(plan.incidents.map(one => one.startMs - plan.startMs)).toEqual(
        demoPlan(1, startMs).incidents.map(one => one.startMs - startMs)
      )
    }
  })
})

describe('a scenario', () => {
  const drawn = (seed: number) =>
    scenarioPlan({ scenario: 'bot_flood', seed, startMs, durationMs: 180 * minuteMs })

  test('draws one incident of its kind that lies within the stream, after a third of it', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const plan = drawn(seed)
      const [incident] = plan.incidents
      expect(plan.incidents).toHaveLength(1)
      expect(incident?.kind).toBe('bot_flood')
      expect(incident?.startMs).toBeGreaterThanOrEqual(startMs + 60 * minuteMs)
      expect(incident?.endMs).toBeLessThanOrEqual(plan.endMs)
    }
    expect(labelsOf(drawn(1))).toEqual(drawn(1).incidents)
  })

  test('takes a start, a length and a depth that are given', () => {
    const plan = scenarioPlan({
      scenario: 'payment_outage',
      seed: 1,
      startMs,
      durationMs: 60 * minuteMs,
      incidentAfterMs: 10 * minuteMs,
      incidentLengthMs: 5 * minuteMs,
      depth: 0.5
    })
    expect(plan.incidents).toEqual([
      { kind: 'payment_outage', startMs: startMs + 10 * minuteMs, endMs: startMs + 15 * minuteMs, depth: 0.5 }
    ])
  })

  test('steady does nothing to the stream', () => {
    const plan = scenarioPlan({ scenario: 'steady', seed: 1, startMs, durationMs: 60 * minuteMs })
    expect(plan.incidents).toEqual([])
  })
})
