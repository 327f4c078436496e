import { describe, expect, test } from 'vitest'
import { createStoreWriter } from '../../../src/decide/store-writer.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { anomalyAt, epoch, incidentOf, minuteMs, recordOf } from '../../support/alerts.ts'
import { decisionOf, windowAt } from '../../support/decisions.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const incident = incidentOf()
const everything = {
  anomalies: [anomalyAt(1)],
  notifications: [recordOf(), recordOf({ id: 'other' })],
  incidents: [incident]
}

function writerOn() {
  const clock = createManualClock(epoch)
  const store = createMemoryStore()
  const log = createRecordedLog()
  const events: string[] = []
  const writer = createStoreWriter({
    store,
    pipeline: 'shop',
    clock,
    log,
    onDone: until => events.push(`done ${(until - epoch) / minuteMs}`),
    onInsert: () => events.push('inserted')
  })
  const settle = () => clock.advance(0)
  return { clock, store, log, events, writer, settle }
}

describe('storing', () => {
  test('rows go first, then anomalies, notifications and incidents, and then the window is done', async () => {
    const { writer, store, events, settle } = writerOn()
    const order: string[] = []
    const { insertIncidents } = store
    store.insertIncidents = async rows => {
      order.push(...store.writes, ...events)
      await insertIncidents(rows)
    }
    await writer.push(decisionOf(windowAt(0), everything))
    await settle()
    expect(order).toEqual(['windows 1', 'anomalies 1', 'notifications 2'])
    expect(store.writes).toEqual(['windows 1', 'anomalies 1', 'notifications 2', 'incidents 1'])
    expect(events).toEqual(['inserted', 'done 1'])
  })

  test('a push resolves once its decision is stored', async () => {
    const { writer, store, clock } = writerOn()
    store.isDown = true
    let isStored = false
    void writer.push(decisionOf(windowAt(0))).then(() => {
      isStored = true
    })
    await clock.advance(499)
    expect(isStored).toBe(false)
    store.isDown = false
    await clock.advance(1)
    expect(isStored).toBe(true)
  })

  test('what is not of a window is stored, and no window is done by it', async () => {
    const { writer, store, events } = writerOn()
    await writer.push(decisionOf(undefined, everything))
    expect(store.writes).toEqual(['anomalies 1', 'notifications 2', 'incidents 1'])
    expect(events).toEqual(['inserted'])
  })

  test('windows are done up to the last one even where something else was stored behind it', async () => {
    const { writer, store, events, clock } = writerOn()
    store.isDown = true
    void writer.push(decisionOf(windowAt(0)))
    void writer.push(decisionOf(windowAt(1)))
    const last = writer.push(decisionOf(undefined, { anomalies: [anomalyAt(1)] }))
    await clock.advance(0)
    store.isDown = false
    await clock.advance(500)
    await last
    expect(events).toEqual(['inserted', 'done 2'])
  })

  test('at most 250 decisions are written together, in their order', async () => {
    const { writer, store, events, clock } = writerOn()
    store.isDown = true
    for (let at = 0; at < 600; at++) void writer.push(decisionOf(windowAt(at)))
    for (let turns = 0; turns < 100; turns++) await clock.advance(0)
    store.isDown = false
    await clock.advance(500)
    expect(store.writes).toEqual(['windows 250', 'windows 250', 'windows 100'])
    expect(events.filter(event => event !== 'inserted')).toEqual(['done 250', 'done 500', 'done 600'])
    expect(writer.size()).toBe(0)
  })
})

describe('a store that is away', () => {
  test('it is asked again after 0.5, 1, 2, 4, 8 and then every 15 seconds, for ever', async () => {
    const { writer, store, clock } = writerOn()
    const askedAt: number[] = []
    store.insertWindows = async () => {
      askedAt.push((clock.now() - epoch) / 1_000)
      throw new Error('away')
    }
    void writer.push(decisionOf(windowAt(0)))
    await clock.advance(61_000)
    expect(askedAt).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 45.5, 60.5])
  })

  test('waits grow anew after a success', async () => {
    const { writer, store, clock } = writerOn()
    store.isDown = true
    void writer.push(decisionOf(windowAt(0)))
    await clock.advance(7_400)
    store.isDown = false
    await clock.advance(100)
    expect(store.writes).toEqual(['windows 1'])
    store.isDown = true
    void writer.push(decisionOf(windowAt(1)))
    await clock.advance(0)
    store.isDown = false
    await clock.advance(500)
    expect(store.writes).toEqual(['windows 1', 'windows 1'])
  })

  test('it is logged once when it goes, once for another reason and once when it is back', async () => {
    const { writer, store, clock, log } = writerOn()
    const reasons = ['away', 'away', 'full', 'full']
    const { insertWindows } = store
    store.insertWindows = async (pipeline, windows) => {
      const reason = reasons.shift()
      if (reason !== undefined) throw new Error(reason)
      await insertWindows(pipeline, windows)
    }
    void writer.push(decisionOf(windowAt(0)))
    await clock.advance(3_000)
    expect(writer.failure()).toEqual({ reason: 'unknown', error: 'full', since: epoch })
    await clock.advance(5_000)
    expect(writer.failure()).toBeUndefined()
    expect(log.lines.map(({ level, message, fields }) => [level, message, fields['error']])).toEqual([
      ['error', 'the store accepts no rows: windows wait in memory', 'away'],
      ['error', 'the store accepts no rows: windows wait in memory', 'full'],
      ['info', 'the store accepts rows again', undefined]
    ])
  })

  test('what was written before the failure is written again with the rest', async () => {
    const { writer, store, clock, events } = writerOn()
    const { insertNotifications } = store
    let failures = 1
    store.insertNotifications = async rows => {
      if (failures-- > 0) throw new Error('away')
      await insertNotifications(rows)
    }
    void writer.push(decisionOf(windowAt(0), everything))
    await clock.advance(0)
    expect({ size: writer.size(), events }).toEqual({ size: 1, events: [] })
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

describe('what is written late', () => {
  const storedOf = (store: ReturnType<typeof createMemoryStore>) => [...store.windowRows.values()]

  test('is what waited when the store came back, to the last digit, and is counted', async () => {
    const { writer, store, clock } = writerOn()
    const one = { numerator: 0.1 + 0.2, denominator: 1, sampleSize: 1e15 + 1, squares: -0 }
    const windows = [0, 1, 2].map(at =>
      windowAt(at, {
        records: at,
        values: new Map([['revenue', { value: at === 1 ? null : 1 / 3, ...one }]]),
        segments: [
          { metric: 'orders', dimension: 'country', segment: 'country=\ud800 × ü', value: 5e-324, ...one }
        ]
      })
    )
    store.isDown = true
    for (const window of windows) void writer.push(decisionOf(window, everything))
    void writer.push(decisionOf(undefined, { anomalies: [anomalyAt(1)] }))
    await clock.advance(1_500)
    expect(writer.failure()).toEqual({ reason: 'unreachable', error: 'the store is away', since: epoch })
    expect(writer.backlog()).toEqual({ isDraining: false, writtenWindows: 0 })
    store.isDown = false
    await clock.advance(2_000)
    expect(storedOf(store)).toEqual(windows)
    expect([...store.anomalyRows.values()]).toEqual([anomalyAt(1)])
    expect(writer.backlog()).toEqual({ isDraining: false, writtenWindows: 3 })
  })

  test('is written in batches, and a failure among them is the same one', async () => {
    const { writer, store, clock } = writerOn()
    store.isDown = true
    for (let at = 0; at < 300; at++) void writer.push(decisionOf(windowAt(at)))
    for (let turns = 0; turns < 100; turns++) await clock.advance(0)
    store.isDown = false
    const { insertWindows } = store
    store.insertWindows = async (pipeline, windows) => {
      await insertWindows(pipeline, windows)
      store.isDown = true
    }
    await clock.advance(500)
    expect(writer.backlog()).toEqual({ isDraining: true, writtenWindows: 250 })
    expect(writer.failure()).toMatchObject({ since: epoch })
    store.insertWindows = insertWindows
    store.isDown = false
    await clock.advance(500)
    expect({ backlog: writer.backlog(), failure: writer.failure() }).toEqual({
      backlog: { isDraining: false, writtenWindows: 300 },
      failure: undefined
    })
    store.isDown = true
    void writer.push(decisionOf(windowAt(300)))
    await clock.advance(0)
    expect(writer.failure()).toMatchObject({ since: epoch + 1_000 })
    expect(writer.backlog()).toEqual({ isDraining: false, writtenWindows: 0 })
  })
})

test('a write is as slow as it has been so far', async () => {
  const { writer, store, clock } = writerOn()
  const { insertWindows } = store
  store.insertWindows = async (pipeline, windows) => {
    await clock.sleep(3_000)
    await insertWindows(pipeline, windows)
  }
  expect(writer.writeMs()).toBe(0)
  void writer.push(decisionOf(windowAt(0)))
  await clock.advance(2_000)
  expect(writer.writeMs()).toBe(2_000)
  await clock.advance(60_000)
  expect(writer.writeMs()).toBe(3_000)
})

test('tables that somebody dropped are created again, and get what waited', async () => {
  const { writer, store, clock, log } = writerOn()
  const { insertWindows, migrate } = store
  let isDropped = true
  store.insertWindows = async (pipeline, windows) => {
    if (isDropped) throw new StoreError('QUERY', 'no such database', { retryable: false, exception: 81 })
    await insertWindows(pipeline, windows)
  }
  store.migrate = async () => {
    isDropped = false
    return migrate()
  }
  await Promise.all([writer.push(decisionOf(windowAt(0))), clock.advance(500)])
  expect(store.writes).toEqual(['windows 1'])
  expect(log.times('tables were missing in the store and have been created again')).toBe(1)
})

describe('a discard', () => {
  test('what was queued is forgotten and never done', async () => {
    const { writer, store, clock, events } = writerOn()
    store.isDown = true
    let isStored = false
    void writer.push(decisionOf(windowAt(0))).then(() => {
      isStored = true
    })
    await clock.advance(0)
    writer.discard()
    store.isDown = false
    await clock.advance(60_000)
    expect({ isStored, events, writes: store.writes, size: writer.size() }).toEqual({
      isStored: false,
      events: [],
      writes: [],
      size: 0
    })
  })

  test('a write that was under way marks nothing done, and what came behind the discard is stored', async () => {
    const { writer, store, events, settle } = writerOn()
    const { insertWindows } = store
    let answer = () => {}
    const answered = new Promise<void>(resolve => {
      answer = resolve
    })
    store.insertWindows = async (pipeline, windows) => {
      await answered
      await insertWindows(pipeline, windows)
    }
    void writer.push(decisionOf(windowAt(0)))
    await settle()
    writer.discard()
    void writer.push(decisionOf(windowAt(7)))
    answer()
    await settle()
    expect(events.filter(event => event !== 'inserted')).toEqual(['done 8'])
  })

  test('what is about the pipeline itself is stored all the same: nobody else knows it', async () => {
    const { writer, store, clock } = writerOn()
    const stalled = { ...anomalyAt(1, { kind: 'pipeline_stalled' }) }
    store.isDown = true
    void writer.push(decisionOf(windowAt(0), everything))
    const stored = writer.push(
      decisionOf(undefined, {
        anomalies: [stalled],
        incidents: [{ ...incident, kind: 'pipeline_stalled', lastAnomaly: stalled }],
        notifications: [recordOf({ kind: 'pipeline_stalled' })]
      })
    )
    void writer.push(decisionOf(undefined, { incidents: [incident] }))
    void writer.push(decisionOf(undefined))
    await clock.advance(0)
    writer.discard()
    expect(writer.size()).toBe(1)
    store.isDown = false
    await clock.advance(0)
    await stored
    expect(store.writes).toEqual(['anomalies 1', 'notifications 1', 'incidents 1'])
    expect([...store.anomalyRows.values()]).toEqual([stalled])
  })

  test('a store that was away is no failure of what comes after it', async () => {
    const { writer, store, settle } = writerOn()
    store.isDown = true
    void writer.push(decisionOf(windowAt(0)))
    await settle()
    writer.discard()
    expect(writer.failure()).toBeUndefined()
  })

  test('it does not leave the next decision waiting for the time of the last retry', async () => {
    const { writer, store, clock, events } = writerOn()
    store.isDown = true
    void writer.push(decisionOf(windowAt(0)))
    await clock.advance(20_000)
    writer.discard()
    store.isDown = false
    void writer.push(decisionOf(windowAt(1)))
    await clock.advance(0)
    expect(events).toEqual(['inserted', 'done 2'])
  })
})

describe('draining', () => {
  test('it is true at once where nothing is queued', async () => {
    const { writer } = writerOn()
    expect(await writer.drain(1_000)).toBe(true)
  })

  test('it is true once the queue is empty', async () => {
    const { writer, store, clock } = writerOn()
    store.isDown = true
    void writer.push(decisionOf(windowAt(0)))
    const drained = writer.drain(1_000)
    await clock.advance(0)
    store.isDown = false
    await clock.advance(500)
    expect(await drained).toBe(true)
  })

  test('it is false once the time is up, and the queue stays', async () => {
    const { writer, store, clock } = writerOn()
    store.isDown = true
    void writer.push(decisionOf(windowAt(0)))
    const drained = writer.drain(1_000)
    await clock.advance(1_000)
    expect(await drained).toBe(false)
    expect(writer.size()).toBe(1)
  })

  test('a write under way is waited for even where its queue was discarded', async () => {
    const { writer, store, settle } = writerOn()
    let answer = () => {}
    store.insertWindows = () =>
      new Promise(resolve => {
        answer = resolve
      })
    void writer.push(decisionOf(windowAt(0)))
    await settle()
    writer.discard()
    let drained: boolean | undefined
    void writer.drain(1_000).then(is => {
      drained = is
    })
    await settle()
    expect(drained).toBeUndefined()
    answer()
    await settle()
    expect(drained).toBe(true)
  })

  test('it is true soon where the queue of a store that is away was discarded', async () => {
    const { writer, store, clock } = writerOn()
    store.isDown = true
    void writer.push(decisionOf(windowAt(0)))
    await clock.advance(20_000)
    writer.discard()
    const drained = writer.drain(1_000)
    await clock.advance(0)
    expect(await drained).toBe(true)
  })
})
