import { describe, expect, test } from 'vitest'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { createLiveLine } from '../../support/live-line.ts'

const minute = (at: number) => epoch + at * minuteMs

describe('the line', () => {
  test('judges each window once, in order, stores it, and then commits', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 4)
    line.events(4, 10, { second: 20 })
    await line.settle()
    expect(line.seen).toEqual(['judge 0', 'judge 1', 'judge 2', 'judge 3'])
    expect(line.stored()).toEqual([
      [0, 10],
      [1, 10],
      [2, 10],
      [3, 10]
    ])
    expect(line.lastCommit().get('t/0')).toMatchObject({ offset: 40, sealedUntil: minute(4) })
    expect(line.sent).toEqual([])
  })

  test('learns the stored past before it judges the first window, and each window once', async () => {
    const before = createLiveLine()
    await before.start()
    await before.readMinutes(0, 4)
    const line = createLiveLine({ startMinute: 4, store: before.store })
    void line.live.run()
    await line.settle()
    line.source.assign(before.lastCommit())
    await line.settle()
    line.events(4, 10)
    line.events(5, 10, { second: 10 })
    await line.settle()
    expect(line.seen).toEqual(['learn 0', 'learn 1', 'learn 2', 'judge 3', 'judge 4'])
  })

  test('tells of an anomaly once its window closes, with its row and its metric', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 1)
    await line.readMinute(1, 101)
    await line.readMinute(2, 10)
    expect(line.sent).toEqual(['2.33 slack trigger traffic_spike high opened'])
    expect([...line.store.anomalyRows.values()].map(({ kind, windowEnd }) => [kind, windowEnd])).toEqual([
      ['traffic_spike', minute(2)]
    ])
    expect(await line.metrics.render()).toContain(
      'cartwatch_anomalies_total{kind="traffic_spike",severity="high"} 1'
    )
  })

  test('gives a sign whenever windows close, and none while it reads nothing or stands by', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 3)
    expect(line.closedAt).toEqual([1.33, 2.33])
    await line.pass(20_000)
    line.source.standBy()
    await line.pass(300_000)
    expect(line.closedAt).toEqual([1.33, 2.33])
  })

  test('keeps a dead letter before it commits past it', async () => {
    const line = createLiveLine()
    await line.start()
    line.events(0, 1)
    line.source.read('t/0', [{ recordTime: minute(0), value: 'no JSON' }])
    line.faults.deadLetters = true
    await line.pass(2 * minuteMs)
    line.events(2, 1, { second: 10 })
    await line.pass(2_000)
    expect(line.source.commits).toEqual([])
    line.faults.deadLetters = false
    await line.pass(1_000)
    expect(line.deadLetters).toEqual([
      { partition: 't/0', offset: 1, reason: 'invalid_json', key: null, value: Buffer.from('no JSON') }
    ])
    expect(line.source.commits.length).toBeGreaterThan(0)
  })
})

describe('a catch-up', () => {
  test('is told in one summary once the past is read to its end', async () => {
    const line = createLiveLine({ startMinute: 600 })
    await line.start()
    const recordTime = minute(600)
    for (let at = 0; at < 580; at++) line.events(at, at === 100 || at === 300 ? 101 : 10, { recordTime })
    await line.settle(1_000)
    await line.pass(5_000, { 't/0': 100 })
    expect(line.sent).toEqual([])
    await line.pass(2_000)
    expect(line.sent).toHaveLength(1)
    expect(line.sent[0]).toMatch(/ slack summary catch_up high catch_up$/)
    const summary = [...line.store.notificationRows.values()].find(({ action }) => action === 'summary')
    expect(summary?.anomalies.map(({ windowEnd }) => (windowEnd - epoch) / minuteMs)).toEqual([101, 301])
  })
})

describe('an edited configuration', () => {
  test('of other detectors learns the past anew and judges from the next window on', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 3)
    line.live.reconfigure(line.rulesOf('new ', { edited: true }))
    await line.readMinutes(3, 5)
    expect(line.seen).toEqual([
      'judge 0',
      'judge 1',
      'new learn 0',
      'new learn 1',
      'new judge 2',
      'new judge 3'
    ])
  })

  test('of anything else keeps what was learnt', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 3)
    line.live.reconfigure(line.rulesOf('new '))
    await line.readMinutes(3, 5)
    expect(line.seen).toEqual(['judge 0', 'judge 1', 'judge 2', 'judge 3'])
  })

  test('is judged by the detectors before it while the store is away, and alerts go on', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    line.store.isDown = true
    line.live.reconfigure(line.rulesOf('new ', { edited: true }))
    await line.readMinute(2, 101)
    await line.readMinutes(3, 4)
    expect(line.sent.map(text => text.split(' ').slice(3).join(' '))).toEqual([
      'store_unavailable high opened',
      'traffic_spike high opened'
    ])
    line.store.isDown = false
    await line.pass(20_000)
    await line.readMinutes(4, 6)
    expect(line.seen.filter(step => step.includes('judge'))).toEqual([
      'judge 0',
      'judge 1',
      'judge 2',
      'new judge 3',
      'new judge 4'
    ])
  })
})
