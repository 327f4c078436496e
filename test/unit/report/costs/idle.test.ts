import { describe, expect, test } from 'vitest'
import { evaluateIdle, type IdleAnswer } from '../../../../src/report/costs/idle.ts'
import type { CostSettings, IdleRule } from '../../../../src/report/costs/settings.ts'
import { createSchedule } from '../../../../src/report/schedule.ts'
import { dayMs, hourMs } from '../../../../src/time/units.ts'
import { costSettings, gpuHours, gpuOf, type TestGpu } from '../../../support/gpu-windows.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'

const midnight = Date.UTC(2026, 10, 30)
const ten = midnight + 10 * hourMs

const stored = (fleet: readonly TestGpu[], days = 9, toMs = ten): MemoryStore => {
  const store = createMemoryStore()
  store.put(gpuHours(midnight - days * dayMs, toMs, fleet))
  return store
}

async function evaluate(
  store: MemoryStore,
  {
    nowMs = ten,
    timezone = 'UTC',
    rule = costSettings.idle,
    costs = costSettings,
    mayWait = false
  }: {
    nowMs?: number
    timezone?: string
    rule?: IdleRule
    costs?: CostSettings
    mayWait?: boolean
  } = {}
): Promise<IdleAnswer | undefined> {
  const schedule = createSchedule({ timezone, hour: 10 })
  const { day } = schedule.latest(nowMs)
  const asked = { pipeline: 'gpu-cost', costs, rule, schedule, day, nowMs, currency: 'USD', mayWait }
  const answer = await evaluateIdle(store, asked)
  await store.insertRecommendations([...(answer?.open ?? []), ...(answer?.ended ?? [])])
  return answer
}

const names = (answer: IdleAnswer | undefined) => answer?.open.map(({ resource }) => resource)
const at = (utilization: number) => ({ utilizationAt: () => utilization })

describe('a GPU is idle', () => {
  test('below 5 % in the mean of seven whole local days, with what it is and what it costs', async () => {
    const gpu = gpuOf('gpu-1', { gpu: 'A100', provider: 'gcp', model: 'whisper', hourlyCost: 3.5 })
    const answer = await evaluate(stored([gpu, gpuOf('busy', at(0.6))], 7))
    expect(answer).toMatchObject({
      ended: [],
      isWhole: true,
      open: [
        {
          ...{ pipeline: 'gpu-cost', kind: 'idle_gpu', resource: 'gpu-1' },
          ...{ gpu: 'A100', provider: 'gcp', model: 'whisper', severity: 'high' },
          ...{ since: midnight - 7 * dayMs, lastSeen: ten, dailyCost: 84, monthlySavings: 2_520 },
          ...{ currency: 'USD', endedAt: null, evaluatedAt: ten }
        }
      ]
    })
    expect(answer?.open[0]?.meanUtilization).toBeCloseTo(0.01, 12)
  })

  test.each([
    [0.0499, ['gpu-1']],
    [0.05, []]
  ])('not from 5 percent on: %f', async (utilization, found) => {
    expect(names(await evaluate(stored([gpuOf('gpu-1', at(utilization))])))).toEqual(found)
  })

  test('by the mean over its time, not day by day', async () => {
    const oneDay = (share: number) =>
      gpuOf(`at-${share}`, { utilizationAt: start => (start < midnight - dayMs ? 0 : share) })
    expect(names(await evaluate(stored([oneDay(0.34), oneDay(0.36)])))).toEqual(['at-0.34'])
  })

  test('not before it was there for each of the seven days', async () => {
    const young = gpuOf('young', {
      utilizationAt: start => (start < midnight - 6 * dayMs ? null : 0)
    })
    expect(names(await evaluate(stored([young, gpuOf('old')])))).toEqual(['old'])
    expect(names(await evaluate(stored([gpuOf('new stream')], 6)))).toEqual([])
  })

  test('since the first of the days in a row that were idle, thirty before the seven at most', async () => {
    const since = (days: number) =>
      gpuOf(`busy-${days}`, {
        utilizationAt: start => (start < midnight - days * dayMs ? 0.5 : 0.01)
      })
    const { open = [] } = (await evaluate(stored([since(7), since(12), since(90)], 50))) ?? {}
    expect(open.map(one => [one.resource, (midnight - one.since) / dayMs])).toEqual([
      ['busy-7', 7],
      ['busy-12', 12],
      ['busy-90', 37]
    ])
  })

  test('by another rule where the configuration has one', async () => {
    const rule = { below: 0.2, days: 2, raiseSavings: [{ severity: 'critical', from: 1 } as const] }
    const answer = await evaluate(stored([gpuOf('gpu-1', at(0.19)), gpuOf('gpu-2', at(0.2))], 2), { rule })
    expect(answer?.open).toMatchObject([{ resource: 'gpu-1', severity: 'critical' }])
  })

  test('is graver the more it could save', async () => {
    const costing = (id: string, monthly: number) => gpuOf(id, { hourlyCost: monthly / 720 })
    const fleet = [costing('a', 499), costing('b', 501), costing('c', 1_999), costing('d', 2_001)]
    const { open = [] } = (await evaluate(stored(fleet))) ?? {}
    expect(open.map(({ resource, severity }) => [resource, severity])).toEqual([
      ['d', 'high'],
      ['c', 'medium'],
      ['b', 'medium'],
      ['a', 'low']
    ])
  })

  test('by local days, also where one has 23 or 25 hours', async () => {
    for (const [midnightMs, hours] of [
      [Date.UTC(2026, 2, 29, 22), 167],
      [Date.UTC(2026, 9, 25, 23), 169]
    ] as const) {
      const fromMs = midnightMs - hours * hourMs
      const store = createMemoryStore()
      // An hour more before and behind, in which it works: they belong to no day of the seven.
      const busyOutside = (start: number) => (start < fromMs || start >= midnightMs ? 1 : 0.049)
      const gpu = gpuOf('gpu-1', { utilizationAt: busyOutside })
      store.put(gpuHours(fromMs - hourMs, midnightMs + 10 * hourMs, [gpu]))
      const nowMs = midnightMs + 10 * hourMs
      const answer = await evaluate(store, { nowMs, timezone: 'Europe/Berlin' })
      expect(answer?.open).toMatchObject([{ resource: 'gpu-1', since: fromMs, dailyCost: (2 * hours) / 7 }])
    }
  })
})

describe('a recommendation', () => {
  const idleUntil = (endMs: number, then: number | null) =>
    gpuOf('gpu-1', { utilizationAt: start => (start < endMs ? 0.01 : then) })

  test('is the same row when it is evaluated again, and keeps its first day', async () => {
    const store = stored([gpuOf('gpu-1')], 7)
    const first = await evaluate(store)
    store.put(gpuHours(ten, ten + 3 * dayMs, [gpuOf('gpu-1')]))
    const later = await evaluate(store, { nowMs: ten + 3 * dayMs })
    expect(later?.open[0]).toMatchObject({ id: first?.open[0]?.id, since: midnight - 7 * dayMs })
    expect(store.recommendationRows.size).toBe(1)
    expect([...store.recommendationRows.values()][0]?.evaluatedAt).toBe(ten + 3 * dayMs)
  })

  test('ends when the GPU works again, and is another one when it is idle later', async () => {
    const works = (start: number) => start >= ten && start < ten + 3 * dayMs
    const gpu = gpuOf('gpu-1', { utilizationAt: start => (works(start) ? 0.9 : 0.01) })
    const store = stored([gpu, gpuOf('other', at(0.9))], 7, ten + 12 * dayMs)
    expect(names(await evaluate(store))).toEqual(['gpu-1'])
    const nowMs = ten + dayMs
    expect(await evaluate(store, { nowMs })).toMatchObject({
      open: [],
      ended: [{ resource: 'gpu-1', endedAt: nowMs, evaluatedAt: nowMs }]
    })
    expect(await evaluate(store, { nowMs: nowMs + hourMs })).toMatchObject({ open: [], ended: [] })
    expect(names(await evaluate(store, { nowMs: ten + 11 * dayMs }))).toEqual(['gpu-1'])
    const rows = [...store.recommendationRows.values()]
    expect(rows.map(({ endedAt }) => endedAt)).toEqual([nowMs, null])
    expect(rows[1]?.since).toBe(midnight + 4 * dayMs)
  })

  test('ends when the GPU is gone for three hours while others are there', async () => {
    const others = gpuOf('other', at(0.9))
    for (const [hours, open] of [
      [2, ['gpu-1']],
      [3, []]
    ] as const) {
      const fleet = [idleUntil(ten - hours * hourMs, null), others]
      const store = stored(fleet, 9, midnight)
      await evaluate(store, { nowMs: midnight })
      store.put(gpuHours(midnight, ten, fleet))
      const answer = await evaluate(store)
      expect(names(answer)).toEqual(open)
      expect(answer?.ended).toHaveLength(1 - open.length)
    }
  })

  test('stays while nothing at all is measured any more', async () => {
    const store = stored([gpuOf('gpu-1')], 9, midnight)
    expect(names(await evaluate(store, { nowMs: ten }))).toEqual(['gpu-1'])
  })

  test('stays through a day of which nothing is stored, and none is made anew', async () => {
    const outage = (start: number) => start >= midnight - 3 * dayMs && start < midnight - 2 * dayMs
    const store = createMemoryStore()
    const fleet = [gpuOf('known'), gpuOf('unknown', at(0.02))]
    store.put(gpuHours(midnight - 9 * dayMs, ten, fleet).filter(({ start }) => !outage(start)))
    const before = stored([gpuOf('known')], 13, midnight - 3 * dayMs)
    const known = await evaluate(before, { nowMs: ten - 3 * dayMs })
    await store.insertRecommendations(known?.open ?? [])
    const answer = await evaluate(store)
    expect(names(answer)).toEqual(['known'])
    expect(answer?.open[0]?.dailyCost).toBe(48)
  })

  test('is left alone where nothing is stored of yesterday', async () => {
    const store = stored([gpuOf('gpu-1')], 9, midnight)
    await evaluate(store)
    expect(await evaluate(store, { nowMs: ten + dayMs })).toBeUndefined()
  })

  test('waits for the rest of yesterday where it may', async () => {
    const store = stored([gpuOf('gpu-1')], 9, midnight - hourMs)
    expect(await evaluate(store, { mayWait: true })).toBeUndefined()
    expect(await evaluate(store)).toMatchObject({ isWhole: false, open: [{ resource: 'gpu-1' }] })
  })

  test('of a GPU that nothing describes has no names', async () => {
    const store = createMemoryStore()
    store.put(
      gpuHours(midnight - 7 * dayMs, ten, [gpuOf('gpu-1')]).map(window => ({
        ...window,
        segments: window.segments.filter(({ dimension }) => dimension === 'resource_id')
      }))
    )
    expect((await evaluate(store))?.open).toMatchObject([{ gpu: null, provider: null, model: null }])
  })
})
