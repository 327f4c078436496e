import { describe, expect, test } from 'vitest'
import { minuteMs } from '../../support/alerts.ts'
import { createLivePipeline, minuteOfWindow, startOf } from '../../support/live-pipeline.ts'

describe('silence', () => {
  test('in a partition that is read to its end closes windows by the clock, and is an anomaly', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    await pipeline.pass(3 * minuteMs)
    expect(pipeline.seen).toEqual(['judge 0', 'judge 1', 'judge 2', 'judge 3'])
    expect(pipeline.sent).toEqual(['3.53 slack trigger data_loss high opened'])
  })

  test('closes no window while a partition lags, which is told', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    const judged = pipeline.seen.length
    await pipeline.pass(10 * minuteMs, { 't/0': 3_000 })
    expect(pipeline.seen).toHaveLength(judged)
    expect(pipeline.sent).toEqual([
      '4.02 slack trigger pipeline_stalled high opened',
      '9 slack trigger pipeline_stalled critical severity_rose'
    ])
    expect(pipeline.live.state().stall?.cause).toBe('nothing_closes')
  })

  test('of the broker is a stall, high at first and critical after five minutes, and no silence of the shop', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    const judged = pipeline.seen.length
    pipeline.faults.broker = true
    await pipeline.pass(8 * minuteMs)
    expect(pipeline.seen).toHaveLength(judged)
    expect(pipeline.sent).toEqual([
      '3 slack trigger pipeline_stalled high opened',
      '7 slack trigger pipeline_stalled critical severity_rose'
    ])
    pipeline.faults.broker = false
    await pipeline.pass(2_000)
    expect(pipeline.live.state().stall).toBeUndefined()
    pipeline.events(10, 10)
    await pipeline.pass(10 * minuteMs)
    expect(pipeline.sent.filter(text => text.includes('pipeline_stalled')).slice(2)).toEqual([
      '15 slack resolve pipeline_stalled critical recovered'
    ])
  })

  test('of the broker leaves windows that say nothing: no loss is found of what could not be written', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    pipeline.faults.broker = true
    await pipeline.pass(8 * minuteMs)
    pipeline.faults.broker = false
    await pipeline.readMinutes(10, 14)
    expect(pipeline.sent.filter(text => text.includes('data_loss'))).toEqual([])
    const incomplete = [...pipeline.store.windowRows.values()].filter(({ complete }) => !complete)
    expect(incomplete.map(minuteOfWindow)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('of the broker that outlasts the process is the same stall: notified once, and resolved', async () => {
    const before = createLivePipeline()
    await before.start()
    before.faults.broker = true
    await before.pass(3 * minuteMs)
    expect(before.sent).toEqual(['1 slack trigger pipeline_stalled high opened'])

    const pipeline = createLivePipeline({ startMinute: 4, store: before.store })
    void pipeline.live.run()
    pipeline.faults.broker = true
    await pipeline.pass(3 * minuteMs)
    expect(pipeline.live.state().stall?.cause).toBe('broker_gone')
    pipeline.source.assign(startOf(['t/0']))
    pipeline.faults.broker = false
    await pipeline.pass(10 * minuteMs)
    expect(pipeline.sent.map(text => text.split(' ').slice(2).join(' '))).toEqual([
      'resolve pipeline_stalled high recovered'
    ])
    expect([...pipeline.store.incidentRows.values()].map(({ status }) => status)).toEqual(['resolved'])
  })

  test('of the broker for longer than a partition may hold back the others skips none', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start(['t/0', 't/1'])
    pipeline.events(0, 10, { key: 't/0' })
    pipeline.events(0, 10, { key: 't/1' })
    await pipeline.pass(minuteMs)
    pipeline.events(1, 10, { key: 't/0', second: 30 })
    pipeline.source.answer({ 't/1': 100 })
    pipeline.faults.broker = true
    await pipeline.pass(40 * minuteMs)
    pipeline.faults.broker = false
    await pipeline.pass(1_000, { 't/0': 100, 't/1': 100 })
    expect(pipeline.live.state().work?.skipped).toEqual(new Set())
  })
})
