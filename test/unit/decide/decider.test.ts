import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createJudging, type Rules } from '../../../src/decide/decider.ts'
import type { Judgement } from '../../../src/decide/decision.ts'
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
import { windowAt } from '../../support/judgements.ts'
import { createPlainDetection, minuteOfWindow } from '../../support/live-line.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

function judgingOn() {
  const clock = createManualClock(epoch + 60 * minuteMs)
  const store = createMemoryStore()
  const memory = createMemory()
  const log = createRecordedLog()
  const seen: string[] = []
  const put: Judgement[] = []
  const line = { isStored: true }
  const rulesOf = (name: string, detectors: unknown = {}): Rules => ({
    configHash: name,
    detectors,
    newDetection: () => createPlainDetection(seen, name),
    alerts: { rules: alertingRules, routes: toBoth, receivers, context: plainContext, sending: true },
    stallVerdicts: () => undefined,
    outageVerdicts: () => undefined
  })
  const judging = createJudging({
    pipeline: 'shop',
    rules: rulesOf(''),
    alerting: alertingOn(memory),
    store,
    historyMs: 60 * minuteMs,
    stored: async () => line.isStored,
    put: judgement => put.push(judgement),
    clock,
    log
  })
  const settle = async () => {
    for (let turns = 0; turns < 10; turns++) await turn()
  }
  const windows = (...minutes: number[]): WindowMetrics[] => minutes.map(minute => windowAt(minute))
  const judged = () => put.flatMap(({ window }) => (window ? [minuteOfWindow(window)] : []))
  return { clock, store, memory, log, seen, put, line, rulesOf, judging, settle, windows, judged }
}

describe('judging', () => {
  test('goes window by window in order, behind the past that is stored', async () => {
    const { store, judging, settle, windows, seen, judged } = judgingOn()
    store.put(windows(7, 8, 9, 10))
    judging.push(windows(10, 11))
    judging.push(windows(12))
    expect(judging.waiting()).toBe(3)
    await settle()
    expect(seen).toEqual(['learn 7', 'learn 8', 'learn 9', 'judge 10', 'judge 11', 'judge 12'])
    expect({ judged: judged(), waiting: judging.waiting() }).toEqual({ judged: [10, 11, 12], waiting: 0 })
  })

  test('judges at once what comes alone, once it has learnt', async () => {
    const { judging, settle, windows, judged } = judgingOn()
    judging.push(windows(1))
    await settle()
    judging.push(windows(2))
    expect(judged()).toEqual([1, 2])
  })

  test('learns no more of the past than is configured', async () => {
    const { store, judging, settle, windows, seen } = judgingOn()
    store.put(windows(-51, -50, -49, 9))
    judging.push(windows(10))
    await settle()
    expect(seen).toEqual(['learn -50', 'learn -49', 'learn 9', 'judge 10'])
  })

  test('waits until what it judged before is stored, which it would miss in the past', async () => {
    const { line, judging, clock, settle, windows, seen } = judgingOn()
    line.isStored = false
    judging.push(windows(10))
    await settle()
    expect(judging.failure()).toMatchObject({
      reason: 'timeout',
      error: 'what was judged is not stored yet'
    })
    line.isStored = true
    await clock.advance(1_000)
    await settle()
    expect(seen).toEqual(['judge 10'])
    expect(judging.failure()).toBeUndefined()
  })
})

describe('a past that cannot be read', () => {
  test('is asked for every second, and says since when and why', async () => {
    const { store, judging, clock, log, settle, windows, judged } = judgingOn()
    store.isDown = true
    let asked = 0
    const { windows: read } = store
    store.windows = (...query) => {
      asked++
      return read(...query)
    }
    judging.push(windows(10))
    await settle()
    const since = clock.now()
    await clock.advance(5_000)
    expect({ asked, why: judging.failure() }).toEqual({
      asked: 6,
      why: { reason: 'unreachable', error: 'the store is away', since }
    })
    expect(log.lines).toHaveLength(1)
    store.isDown = false
    await clock.advance(1_000)
    await settle()
    expect({ judged: judged(), why: judging.failure() }).toEqual({ judged: [10], why: undefined })
  })

  test('is nothing to those who take over: a hand-over forgets since when', async () => {
    const { store, judging, clock, settle, windows, seen } = judgingOn()
    store.isDown = true
    judging.push(windows(10))
    await settle()
    judging.forget()
    await clock.advance(5_000)
    expect({ why: judging.failure(), seen }).toEqual({ why: undefined, seen: [] })
  })
})

describe('a hand-over', () => {
  test('forgets the windows that wait and what was learnt', async () => {
    const { store, judging, settle, windows, seen } = judgingOn()
    judging.push(windows(1))
    await settle()
    judging.push(windows(2, 3, 4))
    judging.forget()
    expect({ waiting: judging.waiting(), detection: judging.detection() }).toEqual({
      waiting: 0,
      detection: undefined
    })
    await settle()
    store.put(windows(1))
    judging.push(windows(2))
    await settle()
    expect(seen).toEqual(['judge 1', 'judge 2', 'learn 1', 'judge 2'])
  })

  test('in the midst of learning voids it: what comes next is learnt anew', async () => {
    const { store, judging, settle, windows, seen } = judgingOn()
    let answer = () => {}
    store.hold = new Promise(resolve => {
      answer = resolve
    })
    store.put(windows(3))
    judging.push(windows(5))
    await settle()
    judging.forget()
    judging.push(windows(4))
    store.hold = undefined
    answer()
    await settle()
    expect(seen).toEqual(['learn 3', 'learn 3', 'judge 4'])
  })
})

describe('a restore', () => {
  test('gives what is still to be sent, and what was detected before keeps its time', async () => {
    const { store, memory, judging, settle, windows, put } = judgingOn()
    const pending = recordOf({ outcome: 'pending', decidedAt: epoch + 59 * minuteMs })
    memory.putNotifications([pending, recordOf({ id: 'sent', outcome: 'sent' })])
    judging.push(windows(58))
    await settle()
    const [found] = put[0]?.anomalies ?? []
    if (found === undefined) throw new Error('nothing was found')
    judging.forget()
    await store.insertAnomalies([{ ...found, detectedAt: epoch + 1 }])
    expect((await judging.restore()).pending).toEqual([pending])
    judging.push(windows(58))
    await settle()
    expect(put[1]?.anomalies.map(({ id, detectedAt }) => [id, detectedAt])).toEqual([[found.id, epoch + 1]])
  })

  test('rejects where what was decided here is not stored yet', async () => {
    const { line, judging } = judgingOn()
    line.isStored = false
    await expect(judging.restore()).rejects.toThrow('what was decided is not stored yet')
  })

  test("rejects with the store's error", async () => {
    const { store, judging } = judgingOn()
    store.isDown = true
    await expect(judging.restore()).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })
})

describe('other rules', () => {
  test('with the same detectors keep what was learnt, from the next window on', async () => {
    const { judging, rulesOf, settle, windows, seen, put } = judgingOn()
    judging.push(windows(1))
    await settle()
    judging.reconfigure(rulesOf('new '))
    judging.push(windows(2))
    await settle()
    expect(seen).toEqual(['judge 1', 'judge 2'])
    expect(put.flatMap(({ anomalies }) => anomalies.map(({ configHash }) => configHash))).toEqual([
      '',
      'new '
    ])
  })

  test('with other detectors learn the past anew, up to the next window', async () => {
    const { store, judging, rulesOf, settle, windows, seen } = judgingOn()
    judging.push(windows(1))
    await settle()
    store.put(windows(0, 1))
    judging.reconfigure(rulesOf('new ', { edited: true }))
    expect(judging.detection()).toBeDefined()
    judging.push(windows(2))
    await settle()
    expect(seen).toEqual(['judge 1', 'new learn 0', 'new learn 1', 'new judge 2'])
  })

  test('that come while the past is being learnt are the ones that learn it', async () => {
    const { store, judging, rulesOf, settle, windows, seen } = judgingOn()
    let answer = () => {}
    store.hold = new Promise(resolve => {
      answer = resolve
    })
    judging.push(windows(5))
    await settle()
    judging.reconfigure(rulesOf('new ', { edited: true }))
    store.hold = undefined
    answer()
    await settle()
    expect(seen).toEqual(['new judge 5'])
  })

  test('that cannot read the past leave the judging to those before, without a wait', async () => {
    const { store, judging, rulesOf, settle, windows, seen, log } = judgingOn()
    judging.push(windows(1))
    await settle()
    store.isDown = true
    judging.reconfigure(rulesOf('new ', { edited: true }))
    judging.push(windows(2, 3))
    await settle()
    expect(seen).toEqual(['judge 1', 'judge 2', 'judge 3'])
    expect(judging.failure()).toBeUndefined()
    expect(log.times('edited detectors cannot read the past: those before them judge')).toBe(2)
    store.isDown = false
    judging.push(windows(4))
    await settle()
    expect(seen.at(-1)).toBe('new judge 4')
  })
})
