import { describe, expect, test } from 'vitest'
import { curveAt } from '../../../producer/curve.ts'
import { demoKinds, incidentKinds } from '../../../producer/incident.ts'
import { demoPlan, drawIncident, labelsOf, scenarioPlan } from '../../../producer/plan.ts'
import { uniformOf } from '../../../producer/random.ts'
import { segmentsOf } from '../../../producer/segment.ts'

const minuteMs = 60_000
const startMs = Date.UTC(2026, 10, 20, 6, 17)

describe('the demo', () => {
  const plans = Array.from({ length: 50 }, (_, seed) => demoPlan(seed, startMs))

  test('does one thing of each of its kinds after an hour, 15 to 30 minutes long, 20 apart and 60 to 100% deep', () => {
    for (const plan of plans) {
      expect(plan.incidents.map(({ kind }) => kind).sort()).toEqual([...demoKinds].sort())
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

  test.each(incidentKinds)('%s has a depth and a length of its kind', kind => {
    for (let seed = 0; seed < 20; seed += 1) {
      const plan = scenarioPlan({ scenario: kind, seed, startMs, durationMs: 360 * minuteMs })
      const [{ startMs: begin, endMs, depth }] = plan.incidents as [(typeof plan.incidents)[number]]
      const minutes = (endMs - begin) / minuteMs
      const rare = kind === 'duplicate_flood' || kind === 'late_burst'
      if (kind === 'slow_leak') expect([minutes, depth]).toEqual([180, 0.4])
      else {
        expect(minutes).toBeGreaterThanOrEqual(15)
        expect(minutes).toBeLessThanOrEqual(30)
        expect(depth).toBeGreaterThanOrEqual(rare ? 0.2 : 0.6)
        expect(depth).toBeLessThanOrEqual(rare ? 0.6 : 1)
      }
      expect(begin).toBeGreaterThanOrEqual(startMs + 120 * minuteMs)
      expect(endMs).toBeLessThanOrEqual(plan.endMs)
    }
  })

  test('draws what it hits from the values with a tenth of the shop', () => {
    const drawn = (scenario: 'category_outage' | 'country_outage' | 'method_outage' | 'schema_change') =>
      new Set(
        Array.from({ length: 100 }, (_, seed) =>
          scenarioPlan({ scenario, seed, startMs, durationMs: 60 * minuteMs }).incidents.map(
            ({ segment }) => segment
          )
        ).flat()
      )
    expect([...drawn('category_outage')].sort()).toEqual([
      'category=beauty',
      'category=clothing',
      'category=electronics',
      'category=home',
      'category=shoes'
    ])
    expect([...drawn('country_outage')].sort()).toEqual([
      'country=DE',
      'country=FR',
      'country=GB',
      'country=US'
    ])
    expect([...drawn('method_outage')].sort()).toEqual([
      'payment_method=card',
      'payment_method=invoice',
      'payment_method=paypal'
    ])
    expect([...drawn('schema_change')].sort()).toEqual(['field=price', 'field=user_id'])
    expect(segmentsOf('category_outage')).toContain('category=toys')
    expect(segmentsOf('price_bug')).toEqual([])
  })

  test('steady does nothing to the stream', () => {
    const plan = scenarioPlan({ scenario: 'steady', seed: 1, startMs, durationMs: 60 * minuteMs })
    expect(plan.incidents).toEqual([])
  })
})

test('an incident of its own begins when it is told to, and has all that its kind has', () => {
  const uniform = uniformOf(2, 'test')
  const leak = drawIncident('slow_leak', uniform, startMs)
  expect(leak).toEqual({ kind: 'slow_leak', startMs, endMs: startMs + 180 * minuteMs, depth: 0.4 })
  const outage = drawIncident('country_outage', uniform, startMs)
  expect(outage).toMatchObject({ startMs, segment: expect.stringMatching(/^country=(DE|US|FR|GB)$/) })
  expect(segmentsOf('country_outage')).toContain(outage.segment)
})
