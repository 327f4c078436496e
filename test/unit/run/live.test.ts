import { describe, expect, test } from 'vitest'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { createLivePipeline } from '../../support/live-pipeline.ts'
import { hoursOf } from '../../support/report-windows.ts'

const minute = (at: number) => epoch + at * minuteMs

describe('the live pipeline', () => {
  test('judges each window once, in order, stores it, and then commits', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 4)
    pipeline.events(4, 10, { second: 20 })
    await pipeline.settle()
    expect(pipeline.seen).toEqual(['judge 0', 'judge 1', 'judge 2', 'judge 3'])
    expect(pipeline.stored()).toEqual([
      [0, 10],
      [1, 10],
      [2, 10],
      [3, 10]
    ])
    expect(pipeline.lastCommit().get('t/0')).toMatchObject({ offset: 40, closedUntil: minute(4) })
    expect(pipeline.sent).toEqual([])
  })

  test('learns the stored past before it judges the first window, and each window once', async () => {
    const before = createLivePipeline()
    await before.start()
    await before.readMinutes(0, 4)
    const pipeline = createLivePipeline({ startMinute: 4, store: before.store })
    void pipeline.live.run()
    await pipeline.settle()
    pipeline.source.assign(before.lastCommit())
    await pipeline.settle()
    pipeline.events(4, 10)
    pipeline.events(5, 10, { second: 10 })
    await pipeline.settle()
    expect(pipeline.seen).toEqual(['learn 0', 'learn 1', 'learn 2', 'judge 3', 'judge 4'])
  })

  test('notifies of an anomaly once its window closes, with its row and its metric', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 1)
    await pipeline.readMinute(1, 101)
    await pipeline.readMinute(2, 10)
    expect(pipeline.sent).toEqual(['2.33 slack trigger traffic_spike high opened'])
    expect([...pipeline.store.anomalyRows.values()].map(({ kind, windowEnd }) => [kind, windowEnd])).toEqual([
      ['traffic_spike', minute(2)]
    ])
    expect(await pipeline.metrics.render()).toContain(
      'cartwatch_anomalies_total{kind="traffic_spike",severity="high"} 1'
    )
  })

  test('gives all lines of the log about one incident its id, from the finding to the answer', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinute(0, 101)
    await pipeline.readMinute(1, 10)
    await pipeline.settle()
    const [incident] = pipeline.store.incidentRows.values()
    const lines = pipeline.log.lines.filter(({ fields }) => fields['correlation_id'] === incident?.id)
    expect(lines.map(({ fields, message }) => [fields['component'], message])).toEqual([
      ['detection', '101 events'],
      ['delivery', 'notification decided, to be sent'],
      ['delivery', 'notification sent']
    ])
  })

  test('sends the report that is due once it has caught up, and not again after a restart', async () => {
    const pipeline = createLivePipeline()
    const daily = { name: 'daily' as const, timezone: 'UTC', hour: 10, receivers: ['slack'] }
    const settings = (one = pipeline) => ({
      ...one.rulesOf(''),
      reports: { reports: [daily], sending: true }
    })
    const midnight = epoch - 10 * 60 * minuteMs
    pipeline.store.put(hoursOf(midnight - 24 * 60 * minuteMs, midnight))
    pipeline.live.reconfigure(settings())
    await pipeline.start()
    expect(pipeline.sent).toEqual([])
    await pipeline.readMinutes(0, 2)
    expect(pipeline.sent).toEqual([expect.stringMatching(/ slack summary report low report$/)])
    const next = createLivePipeline({ startMinute: 2, store: pipeline.store })
    next.live.reconfigure(settings(next))
    void next.live.run()
    await next.settle()
    next.source.assign(pipeline.lastCommit())
    await next.readMinutes(2, 5)
    expect(next.sent.filter(line => line.includes('report'))).toEqual([])
  })

  test('pings whenever windows close, and never while it reads nothing or is a standby', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 3)
    expect(pipeline.closedAt).toEqual([1.33, 2.33])
    await pipeline.pass(20_000)
    pipeline.source.standBy()
    await pipeline.pass(300_000)
    expect(pipeline.closedAt).toEqual([1.33, 2.33])
  })

  test('keeps a dead letter before it commits past it', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    pipeline.events(0, 1)
    pipeline.source.read('t/0', [{ recordTime: minute(0), value: 'no JSON' }])
    pipeline.faults.deadLetters = true
    await pipeline.pass(2 * minuteMs)
    pipeline.events(2, 1, { second: 10 })
    await pipeline.pass(2_000)
    expect(pipeline.source.commits).toEqual([])
    expect(await pipeline.metrics.render()).toContain('cartwatch_uncommitted_seconds 121\n')
    expect(pipeline.live.state()).toMatchObject({
      deadLetters: { since: minute(0) + 1_000, error: 'no such topic' },
      stall: { cause: 'dead_letters_refused', error: 'no such topic' }
    })
    expect(pipeline.sent).toEqual(['1.02 slack trigger pipeline_stalled high opened'])
    pipeline.faults.deadLetters = false
    await pipeline.pass(2_000)
    expect(pipeline.live.state()).toMatchObject({ deadLetters: undefined, stall: undefined })
    expect(await pipeline.metrics.render()).toContain('cartwatch_uncommitted_seconds 0\n')
    expect(pipeline.deadLetters).toEqual([
      { partition: 't/0', offset: 1, reason: 'invalid_json', key: null, value: Buffer.from('no JSON') }
    ])
    expect(pipeline.source.commits.length).toBeGreaterThan(0)
  })
})

describe('a catch-up', () => {
  test('is summarised in one message once the past is read to its end', async () => {
    const pipeline = createLivePipeline({ startMinute: 600 })
    await pipeline.start()
    const recordTime = minute(600)
    for (let at = 0; at < 580; at++) pipeline.events(at, at === 100 || at === 300 ? 101 : 10, { recordTime })
    await pipeline.settle(1_000)
    await pipeline.pass(5_000, { 't/0': 100 })
    expect(pipeline.sent).toEqual([])
    await pipeline.pass(2_000)
    expect(pipeline.sent).toHaveLength(1)
    expect(pipeline.sent[0]).toMatch(/ slack summary catch_up high catch_up$/)
    const summary = [...pipeline.store.notificationRows.values()].find(({ action }) => action === 'summary')
    expect(summary?.anomalies.map(({ windowEnd }) => (windowEnd - epoch) / minuteMs)).toEqual([101, 301])
  })
})

describe('an edited configuration', () => {
  test('of other detectors learns the past anew and judges from the next window on', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 3)
    pipeline.live.reconfigure(pipeline.rulesOf('new ', { edited: true }))
    await pipeline.readMinutes(3, 5)
    expect(pipeline.seen).toEqual([
      'judge 0',
      'judge 1',
      'new learn 0',
      'new learn 1',
      'new judge 2',
      'new judge 3'
    ])
  })

  test('of anything else keeps what was learnt', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 3)
    pipeline.live.reconfigure(pipeline.rulesOf('new '))
    await pipeline.readMinutes(3, 5)
    expect(pipeline.seen).toEqual(['judge 0', 'judge 1', 'judge 2', 'judge 3'])
  })

  test('is judged by the detectors before it while the store is away, and alerts continue', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    pipeline.store.isDown = true
    pipeline.live.reconfigure(pipeline.rulesOf('new ', { edited: true }))
    await pipeline.readMinute(2, 101)
    await pipeline.readMinutes(3, 4)
    expect(pipeline.sent.map(text => text.split(' ').slice(3).join(' '))).toEqual([
      'store_unavailable high opened',
      'traffic_spike high opened'
    ])
    pipeline.store.isDown = false
    await pipeline.pass(20_000)
    await pipeline.readMinutes(4, 6)
    expect(pipeline.seen.filter(step => step.includes('judge'))).toEqual([
      'judge 0',
      'judge 1',
      'judge 2',
      'new judge 3',
      'new judge 4'
    ])
  })
})
