import { describe, expect, test } from 'vitest'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { createLivePipeline, startOf } from '../../support/live-pipeline.ts'

const minute = (at: number) => epoch + at * minuteMs

describe('a failover', () => {
  test('to standby forgets everything: nothing more is stored, committed or sent', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    pipeline.store.isDown = true
    await pipeline.readMinute(2, 101)
    pipeline.events(3, 10, { second: 10 })
    pipeline.source.standBy()
    pipeline.store.isDown = false
    const before = { commits: pipeline.source.commits.length, rows: pipeline.stored().length }
    await pipeline.pass(10 * minuteMs)
    expect({ commits: pipeline.source.commits.length, rows: pipeline.stored().length }).toEqual(before)
    expect(pipeline.live.state()).toMatchObject({ work: undefined, waiting: 0, detection: undefined })
    expect(pipeline.sent).toEqual([])
  })

  test('to standby leaves it to the other instance to notify that the broker is away', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    pipeline.source.standBy()
    pipeline.faults.broker = true
    await pipeline.pass(10 * minuteMs)
    expect(pipeline.sent).toEqual([])
  })

  test('while the past is being learnt voids it: the next assignment learns anew', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    let answer = () => {}
    pipeline.store.hold = new Promise(resolve => {
      answer = resolve
    })
    pipeline.events(0, 10)
    pipeline.events(1, 10, { second: 10 })
    await pipeline.settle()
    pipeline.source.assign(startOf(['t/0']))
    await pipeline.settle()
    pipeline.events(0, 7)
    pipeline.events(1, 7, { second: 10 })
    await pipeline.settle()
    pipeline.store.hold = undefined
    answer()
    await pipeline.settle()
    expect(pipeline.seen).toEqual(['judge 0'])
    expect(pipeline.stored()).toEqual([[0, 7]])
  })

  test('knows the orders of windows that are done, and not those of windows that close again', async () => {
    const pipeline = createLivePipeline({ orderSpanMs: 60 * minuteMs })
    await pipeline.start()
    const readPurchases = async (from: number, ...orderIds: string[]) => {
      const records = orderIds.map((order_id, at) => {
        const recordTime = minute(from + at) + 20_000
        const event = { event_type: 'purchase', event_time: recordTime, order_id, price: 19 }
        return { recordTime, value: JSON.stringify(event) }
      })
      for (const record of records) pipeline.source.read('t/0', [record])
      await pipeline.settle()
    }
    await readPurchases(0, 'o-1', 'o-2', 'o-1')
    const commit = pipeline.lastCommit()
    pipeline.source.takesCommits = false
    await readPurchases(3, 'o-3', 'o-4')
    pipeline.source.standBy()
    pipeline.source.assign(commit)
    await pipeline.settle()
    await readPurchases(2, 'o-1', 'o-3', 'o-4', 'o-2', 'o-5')
    const orders = [...pipeline.store.windowRows.values()].map(({ values }) => values.get('orders')?.value)
    expect(orders).toEqual([1, 1, 0, 1, 1, 0])
    expect(await pipeline.metrics.render()).toContain('cartwatch_repeated_purchases_total{topic="t"} 3')
  })

  test('during a restore voids it: no work begins, and no alert of an earlier run is sent', async () => {
    const before = createLivePipeline()
    await before.start()
    await before.readMinutes(0, 1)
    await before.readMinute(1, 101)
    await before.readMinute(2, 10)
    const pending = [...before.store.notificationRows.values()].map(record => ({
      ...record,
      outcome: 'pending' as const,
      updatedAt: record.updatedAt + 1
    }))
    await before.store.insertNotifications(pending)
    expect(pending).toHaveLength(1)

    const pipeline = createLivePipeline({ startMinute: 3, store: before.store })
    let answer = () => {}
    const answered = new Promise<void>(resolve => {
      answer = resolve
    })
    const { detections } = pipeline.store
    let asked = 0
    pipeline.store.detections = async (...query) => {
      asked++
      // The first time is at the start, before there is anything to begin.
      if (asked === 2) await answered
      return detections(...query)
    }
    await pipeline.start()
    pipeline.source.standBy()
    answer()
    await pipeline.pass(minuteMs)
    expect(pipeline.live.state().work).toBeUndefined()
    expect(pipeline.sent).toEqual([])
  })

  test('back to this instance sends what was decided and not yet sent', async () => {
    const before = createLivePipeline()
    await before.start()
    await before.readMinutes(0, 1)
    await before.readMinute(1, 101)
    await before.readMinute(2, 10)
    const [record] = [...before.store.notificationRows.values()]
    if (record === undefined) throw new Error('nothing was decided')
    await before.store.insertNotifications([
      { ...record, outcome: 'pending', updatedAt: record.updatedAt + 1 }
    ])
    const pipeline = createLivePipeline({ startMinute: 3, store: before.store })
    await pipeline.start()
    await pipeline.pass(1_000)
    expect(pipeline.sent).toEqual(['3 slack trigger traffic_spike high opened'])
  })

  test('long after a restore that failed is no stall of all that time', async () => {
    const pipeline = createLivePipeline()
    pipeline.store.isDown = true
    await pipeline.start()
    await pipeline.pass(30_000)
    pipeline.source.standBy()
    pipeline.store.isDown = false
    await pipeline.pass(60 * minuteMs)
    pipeline.store.isDown = true
    pipeline.source.assign(startOf(['t/0']))
    await pipeline.pass(30_000)
    expect(pipeline.live.state().stall).toBeUndefined()
    expect(pipeline.sent).toEqual([])
  })
})

describe('a stop', () => {
  test('stores what is closed, commits, sends and leaves', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 1)
    await pipeline.readMinute(1, 101)
    await pipeline.pass(15_000)
    pipeline.events(40, 10)
    const stopped = pipeline.live.stop()
    await pipeline.pass(5_000)
    await stopped
    expect(pipeline.stored()).toHaveLength(39)
    expect(pipeline.source.held).toEqual(new Set(['t/0']))
    expect(pipeline.lastCommit().get('t/0')).toMatchObject({ closedUntil: minute(39) })
    expect(pipeline.sent[0]).toBe('2.25 slack trigger traffic_spike high opened')
    expect(pipeline.source.isStopped).toBe(true)
  })

  test('does not wait for dead letters that cannot be kept for longer than it may', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 1)
    pipeline.keepDeadLetters = () => new Promise(() => {})
    pipeline.source.read('t/0', [{ recordTime: minute(1), value: 'no JSON' }])
    let tookMs: number | undefined
    const begun = pipeline.clock.now()
    void pipeline.live.stop().then(() => {
      tookMs = pipeline.clock.now() - begun
    })
    await pipeline.pass(10_000)
    expect({ tookMs, isStopped: pipeline.source.isStopped }).toEqual({ tookMs: 3_000, isStopped: true })
  })

  test('does not wait for a store that is away for longer than it may', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    pipeline.store.isDown = true
    await pipeline.readMinute(2, 10)
    const committed = pipeline.lastCommit()
    let tookMs: number | undefined
    const begun = pipeline.clock.now()
    void pipeline.live.stop().then(() => {
      tookMs = pipeline.clock.now() - begun
    })
    await pipeline.pass(10_000)
    expect(tookMs).toBe(4_000)
    expect(pipeline.lastCommit().get('t/0')).toMatchObject({ closedUntil: committed.get('t/0')?.closedUntil })
    expect(
      pipeline.log.times('stopped before everything was stored: the next run reads it from Kafka again')
    ).toBe(1)
  })
})
