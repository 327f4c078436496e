import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { gpuPlan } from '../../../../producer/gpu/plan.ts'
import { usageOf } from '../../../../producer/gpu/usage.ts'
import { loadConfig } from '../../../../src/config/load.ts'
import { evaluateIdle } from '../../../../src/report/costs/idle.ts'
import { readCosts } from '../../../../src/report/costs/summary.ts'
import { createSchedule } from '../../../../src/report/schedule.ts'
import type { CostsReport } from '../../../../src/report/types.ts'
import { reportsOf } from '../../../../src/run/assembly/reports.ts'
import { buildStages } from '../../../../src/run/assembly/stages.ts'
import { createReplay } from '../../../../src/run/replay.ts'
import { dayMs, hourMs } from '../../../../src/time/units.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'
import { createRecordedLog } from '../../../support/recorded-log.ts'

const path = 'packs/gpu-cost.yaml'
const source = readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')
const loaded = loadConfig({ path, env: { TIMEZONE: 'Europe/Berlin' }, readFile: () => source })
if (!loaded.ok) throw new Error('the pack is refused')
const { config } = loaded
const [{ costs }] = reportsOf(config, 'cost-summary') as [CostsReport]

// A month through the 29th of March, when the clock of Berlin goes forward.
const startMs = Date.UTC(2026, 2, 9, 23)
const plan = gpuPlan({
  ...{ scenario: 'gpu_idle', seed: 5, startMs, durationMs: 31 * dayMs, currency: 'USD' }
})
const schedule = createSchedule({ timezone: 'Europe/Berlin', hour: 9 })
const nowMs = Date.UTC(2026, 3, 9, 7)
const { day } = schedule.latest(nowMs)

// A few of the fleet, so that it takes seconds: those that are idle, and three that work.
const made = plan.incidents.map(({ segment = '' }) => segment.replace('resource_id=', ''))
const chosen = new Set([...made, 'gpu-01', 'gpu-02', 'gpu-03'])

interface Usage {
  readonly resource_id: string
  readonly gpu: string
  readonly provider: string
  readonly model: string
  readonly cost: number
  readonly utilization: number
  readonly at: number
}
const usage: Usage[] = []
const store = createMemoryStore()

beforeAll(() => {
  const { decode, windows, evaluate } = buildStages(config, createRecordedLog())
  const replay = createReplay({ windows, decode, onWindow: window => store.put([evaluate(window)]) })
  for (const { line, eventTime } of usageOf(plan)) {
    const one: Usage = { ...JSON.parse(line), at: eventTime }
    if (!chosen.has(one.resource_id)) continue
    replay.take(line, usage.push(one))
  }
  replay.end()
})

/** Of the raw events within some local days up to the last one. */
const within = (days: number) => {
  const [from, to] = [schedule.startOf(day - days + 1), schedule.startOf(day + 1)]
  return usage.filter(({ at }) => at >= from && at < to)
}
const costOf = (events: readonly Usage[]) => events.reduce((sum, { cost }) => sum + cost, 0)

describe('of a generated month', () => {
  test('the sums of a summary are those of the raw events of its local days', async () => {
    const { periods, models, coveredMs, lengthMs } = await readCosts(store, 'gpu-cost', costs, schedule, day)
    for (const { days, cost } of periods) expect(cost).toBeCloseTo(costOf(within(days)), 6)
    expect(periods.map(({ storedDays }) => storedDays)).toEqual([1, 7, 30])
    expect(coveredMs).toBe(lengthMs)
    const yesterday = within(1)
    expect(models).toHaveLength(new Set(yesterday.map(({ model }) => model)).size)
    for (const { segment, total } of models)
      expect(total).toBeCloseTo(costOf(yesterday.filter(({ model }) => segment === `model=${model}`)), 6)
    // The day on which the clock went forward has 23 hours of events.
    const changed = Date.UTC(2026, 2, 29) / dayMs
    const short = await readCosts(store, 'gpu-cost', costs, schedule, changed)
    const [from, to] = [schedule.startOf(changed), schedule.startOf(changed + 1)]
    expect((to - from) / hourMs).toBe(23)
    expect(short.periods[0].cost).toBeCloseTo(costOf(usage.filter(({ at }) => at >= from && at < to)), 6)
  })

  test('what is idle is what was made idle, with the names, days and savings of the raw events', async () => {
    const { idle: rule } = costs
    if (rule === null) throw new Error('the pack asks for what is idle')
    const asked = { pipeline: 'gpu-cost', costs, rule, schedule, day, nowMs, currency: 'USD', mayWait: true }
    const { open = [] } = (await evaluateIdle(store, asked)) ?? {}
    expect(open.map(({ resource }) => resource).toSorted()).toEqual(made.toSorted())
    const week = within(7)
    for (const one of open) {
      const own = week.filter(({ resource_id }) => resource_id === one.resource)
      const mean = own.reduce((sum, { utilization }) => sum + utilization, 0) / own.length
      expect(own[0]).toMatchObject({ gpu: one.gpu, provider: one.provider, model: one.model })
      expect(one.meanUtilization).toBeCloseTo(mean, 9)
      expect(one.dailyCost).toBeCloseTo(costOf(own) / 7, 6)
      expect(one.monthlySavings).toBeCloseTo((costOf(own) / 7) * 30, 5)
      // It became idle within a day, which was not idle by itself.
      const first = schedule.startOf(Math.floor((plan.incidents[0]?.startMs ?? 0) / dayMs) + 1)
      expect(one.since).toBe(first)
    }
  })
})
