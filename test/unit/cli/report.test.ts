import { beforeEach, describe, expect, test, vi } from 'vitest'
import { reportCommand } from '../../../src/cli/report.ts'
import type { Channel } from '../../../src/delivery/channel.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { reportRecord } from '../../../src/report/record.ts'
import type { ReportName, ReportSettings } from '../../../src/report/types.ts'
import { dayMs, hourMs } from '../../../src/time/units.ts'
import { costSettings, gpuHours, gpuOf } from '../../support/gpu-windows.ts'
import { createMemoryStore, type MemoryStore } from '../../support/memory-store.ts'
import { hoursOf } from '../../support/report-windows.ts'

const midnight = Date.UTC(2026, 10, 30)
const now = midnight + 9 * hourMs
let store: MemoryStore
beforeEach(() => {
  store = createMemoryStore()
  store.put(hoursOf(midnight - 4 * dayMs, midnight + 9 * hourMs))
})

async function run(
  args: readonly string[],
  {
    on = ['daily'] as ReportName[],
    kind = 'sent' as 'sent' | 'refused',
    costs = [] as readonly ReportSettings[]
  } = {}
) {
  const said: string[] = []
  const events: unknown[] = []
  const sent: NotificationRecord[] = []
  let exitCode: number | undefined
  const channel: Channel = {
    type: 'teams',
    address: 'a',
    async send(record) {
      sent.push(record)
      return { kind, answer: kind === 'sent' ? '202' : '404' }
    }
  }
  await reportCommand({
    open: async () => store,
    settings: () => ({
      pipeline: 'shop',
      currency: 'USD',
      reports: [
        { name: 'daily', timezone: 'UTC', hour: 8, receivers: ['team'] },
        { name: 'digest', timezone: 'UTC', hour: 9, receivers: ['team'] },
        ...costs
      ],
      on: new Set(on)
    }),
    channels: async () => ({ byName: new Map([['team', channel]]), close: async () => {} }),
    audit: async (_store, pipeline, event) => void events.push({ pipeline, ...event }),
    clock: { now: () => now },
    columns: () => 120,
    print: text => said.push(text),
    complain: text => said.push(`error: ${text}`),
    setExitCode: code => {
      exitCode = code
    }
  }).parseAsync(args, { from: 'user' })
  return { said, sent, events, exitCode }
}

const cellsOf = (table = '') =>
  table
    .split('\n')
    .slice(3, -1)
    .map(row =>
      row
        .split('│')
        .slice(1, -1)
        .map(cell => cell.trim())
    )

test('report list shows what is next, what was sent, what was missed and what has no data', async () => {
  const text = { title: 't', sections: [] }
  const key = { pipeline: 'shop', name: 'daily', date: '2026-11-28' }
  const sentAt = midnight - dayMs + 8 * hourMs
  await store.insertNotifications([
    reportRecord(key, 'team', text, { outcome: 'sent', answer: '202', nowMs: sentAt })
  ])
  const { said } = await run(['list'])
  expect(cellsOf(said[0])).toEqual([
    ['daily', '2026-11-30', '2026-12-01 08:00:00', 'team', 'next', ''],
    ['daily', '2026-11-29', '2026-11-30 08:00:00', 'team', 'due', ''],
    ['daily', '2026-11-28', '2026-11-29 08:00:00', 'team', 'sent', '202'],
    ['daily', '2026-11-27', '2026-11-28 08:00:00', 'team', 'missed', ''],
    ['daily', '2026-11-26', '2026-11-27 08:00:00', 'team', 'missed', ''],
    ['daily', '2026-11-25', '2026-11-26 08:00:00', 'team', 'no data', ''],
    ['daily', '2026-11-24', '2026-11-25 08:00:00', 'team', 'no data', ''],
    ['daily', '2026-11-23', '2026-11-24 08:00:00', 'team', 'no data', '']
  ])
  expect(said.slice(1)).toEqual(['reports.digest is off: it is not sent by itself'])
  expect((await run(['list'], { on: [] })).said).toEqual([
    'reports.daily is off: it is not sent by itself',
    'reports.digest is off: it is not sent by itself'
  ])
  expect(cellsOf((await run(['list'], { on: ['digest'] })).said[0]).slice(0, 3)).toEqual([
    ['digest', '2026-11-30', '2026-12-01 09:00:00', 'team', 'next', ''],
    ['digest', '2026-11-29', '2026-11-30 09:00:00', 'team', 'nothing to list', ''],
    ['digest', '2026-11-28', '2026-11-29 09:00:00', 'team', 'nothing to list', '']
  ])
})

test('report send --dry-run prints yesterday’s and sends nothing', async () => {
  const { said, sent } = await run(['send', 'daily', '--dry-run'])
  expect(said.join('\n')).toMatch(
    /^Daily report of shop: Sunday, 29 November 2026\n\nSunday\n {2}Revenue: \$4,800\.00\n/
  )
  expect(sent).toEqual([])
  expect(store.notificationRows.size).toBe(0)
})

test('report send sends that of a day, keeps a record, and leaves the one that is due to its time', async () => {
  const { said, sent, exitCode } = await run(['send', 'daily', '--date', '2026-11-28'])
  expect(said.at(-1)).toBe('sent to team: 202')
  expect(exitCode).toBeUndefined()
  expect(sent.map(({ report }) => report?.date)).toEqual(['2026-11-28'])
  expect([...store.notificationRows.values()]).toMatchObject([
    { receiver: 'team', outcome: 'sent', attempts: 1, answer: '202' }
  ])
  expect(cellsOf((await run(['list'])).said[0])[2]?.[4]).toBe('missed')
})

test('report send fails where the receiver does not accept it, and keeps that too', async () => {
  const { said, exitCode } = await run(['send', 'daily'], { kind: 'refused' })
  expect(said.at(-1)).toBe('error: team did not accept it: 404')
  expect(exitCode).toBe(1)
  expect([...store.notificationRows.values()]).toMatchObject([{ outcome: 'refused' }])
})

test('a day of which nothing is stored is an error', async () => {
  const complained = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await run(['send', 'daily', '--date', '2026-01-01'])
  expect(complained).toHaveBeenCalledWith('There is nothing to report of 2026-01-01\n')
  complained.mockRestore()
  process.exitCode = 0
})

describe('reports about costs', () => {
  const common = { timezone: 'UTC', receivers: ['team'], costs: costSettings } as const
  const costs: readonly ReportSettings[] = [
    { ...common, name: 'idle', hour: 10 },
    { ...common, name: 'idle', hour: 16 },
    { ...common, name: 'cost-summary', hour: 9 }
  ]
  beforeEach(() => {
    store = createMemoryStore()
    store.put(
      gpuHours(midnight - 8 * dayMs, now, [gpuOf('gpu-1'), gpuOf('busy', { utilizationAt: () => 1 })])
    )
  })

  test('are listed for each hour, and what is off once', async () => {
    const { said } = await run(['list'], { on: ['idle'], costs })
    expect(cellsOf(said[0]).filter(([, day]) => day === '2026-11-29')).toEqual([
      ['idle', '2026-11-29', '2026-11-30 10:00:00', 'team', 'next', ''],
      ['idle', '2026-11-29', '2026-11-30 16:00:00', 'team', 'next', '']
    ])
    expect(cellsOf(said[0])[1]).toEqual([
      'idle',
      '2026-11-28',
      '2026-11-29 10:00:00',
      'team',
      'nothing to list',
      ''
    ])
    expect(said.slice(1)).toEqual([
      'reports.daily is off: it is not sent by itself',
      'reports.digest is off: it is not sent by itself',
      'costs.summary is off: it is not sent by itself'
    ])
    expect((await run(['list'], { on: [], costs })).said.at(-2)).toBe(
      'costs.idle is off: it is not sent by itself'
    )
  })

  test('are printed with their figures, and a dry run stores nothing', async () => {
    const { said } = await run(['send', 'idle', '--dry-run'], { costs })
    expect(said).toEqual([
      'Idle GPUs of shop: $1,440.00 a month could be saved\n\n' +
        'Potential savings: $1,440.00 a month\nIssues: 1\nIdle is: below 5 % over 7 days\n\n' +
        '1. gpu-1\n  GPU: H100\n  Provider: aws\n  Idle: 8 days\n  Savings: $1,440.00 a month'
    ])
    expect(store.writes).toEqual([])
  })

  test('that are sent by hand leave the one that is due to its time', async () => {
    const { sent } = await run(['send', 'idle'], { costs })
    expect(sent.map(({ severity, report }) => [severity, report?.name, report?.told])).toEqual([
      ['medium', 'idle', undefined]
    ])
    expect(store.recommendationRows.size).toBe(1)
    await run(['send', 'cost-summary', '--date', '2026-11-28'], { costs })
    expect([...store.notificationRows.values()].at(-1)?.report).toMatchObject({
      date: '2026-11-28',
      facts: [
        { text: '$96.00' },
        { text: '$672.00' },
        { text: '$672.00' },
        { text: '$1,440.00 a month' },
        { text: '0' }
      ]
    })
  })

  test('of what is idle have no other day', async () => {
    const complained = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await run(['send', 'idle', '--date', '2026-11-28'], { costs })
    expect(complained).toHaveBeenCalledWith('What is idle is told of now: without --date\n')
    complained.mockRestore()
    process.exitCode = 0
  })

  const burn = {
    ...common,
    name: 'burn-rate',
    hour: 0,
    budget: { threshold: 40, severity: 'high', raiseBy: [] }
  } as const

  test('say what today has cost so far against its budget, over it or under it', async () => {
    // Two GPUs at $2 an hour since midnight, nine hours ago.
    const { said, sent } = await run(['send', 'burn-rate'], { costs: [burn] })
    expect(said[0]).toBe(
      'Burn rate of shop: under by $4.00 (10.0%)\n\n' +
        'Date: 2026-11-30\nDaily gpu cost: $36.00\nThreshold: $40.00\nUnder by: $4.00 (10.0%)'
    )
    expect(sent).toMatchObject([{ severity: 'low', report: { name: 'burn-rate', date: '2026-11-30' } }])
    const other = await run(['send', 'burn-rate', '--date', '2026-11-29', '--dry-run'], { costs: [burn] })
    expect(other.said[0]).toContain('Burn rate of shop: over by $56.00 (140.0%)\n\nDate: 2026-11-29\n')
    expect((await run(['list'], { on: [], costs: [burn] })).said).toEqual([
      'reports.daily is off: it is not sent by itself',
      'reports.digest is off: it is not sent by itself'
    ])
  })

  test('say where there is no budget, and where nothing of the day is stored', async () => {
    const complained = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await run(['send', 'burn-rate'], { costs: [{ ...burn, budget: null }] })
    expect(complained).toHaveBeenLastCalledWith(
      'There is no budget: detectors.metric_threshold has no rule for gpu_cost above, over: day\n'
    )
    await run(['send', 'burn-rate', '--date', '2026-01-01'], { costs: [burn] })
    expect(complained).toHaveBeenLastCalledWith('There is nothing to report of 2026-01-01\n')
    complained.mockRestore()
    process.exitCode = 0
  })
})
