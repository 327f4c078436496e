import { expect, test } from 'vitest'
import type { OperatorAction } from '../../../src/incident/types.ts'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { storeOver } from '../../support/store-over.ts'

const one = { value: 1, numerator: 1, denominator: 1, sampleSize: 1, squares: 0 }
const windowsOf = (count: number): readonly WindowMetrics[] =>
  Array.from({ length: count }, (_, at) => ({
    start: at * 60_000,
    end: (at + 1) * 60_000,
    complete: true,
    records: 1,
    values: new Map([
      ['events', one],
      ['orders', one],
      ['visits', one]
    ]),
    segments: []
  }))

test('an insert has at most 10,000 rows a request, and one request is under way at a time', async () => {
  const sizes: number[] = []
  let underWay = 0
  let most = 0
  const store = storeOver(async ({ lines = '' }) => {
    underWay += 1
    most = Math.max(most, underWay)
    sizes.push(lines.split('\n').length - 1)
    await new Promise(resolve => setImmediate(resolve))
    underWay -= 1
    return ''
  })
  await Promise.all([
    store.insertWindows('shop', windowsOf(7_000)),
    store.insertWindows('shop', windowsOf(1))
  ])
  expect(sizes.toSorted((a, b) => a - b)).toEqual([3, 1_000, 10_000, 10_000])
  expect(most).toBe(1)
})

test('an insert that fails holds up none behind it', async () => {
  let calls = 0
  const store = storeOver(async () => {
    calls += 1
    if (calls === 1) throw new StoreError('TIMEOUT', 'late', { retryable: true })
    return ''
  })
  const first = store.insertWindows('shop', windowsOf(1))
  const second = store.insertWindows('shop', windowsOf(1))
  await expect(first).rejects.toMatchObject({ code: 'TIMEOUT' })
  await expect(second).resolves.toBeUndefined()
})

test('leave to write is asked for before each request, and what it is refused to fails', async () => {
  const steps: string[] = []
  const store = storeOver(
    async ({ lines = '' }) => {
      steps.push(`${lines.split('\n').length - 1} rows`)
      return ''
    },
    async () => {
      if (steps.length > 2) throw new Error('not ours any more')
      steps.push('leave')
    }
  )
  await expect(store.insertWindows('shop', windowsOf(7_000))).rejects.toThrow('not ours any more')
  expect(steps).toEqual(['leave', '10000 rows', 'leave', '10000 rows'])
})

test('nothing to insert is no request', async () => {
  const store = storeOver(() => Promise.reject(new Error('a request')))
  await store.insertWindows('shop', [])
  await store.insertAnomalies([])
  await store.insertIncidents([])
  await store.insertNotifications([])
})

test('a long answer is read in turns, so that the event loop is not blocked', async () => {
  const line = (at: number) =>
    `[${at * 60_000},${(at + 1) * 60_000},1,1,[["events","all","all",1,1,1,1,0,1]]]`
  const answer = Array.from({ length: 5_000 }, (_, at) => `${line(at)}\n`).join('')
  const store = storeOver(async ({ sql }) => (sql.includes('groupArray') ? answer : '[0,299940000,5000]\n'))
  let turns = 0
  let done = false
  const count = () => {
    turns += 1
    if (!done) setImmediate(count)
  }
  setImmediate(count)
  const windows = await store.windows('shop', 0, Number.MAX_SAFE_INTEGER)
  done = true
  expect(windows.length).toBe(5_000)
  expect(windows.at(-1)).toEqual({
    start: 299_940_000,
    end: 300_000_000,
    complete: true,
    records: 1,
    values: new Map([['events', one]]),
    segments: []
  })
  expect(turns).toBeGreaterThanOrEqual(10)
})

test('what a person did is written at once, ahead of rows that wait for leave to write', async () => {
  const tables: string[] = []
  const store = storeOver(
    async ({ sql }) => {
      tables.push(/INTO realtime\.(\w+)/.exec(sql)?.[1] ?? '')
      return ''
    },
    () => new Promise(() => {})
  )
  void store.insertWindows('shop', windowsOf(1))
  const action: OperatorAction = {
    id: 'a',
    pipeline: 'shop',
    action: 'acknowledge',
    at: 0,
    by: 'ann',
    via: 'api',
    incidentId: 'i',
    severity: 'high',
    silence: null
  }
  await store.insertActions([action])
  expect(tables).toEqual(['actions'])
})
