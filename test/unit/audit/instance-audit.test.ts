import { expect, test } from 'vitest'
import { createInstanceAudit } from '../../../src/audit/instance-audit.ts'
import { hourMs, minuteMs } from '../../../src/time/units.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const startMs = Date.UTC(2026, 10, 30, 12)

function instance() {
  const store = createMemoryStore()
  const clock = createManualClock(startMs)
  const log = createRecordedLog()
  const audit = createInstanceAudit({ writer: 'host:1', pipeline: 'shop', store, now: clock.now, clock, log })
  void audit.run()
  const rows = () =>
    store.auditLog.map(({ action, subject, details }) => [action, subject, JSON.parse(details)])
  return { store, clock, log, audit, rows }
}

const call = { way: 'api', reason: 'unauthorized', origin: '10.0.0.1' }

test('a flood of refused calls is one row a minute for each way and reason', async () => {
  const { clock, audit, rows, store } = instance()
  for (let count = 0; count < 5_000; count += 1) audit.refused({ ...call, origin: `10.0.0.${count % 3}` })
  audit.refused({ ...call, way: 'slack', reason: 'wrong_signature' })
  await clock.advance(minuteMs - 2_000)
  audit.refused(call)
  expect(rows()).toEqual([])
  await clock.advance(4_000)
  audit.refused(call)
  expect(rows()).toEqual([
    ['calls_refused', 'unauthorized', { calls: 5_001, addresses: 3 }],
    ['calls_refused', 'wrong_signature', { calls: 1, addresses: 1 }]
  ])
  expect(store.auditLog[0]).toMatchObject({ at: startMs, via: 'api', origin: '10.0.0.0', actor: '' })
  await clock.advance(minuteMs)
  expect(rows()[2]).toEqual(['calls_refused', 'unauthorized', { calls: 1, addresses: 1 }])
})

test('while the store is away rows wait, and the log says so once', async () => {
  const { store, clock, log, audit, rows } = instance()
  store.isDown = true
  audit.record({ action: 'started' })
  await clock.advance(minuteMs)
  expect(log.times('rows of the audit log wait: the store takes none')).toBe(1)
  store.isDown = false
  await clock.advance(2_000)
  expect(rows()).toEqual([['started', '', {}]])
})

test('each hour the ends of other chains are named, and nothing is added where there are none', async () => {
  const { store, clock, audit, rows } = instance()
  audit.record({ action: 'started' })
  await clock.advance(2 * hourMs)
  expect(rows()).toHaveLength(1)
  const other = createInstanceAudit({
    writer: 'host:2',
    pipeline: 'shop',
    store,
    now: clock.now,
    clock,
    log: createRecordedLog()
  })
  other.record({ action: 'started' })
  await other.stop(1_000)
  await clock.advance(hourMs)
  expect(store.auditLog.map(({ action, heads }) => [action, heads.length])).toEqual([
    ['started', 0],
    ['started', 1],
    ['anchored', 1]
  ])
})

test('a stop stores what waits, the minute under way too, and does not wait for a store that is away', async () => {
  const { store, clock, log, audit, rows } = instance()
  audit.refused(call)
  audit.record({ action: 'stopped' })
  await audit.stop(1_000)
  expect(rows().map(([action]) => action)).toEqual(['stopped', 'calls_refused'])
  const hung = createInstanceAudit({
    ...{ writer: 'host:2', pipeline: 'shop', now: clock.now, clock, log },
    store: { ...store, auditTips: () => new Promise(() => {}) }
  })
  hung.record({ action: 'stopped' })
  const stopped = hung.stop(1_000)
  await clock.advance(1_000)
  await stopped
  expect(log.times('stopped before all rows of the audit log were stored: these are lost')).toBe(1)
})

test('the store is asked for the ends of other chains no more often than that', async () => {
  let asked = 0
  const store = createMemoryStore()
  const clock = createManualClock(startMs)
  const audit = createInstanceAudit({
    ...{ writer: 'host:1', pipeline: 'shop', now: clock.now, clock, log: createRecordedLog() },
    store: {
      ...store,
      async auditTips(limit) {
        asked += 1
        return store.auditTips(limit)
      }
    }
  })
  void audit.run()
  await clock.advance(10 * hourMs)
  expect(asked).toBe(10)
})
