import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Verdict } from '../../../detectors/types.ts'
import { gpuPlan } from '../../../producer/gpu/plan.ts'
import { usageOf } from '../../../producer/gpu/usage.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { createDecisions, type Decision } from '../../../src/decide/decision.ts'
import { warmUp } from '../../../src/decide/warm-up.ts'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import { buildStages } from '../../../src/run/assembly/stages.ts'
import { createReplay } from '../../../src/run/replay.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/time/units.ts'
import { lineOf } from '../../support/alerts.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const path = 'packs/gpu-cost.yaml'
const source = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
// A sixth of the fleet, against a sixth of a budget of 10,200: so it takes seconds.
const isTaken = (resource: string) => Number(resource.slice(-2)) % 6 === 1
const budget = 1_700
const env = {
  TIMEZONE: 'Europe/Berlin',
  GPU_DAILY_BUDGET: String(budget),
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/x'
}
const loaded = loadConfig({ path, env, readFile: () => source })
if (!loaded.ok) throw new Error('the pack is refused')
const { config, hash } = loaded
const noMemory = { incidents: async () => [], notifications: async () => [], actions: async () => [] }

/** What the clock of Berlin shows: told by Intl alone. */
const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Berlin',
  dateStyle: 'short',
  timeStyle: 'short'
})
const berlin = (ms: number): readonly [date: string, time: string] => {
  const [date = '', time = ''] = clock.format(ms).split(' ')
  return [date, time]
}

/** A month around a change of the clock, and a burn on the very day of it. */
const months = [
  {
    name: 'March',
    day: '2026-03-29',
    from: '2026-03-09T23:00:00Z',
    burns: '2026-03-28T23:00:00Z',
    hours: 23
  },
  {
    name: 'October',
    day: '2026-10-25',
    from: '2026-10-04T22:00:00Z',
    burns: '2026-10-24T22:00:00Z',
    hours: 25
  }
]

/** The costs of a month in ten-thousandths, by the end of their window. */
type Costs = ReadonlyMap<number, number>

function replayed({ from, burns, hours }: (typeof months)[number]) {
  const startMs = Date.parse(from)
  const plan = gpuPlan({
    ...{ scenario: 'gpu_burn', seed: 7, startMs, durationMs: 31 * dayMs, currency: 'USD', depth: 2.2 },
    ...{ incidentAfterMs: Date.parse(burns) - startMs, incidentLengthMs: hours * hourMs }
  })
  const { decode, windows, evaluate, newDetection, newIncidents } = buildStages(config, createRecordedLog())
  const detection = newDetection()
  const options = { pipeline: config.pipeline, configHash: hash, detectedBefore: new Map() }
  const decisions = createDecisions({ ...options, incidents: newIncidents(noMemory) })
  const decided: Decision[] = []
  const evaluated: WindowMetrics[] = []
  const replay = createReplay({
    windows,
    decode,
    onWindow(window) {
      const metrics = evaluate(window)
      evaluated.push(metrics)
      decided.push(decisions.ofWindow(detection, metrics, window.end))
    }
  })
  const costs = new Map<number, number>()
  let number = 0
  for (const { line, eventTime, sessionId } of usageOf(plan)) {
    if (!isTaken(sessionId)) continue
    replay.take(line, ++number)
    const end = (Math.floor(eventTime / (5 * minuteMs)) + 1) * 5 * minuteMs
    costs.set(end, (costs.get(end) ?? 0) + Math.round(JSON.parse(line).cost * 10_000))
  }
  replay.end()
  return { decided, evaluated, costs, newDetection }
}

/** What each local day has cost by each full hour from 08:00 to 20:00. */
function recount(costs: Costs) {
  const asked: { readonly end: number; readonly date: string; readonly cost: number }[] = []
  const days = new Map<string, number>()
  for (const [end, cost] of [...costs].toSorted(([a], [b]) => a - b)) {
    const [date] = berlin(end - 1)
    days.set(date, (days.get(date) ?? 0) + cost)
    const [, time] = berlin(end)
    const hour = Number(time.slice(0, 2))
    if (time.endsWith(':00') && hour >= 8 && hour <= 20)
      asked.push({ end, date, cost: (days.get(date) ?? 0) / 10_000 })
  }
  return { asked, days }
}

describe.each(months)('the pack of GPU costs in $name', month => {
  let run: ReturnType<typeof replayed>
  let told: ReturnType<typeof recount>
  beforeAll(() => {
    run = replayed(month)
    told = recount(run.costs)
  })

  test('finds each hour of a day that has passed the budget, with the cost of the raw events', () => {
    const expected = told.asked.filter(({ cost }) => cost > budget)
    const found = run.decided.flatMap(({ anomalies }) => anomalies)
    expect(
      found.map(({ kind, windowEnd: end, evidence: { date }, value }) => ({ kind, end, date, cost: value }))
    ).toEqual(expected.map(one => ({ kind: 'metric_threshold', ...one })))
    expect(new Set(expected.map(({ date }) => date))).toEqual(new Set([month.day]))
    expect(found.map(({ severity }) => severity)).toEqual(
      expected.map(({ cost }) => (cost >= 1.5 * budget ? 'critical' : 'high'))
    )
    const [first] = found
    expect(first?.windowStart).toBe(Date.parse(month.burns))
  })

  test('tells it once, again when it is graver, and that it is over at midnight', () => {
    const passed = told.asked.find(({ cost }) => cost > budget)?.end ?? 0
    const graver = told.asked.find(({ cost }) => cost >= 1.5 * budget)?.end ?? 0
    const sent = run.decided.flatMap(({ window, notifications }) =>
      notifications.map(record => [window?.end, lineOf(record).replace(/^\S+ /, '')])
    )
    expect(sent).toEqual([
      [passed, 'trigger high opened'],
      [graver, 'trigger critical severity_rose']
    ])
    const last = run.decided.flatMap(({ incidents }) => incidents).at(-1)
    expect(last).toMatchObject({ status: 'resolved', segment: 'rule=daily-budget', severity: 'critical' })
    expect(berlin(last?.resolvedAt ?? 0)[1]).toBe('00:00')
  })

  test('adds up each local day as the raw events do', () => {
    const days = new Map<string, number>()
    for (const { start, values } of run.evaluated) {
      const [date] = berlin(start)
      const cost = Math.round((values.get('gpu_cost')?.numerator ?? 0) * 10_000)
      days.set(date, (days.get(date) ?? 0) + cost)
    }
    expect(days).toEqual(told.days)
  })

  test('finds the same behind a restart, whatever the hour, and where a window was not seen whole', async () => {
    const cut = (time: string) =>
      run.evaluated.findIndex(({ end }) => berlin(end).join(' ') === `${month.day} ${time}`)
    const lacking = cut('05:00')
    const windows = run.evaluated.map((one, at) => (at === lacking ? { ...one, complete: false } : one))
    const said = ({ findings, standing }: Verdict) => ({ findings, standing })
    const whole = run.newDetection()
    const continuous = windows.map(one => said(whole.judge(one)))
    const store = createMemoryStore()
    store.put([...windows])
    for (const from of [cut('00:30'), cut('12:25'), cut('21:00')]) {
      const fresh = run.newDetection()
      const untilMs = windows[from]?.start ?? 0
      await warmUp(store, config.pipeline, fresh, untilMs - config.store.historyMs, untilMs)
      const behind = windows.slice(from, from + 300).map(one => said(fresh.judge(one)))
      expect(behind).toEqual(continuous.slice(from, from + 300))
    }
    expect(continuous.filter(({ findings }) => findings.length > 0).length).toBeGreaterThan(0)
  })
})
