import { describe, expect, test } from 'vitest'
import type { StoredIncident } from '../../../src/alert/types.ts'
import { createPersist } from '../../../src/pipeline/persist.ts'
import { anomalyAt, epoch, minuteMs, recordOf } from '../../support/alerts.ts'
import { judgementOf, windowAt } from '../../support/judgements.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const minute = (at: number) => epoch + at * minuteMs
const incident: StoredIncident = {
  id: 'i',
  pipeline: 'shop',
  kind: 'revenue_drop',
  segment: 'all',
  status: 'open',
  severity: 'high',
  openedAt: minute(1),
  lastAnomalyAt: minute(1),
  resolvedAt: null,
  lastWindowEnd: minute(1),
  lastAnomaly: anomalyAt(1),
  clearWindows: 0,
  lastClearAt: null,
  notifiedAt: null,
  notifiedSeverity: null,
  dedupKey: null,
  dedupReceivers: [],
  anomalies: 1
}
const everything = {
  anomalies: [anomalyAt(1)],
  notifications: [recordOf(), recordOf({ id: 'other' })],
  incidents: [incident]
}

function persisting() {
  const clock = createManualClock(epoch)
  const store = createMemoryStore()
  const log = createRecordedLog()
  const events: string[] = []
  const persist = createPersist({
    store,
    pipeline: 'shop',
    clock,
    log,
    onDone: until => events.push(`done ${(until - epoch) / minuteMs}`),
    onInsert: () => events.push('inserted')
  })
  const settle = () => clock.advance(0)
  return { clock, store, log, events, persist, settle }
}

describe('storing', () => {
  test('rows go first, then anomalies, notifications and incidents, and then the window is done', async () => {
    const { persist, store, events, settle } = persisting()
    const order: string[] = []
    const { insertIncidents } = store
    store.insertIncidents = async rows => {
      order.push(...store.writes, ...events)
      await insertIncidents(rows)
    }
    await persist.push(judgementOf(windowAt(0), everything))
    await settle()
    expect(order).toEqual(['windows 1', 'anomalies 1', 'notifications 2'])
    expect(store.writes).toEqual(['windows 1', 'anomalies 1', 'notifications 2', 'incidents 1'])
    expect(events).toEqual(['inserted', 'done 1'])
  })

  test('a push resolves once its judgement is stored', async () => {
    const { persist, store, clock } = persisting()
    store.isDown = true
    let isStored = false
    void persist.push(judgementOf(windowAt(0))).then(() => {
      isStored = true
    })
    await clock.advance(499)
    expect(isStored).toBe(false)
    store.isDown = false
    await clock.advance(1)
    expect(isStored).toBe(true)
  })

  test('what is not of a window is stored, and no window is done by it', async () => {
    const { persist, store, events } = persisting()
    await persist.push(judgementOf(undefined, everything))
    expect(store.writes).toEqual(['anomalies 1', 'notifications 2', 'incidents 1'])
    expect(events).toEqual(['inserted'])
  })

  test('windows are done up to the last one even where something else was stored behind it', async () => {
    const { persist, store, events, clock } = persisting()
    store.isDown = true
    void persist.push(judgementOf(windowAt(0)))
    void persist.push(judgementOf(windowAt(1)))
    const last = persist.push(judgementOf(undefined, { anomalies: [anomalyAt(1)] }))
    await clock.advance(0)
    store.isDown = false
    await clock.advance(500)
    await last
    expect(events).toEqual(['inserted', 'done 2'])
  })

  test('at most 250 judgements are written together, in their order', async () => {
    const { persist, store, events, clock } = persisting()
    store.isDown = true
    for (let at = 0; at < 600; at++) void persist.push(judgementOf(windowAt(at)))
    await clock.advance(0)
    store.isDown = false
    await clock.advance(500)
    expect(store.writes).toEqual(['windows 250', 'windows 250', 'windows 100'])
    expect(events.filter(event => event !== 'inserted')).toEqual(['done 250', 'done 500', 'done 600'])
    expect(persist.size()).toBe(0)
  })
})

describe('a store that is away', () => {
  test('it is asked again after 0.5, 1, 2, 4, 8 and then every 15 seconds, for ever', async () => {
    const { persist, store, clock } = persisting()
    const askedAt: number[] = []
    store.insertWindows = async () => {
      askedAt.push((clock.now() - epoch) / 1_000)
      throw new Error('away')
    }
    void persist.push(judgementOf(windowAt(0)))
    await clock.advance(61_000)
    expect(askedAt).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 45.5, 60.5])
  })

  test('waits grow anew after a success', async () => {
    const { persist, store, clock } = persisting()
    store.isDown = true
    void persist.push(judgementOf(windowAt(0)))
    await clock.advance(7_400)
    store.isDown = false
    await clock.advance(100)
    expect(store.writes).toEqual(['windows 1'])
    store.isDown = true
    void persist.push(judgementOf(windowAt(1)))
    await clock.advance(0)
    store.isDown = false
    await clock.advance(500)
    expect(store.writes).toEqual(['windows 1', 'windows 1'])
  })

  test('it is logged once when it goes, once for another reason and once when it is back', async () => {
    const { persist, store, clock, log } = persisting()
    const reasons = ['away', 'away', 'full', 'full']
    const { insertWindows } = store
    store.insertWindows = async (pipeline, windows) => {
      const reason = reasons.shift()
      if (reason !== undefined) throw new Error(reason)
      await insertWindows(pipeline, windows)
    }
    void persist.push(judgementOf(windowAt(0)))
    await clock.advance(3_000)
    expect(persist.failure()).toBe('full')
    await clock.advance(5_000)
    expect(persist.failure()).toBeUndefined()
    expect(log.lines.map(({ level, message, fields }) => [level, message, fields['error']])).toEqual([
      ['error', 'the store takes no rows: windows wait in memory', 'away'],
      ['error', 'the store takes no rows: windows wait in memory', 'full'],
      ['info', 'the store takes rows again', undefined]
    ])
  })

  test('what was written before the failure is written again with the rest', async () => {
    const { persist, store, clock, events } = persisting()
    const { insertNotifications } = store
    let failures = 1
    store.insertNotifications = async rows => {
      if (failures-- > 0) throw new Error('away')
      await insertNotifications(rows)
    }
    void persist.push(judgementOf(windowAt(0), everything))
    await clock.advance(0)
    expect({ size: persist.size(), events }).toEqual({ size: 1, events: [] })
    await clock.advance(500)
    expect(store.writes).toEqual([
      'windows 1',
      'anomalies 1',
      'windows 1',
      'anomalies 1',
      'notifications 2',
      'incidents 1'
    ])
    expect(events).toEqual(['inserted', 'done 1'])
  })
})

describe('a discard', () => {
  test('what was queued is forgotten and never done', async () => {
    const { persist, store, clock, events } = persisting()
    store.isDown = true
    let isStored = false
    void persist.push(judgementOf(windowAt(0))).then(() => {
      isStored = true
    })
    await clock.advance(0)
    persist.discard()
    store.isDown = false
    await clock.advance(60_000)
    expect({ isStored, events, writes: store.writes, size: persist.size() }).toEqual({
      isStored: false,
      events: [],
      writes: [],
      size: 0
    })
  })

  test('a write that was under way marks nothing done, and what came behind the discard is stored', async () => {
    const { persist, store, events, settle } = persisting()
    const { insertWindows } = store
    let answer = () => {}
    const answered = new Promise<void>(resolve => {
      answer = resolve
    })
    store.insertWindows = async (pipeline, windows) => {
      await answered
      await insertWindows(pipeline, windows)
    }
    void persist.push(judgementOf(windowAt(0)))
    await settle()
    persist.discard()
    void persist.push(judgementOf(windowAt(7)))
    answer()
    await settle()
    expect(events.filter(event => event !== 'inserted')).toEqual(['done 8'])
  })

  test('what is of the line itself is stored all the same: nobody else knows it', async () => {
    const { persist, store, clock } = persisting()
    const stalled = { ...anomalyAt(1, { kind: 'pipeline_stalled' }) }
    store.isDown = true
    void persist.push(judgementOf(windowAt(0), everything))
    const stored = persist.push(
      judgementOf(undefined, {
        anomalies: [stalled],
        incidents: [{ ...incident, kind: 'pipeline_stalled', lastAnomaly: stalled }],
        notifications: [recordOf({ kind: 'pipeline_stalled' })]
      })
    )
    void persist.push(judgementOf(undefined, { incidents: [incident] }))
    void persist.push(judgementOf(undefined))
    await clock.advance(0)
    persist.discard()
    expect(persist.size()).toBe(1)
    store.isDown = false
    await clock.advance(0)
    await stored
    expect(store.writes).toEqual(['anomalies 1', 'notifications 1', 'incidents 1'])
    expect([...store.anomalyRows.values()]).toEqual([stalled])
  })

  test('a store that was away is no failure of what comes after it', async () => {
    const { persist, store, settle } = persisting()
    store.isDown = true
    void persist.push(judgementOf(windowAt(0)))
    await settle()
    persist.discard()
    expect(persist.failure()).toBeUndefined()
  })

  test('it does not leave the next judgement waiting for the time of the last retry', async () => {
    const { persist, store, clock, events } = persisting()
    store.isDown = true
    void persist.push(judgementOf(windowAt(0)))
    await clock.advance(20_000)
    persist.discard()
    store.isDown = false
    void persist.push(judgementOf(windowAt(1)))
    await clock.advance(0)
    expect(events).toEqual(['inserted', 'done 2'])
  })
})

describe('draining', () => {
  test('it is true at once where nothing is queued', async () => {
    const { persist } = persisting()
    expect(await persist.drain(1_000)).toBe(true)
  })

  test('it is true once the queue is empty', async () => {
    const { persist, store, clock } = persisting()
    store.isDown = true
    void persist.push(judgementOf(windowAt(0)))
    const drained = persist.drain(1_000)
    await clock.advance(0)
    store.isDown = false
    await clock.advance(500)
    expect(await drained).toBe(true)
  })

  test('it is false once the time is up, and the queue stays', async () => {
    const { persist, store, clock } = persisting()
    store.isDown = true
    void persist.push(judgementOf(windowAt(0)))
    const drained = persist.drain(1_000)
    await clock.advance(1_000)
    expect(await drained).toBe(false)
    expect(persist.size()).toBe(1)
  })

  test('a write under way is waited for even where its queue was discarded', async () => {
    const { persist, store, settle } = persisting()
    let answer = () => {}
    store.insertWindows = () =>
      new Promise(resolve => {
        answer = resolve
      })
    void persist.push(judgementOf(windowAt(0)))
    await settle()
    persist.discard()
    let drained: boolean | undefined
    void persist.drain(1_000).then(is => {
      drained = is
    })
    await settle()
    expect(drained).toBeUndefined()
    answer()
    await settle()
    expect(drained).toBe(true)
  })

  test('it is true soon where the queue of a store that is away was discarded', async () => {
    const { persist, store, clock } = persisting()
    store.isDown = true
    void persist.push(judgementOf(windowAt(0)))
    await clock.advance(20_000)
    persist.discard()
    const drained = persist.drain(1_000)
    await clock.advance(0)
    expect(await drained).toBe(true)
  })
})
