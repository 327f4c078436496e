import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { NotificationRecord } from '../../../../src/incident/types.ts'
import { createReportSender } from '../../../../src/report/sender.ts'
import type { ReportSettings } from '../../../../src/report/types.ts'
import { dayMs, hourMs, minuteMs } from '../../../../src/time/units.ts'
import { costSettings, gpuHours, gpuOf, type TestGpu } from '../../../support/gpu-windows.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'
import { createRecordedLog } from '../../../support/recorded-log.ts'

const midnight = Date.UTC(2026, 10, 30)
const due = { timezone: 'UTC', receivers: ['finops'], costs: costSettings } as const
const idle: readonly ReportSettings[] = [10, 16].map(hour => ({ ...due, name: 'idle', hour }))
const summary: ReportSettings = { ...due, name: 'cost-summary', hour: 9 }

function fleetAt(nowMs: number, fleet: readonly TestGpu[] = [gpuOf('gpu-1')]) {
  const store = createMemoryStore()
  store.put(gpuHours(midnight - 9 * dayMs, midnight + 20 * hourMs, fleet))
  const clock = createManualClock(nowMs)
  const sent: NotificationRecord[] = []

  /** An instance with these reports; `until` polls it each minute until that hour of the day. */
  function instance(reports: readonly ReportSettings[]) {
    const own = { isWorking: true, isSending: true }
    const sender = createReportSender({
      pipeline: 'gpu-cost',
      settings: () => ({ reports, sending: true }),
      currency: () => 'USD',
      store,
      enqueue: records => {
        if (own.isSending) sent.push(...records.filter(({ outcome }) => outcome === 'pending'))
      },
      isWorking: () => own.isWorking,
      clock,
      log: createRecordedLog()
    })
    async function poll() {
      sender.poll()
      for (let turns = 0; turns < 30; turns++) await turn()
    }
    return {
      own,
      async until(timeMs: number) {
        await poll()
        while (clock.now() < timeMs) {
          clock.stand(minuteMs)
          await poll()
        }
      }
    }
  }

  /** The delivery sends a record once, by its id. */
  const told = () => [...new Map(sent.map(record => [record.id, record])).values()]
  const issuesOf = (record: NotificationRecord) => record.report?.facts?.[1]?.text
  return { store, clock, sent, instance, told, issues: () => told().map(issuesOf) }
}

describe('what is idle', () => {
  test('is told at ten, and at four only if something is new', async () => {
    const { store, instance, told, issues } = fleetAt(midnight + 9 * hourMs)
    const { until } = instance(idle)
    await until(midnight + 10 * hourMs - minuteMs)
    expect(told()).toEqual([])
    await until(midnight + 10 * hourMs)
    expect(issues()).toEqual(['1'])
    expect(told()).toMatchObject([
      { severity: 'medium', receiver: 'finops', report: { name: 'idle', date: '2026-11-29' } }
    ])
    await until(midnight + 17 * hourMs)
    expect(issues()).toEqual(['1'])
    expect(store.recommendationRows.size).toBe(1)
    // Asked again at four, whether it is told or not.
    expect([...store.recommendationRows.values()][0]?.evaluatedAt).toBe(midnight + 16 * hourMs)
  })

  test('is told at four where late rows show more of it, with what was known', async () => {
    const { store, instance, issues } = fleetAt(midnight + 9 * hourMs)
    const { until } = instance(idle)
    await until(midnight + 12 * hourMs)
    const fleet = [gpuOf('gpu-1'), gpuOf('gpu-2')]
    store.put(gpuHours(midnight - 9 * dayMs, midnight + 20 * hourMs, fleet))
    await until(midnight + 17 * hourMs)
    expect(issues()).toEqual(['1', '2 (1 new or more severe)'])
  })

  test('is told at four where it has become graver', async () => {
    const { store, instance, issues } = fleetAt(midnight + 9 * hourMs)
    const { until } = instance(idle)
    await until(midnight + 12 * hourMs)
    store.put(gpuHours(midnight - 9 * dayMs, midnight + 20 * hourMs, [gpuOf('gpu-1', { hourlyCost: 5 })]))
    await until(midnight + 17 * hourMs)
    expect(issues()).toEqual(['1', '1'])
  })

  test('is told at four where no instance worked at ten, which is recorded', async () => {
    const { store, clock, instance, told } = fleetAt(midnight - dayMs + 9 * hourMs)
    await instance(idle).until(midnight - dayMs + 11 * hourMs)
    clock.stand(dayMs + 4 * hourMs)
    await instance(idle).until(midnight + 17 * hourMs)
    const outcomes = [...store.notificationRows.values()].map(({ report, outcome }) => [
      report?.date,
      outcome
    ])
    expect(outcomes).toEqual([
      ['2026-11-28', 'pending'],
      ['2026-11-29', 'expired'],
      ['2026-11-29', 'pending']
    ])
    expect(told().at(-1)?.decidedAt).toBe(midnight + 16 * hourMs)
  })

  test('is told on each day that it lasts', async () => {
    const { instance, told } = fleetAt(midnight - 2 * dayMs + 9 * hourMs)
    await instance(idle).until(midnight + 17 * hourMs)
    expect(told().map(({ report }) => report?.date)).toEqual(['2026-11-27', '2026-11-28', '2026-11-29'])
  })

  test('is told once through a restart and a failover', async () => {
    const { store, instance, told } = fleetAt(midnight + 9 * hourMs)
    const first = instance(idle)
    first.own.isSending = false
    await first.until(midnight + 10 * hourMs)
    expect(told()).toEqual([])
    const second = instance(idle)
    await Promise.all([second.until(midnight + 10 * hourMs + 5 * minuteMs), instance(idle).until(0)])
    await instance(idle).until(midnight + 17 * hourMs)
    expect(told()).toHaveLength(1)
    expect([...store.notificationRows.values()]).toHaveLength(1)
    expect(store.recommendationRows.size).toBe(1)
  })

  test.each([
    ['2026-03-28', '09:00', '15:00'],
    ['2026-03-29', '08:00', '14:00'],
    ['2026-10-24', '08:00', '14:00'],
    ['2026-10-25', '09:00', '15:00']
  ])('is asked on %s at ten and at four in Berlin: %s and %s UTC', async (date, ten, four) => {
    const [first, second] = [ten, four].map(time => Date.parse(`${date}T${time}Z`)) as [number, number]
    const { store, instance, told } = fleetAt(first - 2 * minuteMs)
    store.put(gpuHours(first - 9 * dayMs, first + dayMs, [gpuOf('gpu-1')]))
    const { until } = instance(idle.map(report => ({ ...report, timezone: 'Europe/Berlin' })))
    const evaluatedAt = () => [...store.recommendationRows.values()].map(one => one.evaluatedAt)
    await until(first - minuteMs)
    expect(evaluatedAt()).toEqual([])
    await until(second - minuteMs)
    expect(evaluatedAt()).toEqual([first])
    await until(second)
    expect(evaluatedAt()).toEqual([second])
    expect(told().map(({ decidedAt }) => decidedAt)).toEqual([first])
  })

  test('is ended in its row once it works, and told no more', async () => {
    const works = gpuOf('gpu-1', { utilizationAt: start => (start < midnight ? 0.01 : 0.9) })
    const { store, instance, told } = fleetAt(midnight + 9 * hourMs, [works])
    store.put(gpuHours(midnight, midnight + 2 * dayMs, [works]))
    await instance(idle).until(midnight + dayMs + 17 * hourMs)
    expect(told()).toHaveLength(1)
    const rows = [...store.recommendationRows.values()]
    expect(rows.map(({ endedAt }) => endedAt)).toEqual([midnight + dayMs + 10 * hourMs])
  })

  test('is not written by an instance that lost its work meanwhile', async () => {
    const { store, instance } = fleetAt(midnight + 10 * hourMs)
    const { own, until } = instance(idle)
    const { openRecommendations } = store
    store.openRecommendations = pipeline => {
      own.isWorking = false
      return openRecommendations(pipeline)
    }
    await until(midnight + 10 * hourMs)
    expect(own.isWorking).toBe(false)
    expect(store.recommendationRows.size + store.notificationRows.size).toBe(0)
  })

  test('of nothing is told to nobody', async () => {
    const busy = gpuOf('gpu-1', { utilizationAt: () => 0.7 })
    const { store, instance, told } = fleetAt(midnight + 9 * hourMs, [busy])
    await instance(idle).until(midnight + 17 * hourMs)
    expect([told(), store.notificationRows.size]).toEqual([[], 0])
  })

  test('is written by no standby', async () => {
    const { store, instance } = fleetAt(midnight + 9 * hourMs)
    const standby = instance(idle)
    standby.own.isWorking = false
    await standby.until(midnight + 17 * hourMs)
    expect(store.recommendationRows.size + store.notificationRows.size).toBe(0)
  })
})

describe('a cost summary', () => {
  test('comes at its hour beside what is idle, with the savings of that hour', async () => {
    const { instance, told } = fleetAt(midnight + 8 * hourMs, [gpuOf('gpu-1', { hourlyCost: 5 })])
    await instance([...idle, summary]).until(midnight + 17 * hourMs)
    expect(told().map(({ report }) => [report?.name, report?.facts?.[3]?.text])).toEqual([
      ['cost-summary', '$3,600.00 a month'],
      ['idle', undefined]
    ])
    expect(told()[0]?.report?.facts?.[4]?.text).toBe('1')
  })

  test('is written in the language of each receiver', async () => {
    const { instance, told } = fleetAt(midnight + 9 * hourMs)
    const report = { ...summary, receivers: ['finops', 'equipe'], languages: { equipe: 'fr' } } as const
    await instance([report]).until(midnight + 9 * hourMs)
    expect(told().map(({ receiver, report: text }) => [receiver, text?.title])).toEqual([
      ['finops', 'Cost summary of gpu-cost: Sunday, 29 November 2026'],
      ['equipe', expect.stringContaining('dimanche 29 novembre 2026')]
    ])
  })

  test.each([
    // The clock goes forward on the 29th of March 2026 in Berlin, and back on the 25th of October.
    ['2026-03-28', '2026-03-28T08:00:00.000Z', 24],
    ['2026-03-29', '2026-03-29T07:00:00.000Z', 24],
    ['2026-03-30', '2026-03-30T07:00:00.000Z', 23],
    ['2026-10-25', '2026-10-25T08:00:00.000Z', 24],
    ['2026-10-26', '2026-10-26T08:00:00.000Z', 25]
  ])('comes on %s at nine of the local clock, about the whole day before', async (_, at, hours) => {
    const atMs = Date.parse(at)
    const { store, clock, instance, told } = fleetAt(atMs - 2 * minuteMs)
    store.put(gpuHours(atMs - 40 * hourMs, atMs, [gpuOf('gpu-1')]))
    const { until } = instance([{ ...summary, timezone: 'Europe/Berlin' }])
    await until(atMs - minuteMs)
    expect(told()).toEqual([])
    await until(atMs)
    expect(clock.now()).toBe(atMs)
    expect(told().map(({ report }) => report?.facts?.[0]?.text)).toEqual([`$${2 * hours}.00`])
  })
})
