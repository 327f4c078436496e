import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NotificationRecord } from '../../src/incident/types.ts'
import { evaluateIdle } from '../../src/report/costs/idle.ts'
import { readCosts } from '../../src/report/costs/summary.ts'
import { createSchedule } from '../../src/report/schedule.ts'
import { createReportSender } from '../../src/report/sender.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/types.ts'
import { dayMs, hourMs } from '../../src/time/units.ts'
import { costSettings, gpuHours, gpuOf, recommendationOf } from '../support/gpu-windows.ts'
import { createMemoryStore, type MemoryStore } from '../support/memory-store.ts'
import { createRecordedLog } from '../support/recorded-log.ts'
import { until } from '../support/until.ts'

// The clock of Berlin goes back on the 25th of October: the days before it begin at 22:00 UTC, those after at 23:00.
const nowMs = Date.UTC(2026, 9, 27, 9)
const schedule = createSchedule({ timezone: 'Europe/Berlin', hour: 10 })
const { day } = schedule.latest(nowMs)
const midnightMs = schedule.startOf(day + 1)

const moved = (startMs: number) => startMs >= midnightMs - 12 * hourMs
const fleet = [
  gpuOf('gpu-1', { hourlyCost: 3 }),
  gpuOf('gpu-10', {
    utilizationAt: start => (start < schedule.startOf(day - 9) ? 0.3 : 0.0499),
    provider: 'gcp',
    model: "o'brien; --"
  }),
  gpuOf('gpu-2', { utilizationAt: () => 0.05 }),
  gpuOf('moved', { gpu: 'A100', utilizationAt: start => (moved(start) ? null : 0) }),
  gpuOf('moved', { gpu: 'B200', utilizationAt: start => (moved(start) ? 0 : null) }),
  gpuOf('gone', { utilizationAt: start => (start < nowMs - 3 * hourMs ? 0 : null) }),
  gpuOf('young', { utilizationAt: start => (start < midnightMs - 6 * dayMs ? null : 0) }),
  // What had no rows of its own: nobody can stop it.
  gpuOf('other')
]

const folder = mkdtempSync(join(tmpdir(), 'cartwatch-costs-'))
let store: Store
const memory: MemoryStore = createMemoryStore()

beforeAll(async () => {
  store = await openStore({ folder, timeoutMs: 60_000 })
  await store.migrate()
  const windows = gpuHours(midnightMs - 45 * dayMs, nowMs, fleet)
  await store.insertWindows('gpu-cost', windows)
  // A superseded version, and another pipeline's.
  await store.insertWindows(
    'gpu-cost',
    gpuHours(midnightMs - 2 * dayMs, midnightMs, [gpuOf('gpu-1', { utilizationAt: () => 1 })]).map(
      window => ({ ...window, records: 0 })
    )
  )
  await store.insertWindows('shop', gpuHours(midnightMs - 9 * dayMs, nowMs, [gpuOf('elsewhere')]))
  memory.put(windows)
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const { idle: rule } = costSettings
const asked = { pipeline: 'gpu-cost', costs: costSettings, rule, schedule, day, nowMs }

test('what is idle is found in ClickHouse as by a recount of its windows', async () => {
  const found = await evaluateIdle(store, { ...asked, currency: 'EUR', mayWait: true })
  const counted = await evaluateIdle(memory, { ...asked, currency: 'EUR', mayWait: true })
  const summary = found?.open.map(({ resource, gpu, provider, model, since }) => ({
    ...{ resource, gpu, provider, model },
    days: Math.round((midnightMs - since) / dayMs)
  }))
  const llama = { provider: 'aws', model: 'llama-70b' }
  expect(summary).toEqual([
    { resource: 'gpu-1', gpu: 'H100', ...llama, days: 37 },
    { resource: 'gpu-10', gpu: 'H100', provider: 'gcp', model: "o'brien; --", days: 10 },
    { resource: 'moved', gpu: 'B200', ...llama, days: 37 }
  ])
  expect(found?.open.map(figuresOf)).toEqual(counted?.open.map(figuresOf))
})

const figuresOf = ({ meanUtilization, dailyCost, ...rest }: ReturnType<typeof recommendationOf>) => ({
  ...rest,
  meanUtilization: meanUtilization.toFixed(9),
  dailyCost: dailyCost.toFixed(9),
  monthlySavings: rest.monthlySavings.toFixed(6)
})

test('a cost summary has the sums of its local days', async () => {
  const figures = await readCosts(store, 'gpu-cost', costSettings, schedule, day)
  expect(figures).toEqual(await readCosts(memory, 'gpu-cost', costSettings, schedule, day))
  expect(figures.lengthMs).toBe(24 * hourMs)
  // Seven days with 169 hours.
  const hourly = 3 + 2 + 2 + 2 + 2 + 2 + 2
  expect(figures.periods[1].cost).toBe(169 * hourly - (169 - 6 * 24) * 2)
})

test('instances that follow each other tell it once, whichever of them stored it', async () => {
  const sent: NotificationRecord[] = []
  const report = { name: 'idle', hour: 10, timezone: 'Europe/Berlin', receivers: ['finops'] } as const
  /** An instance that polls once. `isSending`: it does not crash between storing and sending. */
  async function instance(isSending: boolean) {
    let isRead = false
    const sender = createReportSender({
      pipeline: 'gpu-cost',
      settings: () => ({ reports: [{ ...report, costs: costSettings }], sending: true }),
      currency: () => 'EUR',
      store: {
        ...store,
        async insertNotifications(records) {
          await store.insertNotifications(records)
          isRead = true
        }
      },
      enqueue(records) {
        if (isSending) sent.push(...records)
        isRead = isRead || records.length > 0
      },
      isWorking: () => true,
      clock: { now: () => nowMs },
      log: createRecordedLog()
    })
    sender.poll()
    await until('a poll', () => isRead)
  }
  await instance(false)
  const stored = await store.findNotifications({ pipeline: 'gpu-cost' })
  expect(stored.map(({ outcome, report: text }) => [outcome, text?.facts?.[1]?.text])).toEqual([
    ['pending', '3']
  ])
  await instance(true)
  await instance(true)
  // Each takes up what waits; the delivery takes an id once.
  expect(new Set(sent.map(({ id }) => id))).toEqual(new Set([stored[0]?.id]))
  expect(await store.findNotifications({ pipeline: 'gpu-cost' })).toHaveLength(1)
  const open = await store.openRecommendations('gpu-cost')
  expect(open.map(({ resource }) => resource)).toEqual(['gpu-1', 'gpu-10', 'moved'])
  await store.insertRecommendations(open.map(one => ({ ...one, endedAt: nowMs, evaluatedAt: nowMs + 1 })))
})

test('a recommendation is one row, whose last evaluation counts, and not open once it has ended', async () => {
  const known = recommendationOf({ id: 'a', resource: 'gpu-1', evaluatedAt: nowMs, since: 5, lastSeen: 7 })
  const graver = { ...known, severity: 'high', monthlySavings: 9_000, evaluatedAt: nowMs + 1 } as const
  const bare = recommendationOf({ id: 'b', gpu: null, provider: null, model: null, evaluatedAt: nowMs })
  await store.insertRecommendations([known, bare])
  await store.insertRecommendations([graver])
  expect(await store.openRecommendations('gpu-cost')).toEqual([graver, bare])
  expect(await store.openRecommendations('shop')).toEqual([])
  await store.insertRecommendations([{ ...graver, endedAt: nowMs + 2, evaluatedAt: nowMs + 2 }])
  expect(await store.openRecommendations('gpu-cost')).toEqual([bare])
})
