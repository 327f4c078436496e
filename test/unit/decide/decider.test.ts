import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createDecider, type DeciderSettings } from '../../../src/decide/decider.ts'
import type { Decision } from '../../../src/decide/decision.ts'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import {
  alertingOn,
  rules as alertingRules,
  createMemory,
  epoch,
  minuteMs,
  plainContext,
  receivers,
  recordOf,
  toBoth
} from '../../support/alerts.ts'
import { windowAt } from '../../support/decisions.ts'
import { createPlainDetection, minuteOfWindow } from '../../support/live-pipeline.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

function deciderOn() {
  const clock = createManualClock(epoch + 60 * minuteMs)
  const store = createMemoryStore()
  const memory = createMemory()
  const log = createRecordedLog()
  const seen: string[] = []
  const decided: Decision[] = []
  const writer = { isStored: true }
  const rulesOf = (name: string, detectors: unknown = {}): DeciderSettings => ({
    configHash: name,
    detectors,
    newDetection: () => createPlainDetection(seen, name),
    incidents: { rules: alertingRules, routes: toBoth, receivers, context: plainContext, sending: true }
  })
  const decider = createDecider({
    pipeline: 'shop',
    settings: rulesOf(''),
    incidents: alertingOn(memory),
    store,
    historyMs: 60 * minuteMs,
    allStored: async () => writer.isStored,
    onDecision: decision => decided.push(decision),
    clock,
    log
  })
  const settle = async () => {
    for (let turns = 0; turns < 10; turns++) await turn()
  }
  const windows = (...minutes: number[]): WindowMetrics[] => minutes.map(minute => windowAt(minute))
  const judged = () => decided.flatMap(({ window }) => (window ? [minuteOfWindow(window)] : []))
  return { clock, store, memory, log, seen, decided, writer, rulesOf, decider, settle, windows, judged }
}

describe('the decider', () => {
  test('goes window by window in order, behind the past that is stored', async () => {
    const { store, decider, settle, windows, seen, judged } = deciderOn()
    store.put(windows(7, 8, 9, 10))
    decider.push(windows(10, 11))
    decider.push(windows(12))
    expect(decider.waiting()).toBe(3)
    await settle()
    expect(seen).toEqual(['learn 7', 'learn 8', 'learn 9', 'judge 10', 'judge 11', 'judge 12'])
    expect({ judged: judged(), waiting: decider.waiting() }).toEqual({ judged: [10, 11, 12], waiting: 0 })
  })

  test('judges at once what comes alone, once it has learnt', async () => {
    const { decider, settle, windows, judged } = deciderOn()
    decider.push(windows(1))
    await settle()
    decider.push(windows(2))
    expect(judged()).toEqual([1, 2])
  })

  test('learns no more of the past than is configured', async () => {
    const { store, decider, settle, windows, seen } = deciderOn()
    store.put(windows(-51, -50, -49, 9))
    decider.push(windows(10))
    await settle()
    expect(seen).toEqual(['learn -50', 'learn -49', 'learn 9', 'judge 10'])
  })

  test('waits until what it judged before is stored, which it would miss in the past', async () => {
    const { writer, decider, clock, settle, windows, seen } = deciderOn()
    writer.isStored = false
    decider.push(windows(10))
    await settle()
    expect(decider.failure()).toMatchObject({
      reason: 'timeout',
      error: 'what was judged is not stored yet'
    })
    writer.isStored = true
    await clock.advance(1_000)
    await settle()
    expect(seen).toEqual(['judge 10'])
    expect(decider.failure()).toBeUndefined()
  })
})

describe('a past that cannot be read', () => {
  test('is asked for every second, and says since when and why', async () => {
    const { store, decider, clock, log, settle, windows, judged } = deciderOn()
    store.isDown = true
    let asked = 0
    const { expectedIncidents: read } = store
    store.expectedIncidents = (...query) => {
      asked++
      return read(...query)
    }
    decider.push(windows(10))
    await settle()
    const since = clock.now()
    await clock.advance(5_000)
    expect({ asked, why: decider.failure() }).toEqual({
      asked: 6,
      why: { reason: 'unreachable', error: 'the store is away', since }
    })
    expect(log.lines).toHaveLength(1)
    store.isDown = false
    await clock.advance(1_000)
    await settle()
    expect({ judged: judged(), why: decider.failure() }).toEqual({ judged: [10], why: undefined })
  })

  test('is forgotten by a failover', async () => {
    const { store, decider, clock, settle, windows, seen } = deciderOn()
    store.isDown = true
    decider.push(windows(10))
    await settle()
    decider.forget()
    await clock.advance(5_000)
    expect({ why: decider.failure(), seen }).toEqual({ why: undefined, seen: [] })
  })
})

describe('a failover', () => {
  test('forgets the windows that wait and what was learnt', async () => {
    const { store, decider, settle, windows, seen } = deciderOn()
    decider.push(windows(1))
    await settle()
    decider.push(windows(2, 3, 4))
    decider.forget()
    expect({ waiting: decider.waiting(), detection: decider.detection() }).toEqual({
      waiting: 0,
      detection: undefined
    })
    await settle()
    store.put(windows(1))
    decider.push(windows(2))
    await settle()
    expect(seen).toEqual(['judge 1', 'judge 2', 'learn 1', 'judge 2'])
  })

  test('while the past is being learnt voids it: what comes next is learnt anew', async () => {
    const { store, decider, settle, windows, seen } = deciderOn()
    let answer = () => {}
    store.hold = new Promise(resolve => {
      answer = resolve
    })
    store.put(windows(3))
    decider.push(windows(5))
    await settle()
    decider.forget()
    decider.push(windows(4))
    store.hold = undefined
    answer()
    await settle()
    expect(seen).toEqual(['learn 3', 'learn 3', 'judge 4'])
  })
})

describe('a restore', () => {
  test('gives what is still to be sent, and what was detected before keeps its time', async () => {
    const { store, memory, decider, settle, windows, decided } = deciderOn()
    const pending = recordOf({ outcome: 'pending', decidedAt: epoch + 59 * minuteMs })
    memory.putNotifications([pending, recordOf({ id: 'sent', outcome: 'sent' })])
    decider.push(windows(58))
    await settle()
    const [found] = decided[0]?.anomalies ?? []
    if (found === undefined) throw new Error('nothing was found')
    decider.forget()
    await store.insertAnomalies([{ ...found, detectedAt: epoch + 1 }])
    expect((await decider.restore()).pending).toEqual([pending])
    decider.push(windows(58))
    await settle()
    expect(decided[1]?.anomalies.map(({ id, detectedAt }) => [id, detectedAt])).toEqual([
      [found.id, epoch + 1]
    ])
  })

  test('rejects where what was decided here is not stored yet', async () => {
    const { writer, decider } = deciderOn()
    writer.isStored = false
    await expect(decider.restore()).rejects.toThrow('what was decided is not stored yet')
  })

  test("rejects with the store's error", async () => {
    const { store, decider } = deciderOn()
    store.isDown = true
    await expect(decider.restore()).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })
})

describe('other rules', () => {
  test('with the same detectors keep what was learnt, from the next window on', async () => {
    const { decider, rulesOf, settle, windows, seen, decided } = deciderOn()
    decider.push(windows(1))
    await settle()
    decider.reconfigure(rulesOf('new '))
    decider.push(windows(2))
    await settle()
    expect(seen).toEqual(['judge 1', 'judge 2'])
    expect(decided.flatMap(({ anomalies }) => anomalies.map(({ configHash }) => configHash))).toEqual([
      '',
      'new '
    ])
  })

  test('with other detectors learn the past anew, up to the next window', async () => {
    const { store, decider, rulesOf, settle, windows, seen } = deciderOn()
    decider.push(windows(1))
    await settle()
    store.put(windows(0, 1))
    decider.reconfigure(rulesOf('new ', { edited: true }))
    expect(decider.detection()).toBeDefined()
    decider.push(windows(2))
    await settle()
    expect(seen).toEqual(['judge 1', 'new learn 0', 'new learn 1', 'new judge 2'])
  })

  test('that come while the past is being learnt are the ones that learn it', async () => {
    const { store, decider, rulesOf, settle, windows, seen } = deciderOn()
    let answer = () => {}
    store.hold = new Promise(resolve => {
      answer = resolve
    })
    decider.push(windows(5))
    await settle()
    decider.reconfigure(rulesOf('new ', { edited: true }))
    store.hold = undefined
    answer()
    await settle()
    expect(seen).toEqual(['new judge 5'])
  })

  test('that cannot read the past let the former detectors judge, without a wait', async () => {
    const { store, decider, rulesOf, settle, windows, seen, log } = deciderOn()
    decider.push(windows(1))
    await settle()
    store.isDown = true
    decider.reconfigure(rulesOf('new ', { edited: true }))
    decider.push(windows(2, 3))
    await settle()
    expect(seen).toEqual(['judge 1', 'judge 2', 'judge 3'])
    expect(decider.failure()).toBeUndefined()
    expect(
      log.times('the edited detectors cannot learn, for stored windows cannot be read: the former ones judge')
    ).toBe(2)
    store.isDown = false
    decider.push(windows(4))
    await settle()
    expect(seen.at(-1)).toBe('new judge 4')
  })
})
