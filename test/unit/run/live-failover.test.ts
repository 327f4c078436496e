import { describe, expect, test } from 'vitest'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { createLiveLine, startOf } from '../../support/live-line.ts'

const minute = (at: number) => epoch + at * minuteMs

describe('a hand-over', () => {
  test('to standby forgets everything: nothing more is stored, committed or sent', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    line.store.isDown = true
    await line.readMinute(2, 101)
    line.events(3, 10, { second: 10 })
    line.source.standBy()
    line.store.isDown = false
    const before = { commits: line.source.commits.length, rows: line.stored().length }
    await line.pass(10 * minuteMs)
    expect({ commits: line.source.commits.length, rows: line.stored().length }).toEqual(before)
    expect(line.live.state()).toMatchObject({ work: undefined, waiting: 0, detection: undefined })
    expect(line.sent).toEqual([])
  })

  test('to standby leaves it to the other to say that the broker is away', async () => {
    const line = createLiveLine()
    await line.start()
    line.source.standBy()
    line.faults.broker = true
    await line.pass(10 * minuteMs)
    expect(line.sent).toEqual([])
  })

  test('in the midst of learning voids what was learnt: the next beginning learns anew', async () => {
    const line = createLiveLine()
    await line.start()
    let answer = () => {}
    line.store.hold = new Promise(resolve => {
      answer = resolve
    })
    line.events(0, 10)
    line.events(1, 10, { second: 10 })
    await line.settle()
    line.source.assign(startOf(['t/0']))
    await line.settle()
    line.events(0, 7)
    line.events(1, 7, { second: 10 })
    await line.settle()
    line.store.hold = undefined
    answer()
    await line.settle()
    expect(line.seen).toEqual(['judge 0'])
    expect(line.stored()).toEqual([[0, 7]])
  })

  test('that overtakes a beginning voids it: no work is set up, and no alert of before is sent', async () => {
    const before = createLiveLine()
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

    const line = createLiveLine({ startMinute: 3, store: before.store })
    let answer = () => {}
    const answered = new Promise<void>(resolve => {
      answer = resolve
    })
    const { detections } = line.store
    let asked = 0
    line.store.detections = async (...query) => {
      asked++
      // The first time is at the start, before there is anything to begin.
      if (asked === 2) await answered
      return detections(...query)
    }
    await line.start()
    line.source.standBy()
    answer()
    await line.pass(minuteMs)
    expect(line.live.state().work).toBeUndefined()
    expect(line.sent).toEqual([])
  })

  test('back to this instance takes up what was decided and not yet sent', async () => {
    const before = createLiveLine()
    await before.start()
    await before.readMinutes(0, 1)
    await before.readMinute(1, 101)
    await before.readMinute(2, 10)
    const [record] = [...before.store.notificationRows.values()]
    if (record === undefined) throw new Error('nothing was decided')
    await before.store.insertNotifications([
      { ...record, outcome: 'pending', updatedAt: record.updatedAt + 1 }
    ])
    const line = createLiveLine({ startMinute: 3, store: before.store })
    await line.start()
    await line.pass(1_000)
    expect(line.sent).toEqual(['3 slack trigger traffic_spike high opened'])
  })

  test('after a beginning that failed long ago is no stall of all that time', async () => {
    const line = createLiveLine()
    line.store.isDown = true
    await line.start()
    await line.pass(30_000)
    line.source.standBy()
    line.store.isDown = false
    await line.pass(60 * minuteMs)
    line.store.isDown = true
    line.source.assign(startOf(['t/0']))
    await line.pass(30_000)
    expect(line.live.state().stall).toBeUndefined()
    expect(line.sent).toEqual([])
  })
})

describe('a stop', () => {
  test('stores what is closed, commits, sends and leaves', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 1)
    await line.readMinute(1, 101)
    await line.pass(15_000)
    line.events(40, 10)
    const stopped = line.live.stop()
    await line.pass(5_000)
    await stopped
    expect(line.stored()).toHaveLength(39)
    expect(line.source.held).toEqual(new Set(['t/0']))
    expect(line.lastCommit().get('t/0')).toMatchObject({ sealedUntil: minute(39) })
    expect(line.sent[0]).toBe('2.25 slack trigger traffic_spike high opened')
    expect(line.source.isStopped).toBe(true)
  })

  test('does not wait for dead letters that cannot be kept for longer than it may', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 1)
    line.keepDeadLetters = () => new Promise(() => {})
    line.source.read('t/0', [{ recordTime: minute(1), value: 'no JSON' }])
    let tookMs: number | undefined
    const begun = line.clock.now()
    void line.live.stop().then(() => {
      tookMs = line.clock.now() - begun
    })
    await line.pass(10_000)
    expect({ tookMs, isStopped: line.source.isStopped }).toEqual({ tookMs: 3_000, isStopped: true })
  })

  test('does not wait for a store that is away for longer than it may', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    line.store.isDown = true
    await line.readMinute(2, 10)
    const committed = line.lastCommit()
    let tookMs: number | undefined
    const begun = line.clock.now()
    void line.live.stop().then(() => {
      tookMs = line.clock.now() - begun
    })
    await line.pass(10_000)
    expect(tookMs).toBe(4_000)
    expect(line.lastCommit().get('t/0')).toMatchObject({ sealedUntil: committed.get('t/0')?.sealedUntil })
    expect(line.log.times('stopped before the store took everything: it is derived again')).toBe(1)
  })
})
