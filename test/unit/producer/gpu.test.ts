import { describe, expect, test } from 'vitest'
import { type GpuPlanOptions, gpuPlan } from '../../../producer/gpu/plan.ts'
import { usageOf } from '../../../producer/gpu/usage.ts'

const dayMs = 86_400_000
const startMs = Date.UTC(2026, 2, 10)
const planned = (given: Partial<GpuPlanOptions> = {}) =>
  gpuPlan({ scenario: 'gpu_burn', seed: 3, startMs, durationMs: 30 * dayMs, currency: 'USD', ...given })

interface Usage {
  readonly event_time: string
  readonly event_id: string
  readonly resource_id: string
  readonly cost: number
  readonly utilization: number
  readonly interval_s: number
}
const usageIn = (given: Partial<GpuPlanOptions>): readonly Usage[] =>
  [...usageOf(planned(given))].map(({ line }) => JSON.parse(line))

const dailyCosts = (usage: readonly Usage[]) => {
  const costs = new Map<string, number>()
  for (const { event_time, cost } of usage) {
    const day = event_time.slice(0, 10)
    costs.set(day, (costs.get(day) ?? 0) + cost)
  }
  return costs
}

describe('usage reports', () => {
  test('come from every resource at every interval, in order of their time, once', () => {
    const usage = usageIn({ durationMs: dayMs / 4, incidentAfterMs: 0, incidentLengthMs: 0 })
    expect(usage).toHaveLength(36 * 72)
    expect(new Set(usage.map(({ event_id }) => event_id)).size).toBe(usage.length)
    expect(new Set(usage.map(({ resource_id }) => resource_id)).size).toBe(36)
    const times = usage.map(({ event_time }) => event_time)
    expect(times).toEqual(times.toSorted())
    expect(usage[0]).toEqual({
      event_time: expect.stringMatching(/^2026-03-10T00:00:\d\d\.\d{3}Z$/),
      event_type: 'gpu_usage',
      event_id: expect.any(String),
      resource_id: expect.stringMatching(/^gpu-\d\d$/),
      gpu: expect.stringMatching(/^(H100|A100|L40S|T4)$/),
      provider: expect.stringMatching(/^(aws|gcp|coreweave)$/),
      model: expect.any(String),
      cost: expect.any(Number),
      currency: 'USD',
      utilization: expect.any(Number),
      interval_s: 300
    })
  })

  test('are the same for the same seed, and others for another', () => {
    const lines = (seed: number) => [...usageOf(planned({ seed, durationMs: dayMs }))].map(({ line }) => line)
    expect(lines(3)).toEqual(lines(3))
    expect(lines(3)).not.toEqual(lines(4))
  })
})

describe('a burn', () => {
  test('is one whole day whose spend passes the budget, which no other day does', () => {
    const { incidents } = planned()
    const [burn] = incidents
    expect(incidents).toHaveLength(1)
    expect(burn?.startMs).toBeGreaterThanOrEqual(startMs + 10 * dayMs)
    expect([(burn?.startMs ?? 0) % dayMs, (burn?.endMs ?? 0) - (burn?.startMs ?? 0)]).toEqual([0, dayMs])
    const passed = [...dailyCosts(usageIn({}))].filter(([, cost]) => cost > 10_000).map(([day]) => day)
    expect(passed).toEqual([new Date(burn?.startMs ?? 0).toISOString().slice(0, 10)])
  })

  test('is a day of the place where days begin', () => {
    const [burn] = planned({ timezoneOffsetMinutes: 120 }).incidents
    expect(new Date(burn?.startMs ?? 0).toISOString()).toContain('T22:00:00.000Z')
  })

  test('is within a stream that has no whole day left', () => {
    const [burn] = planned({ durationMs: dayMs / 2 }).incidents
    expect(burn).toMatchObject({ startMs: startMs + dayMs / 6, endMs: startMs + dayMs / 2 })
  })
})

describe('idle resources', () => {
  test('are used below 5 % for more than a week, the others are not', () => {
    const { incidents } = planned({ scenario: 'gpu_idle' })
    expect(incidents).toHaveLength(3)
    const [{ startMs: idleMs, endMs } = { startMs: 0, endMs: 0 }] = incidents
    expect(endMs - idleMs).toBe(20 * dayMs)
    const named = incidents.map(({ segment }) => segment?.replace('resource_id=', '')).toSorted()
    const usage = usageIn({ scenario: 'gpu_idle' })
    const idle = usage.filter(
      ({ event_time }) => Date.parse(event_time) >= idleMs && Date.parse(event_time) < endMs
    )
    const below = new Set(idle.filter(one => one.utilization < 0.05).map(one => one.resource_id))
    expect([...below].toSorted()).toEqual(named)
    expect(idle.filter(one => named.includes(one.resource_id)).every(one => one.utilization < 0.05)).toBe(
      true
    )
    expect(usage.some(one => Date.parse(one.event_time) < idleMs && one.utilization < 0.05)).toBe(false)
  })

  test('begin early enough in a short stream, and as many as the depth says', () => {
    const { incidents } = planned({ scenario: 'gpu_idle', durationMs: 9 * dayMs, depth: 0.5 })
    expect(incidents).toHaveLength(18)
    expect(incidents[0]?.startMs).toBe(startMs + dayMs)
  })
})
