import { describe, expect, test } from 'vitest'
import { minuteMs } from '../../support/alerts.ts'
import { createLiveLine, startOf } from '../../support/live-line.ts'

describe('silence', () => {
  test('in a partition that is read to its end closes windows by the clock, and is an anomaly', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    await line.pass(3 * minuteMs)
    expect(line.seen).toEqual(['judge 0', 'judge 1', 'judge 2', 'judge 3'])
    expect(line.sent).toEqual(['3.53 slack trigger data_loss high opened'])
  })

  test('says nothing while a partition lags', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    const judged = line.seen.length
    await line.pass(10 * minuteMs, { 't/0': 3_000 })
    expect(line.seen).toHaveLength(judged)
    expect(line.sent).toEqual([])
  })

  test('of the broker is a stall, high at first and critical after five minutes, and no silence of the shop', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    const judged = line.seen.length
    line.faults.broker = true
    await line.pass(8 * minuteMs)
    expect(line.seen).toHaveLength(judged)
    expect(line.sent).toEqual([
      '3 slack trigger pipeline_stalled high opened',
      '7 slack trigger pipeline_stalled critical severity_rose'
    ])
    line.faults.broker = false
    await line.pass(2_000)
    expect(line.live.state().stall).toBeUndefined()
    line.events(10, 10)
    await line.pass(10 * minuteMs)
    expect(line.sent.filter(text => text.includes('pipeline_stalled')).slice(2)).toEqual([
      '15 slack resolve pipeline_stalled critical recovered'
    ])
  })

  test('of the broker that outlasts the process is the same stall: told once, and resolved', async () => {
    const before = createLiveLine()
    await before.start()
    before.faults.broker = true
    await before.pass(3 * minuteMs)
    expect(before.sent).toEqual(['1 slack trigger pipeline_stalled high opened'])

    const line = createLiveLine({ startMinute: 4, store: before.store })
    void line.live.run()
    line.faults.broker = true
    await line.pass(3 * minuteMs)
    expect(line.live.state().stall?.cause).toBe('broker_gone')
    line.source.assign(startOf(['t/0']))
    line.faults.broker = false
    await line.pass(10 * minuteMs)
    expect(line.sent.map(text => text.split(' ').slice(2).join(' '))).toEqual([
      'resolve pipeline_stalled high recovered'
    ])
    expect([...line.store.incidentRows.values()].map(({ status }) => status)).toEqual(['resolved'])
  })

  test('of the broker for longer than a partition may hold the others gives none up', async () => {
    const line = createLiveLine()
    await line.start(['t/0', 't/1'])
    line.events(0, 10, { key: 't/0' })
    line.events(0, 10, { key: 't/1' })
    await line.pass(minuteMs)
    line.events(1, 10, { key: 't/0', second: 30 })
    line.source.answer({ 't/1': 100 })
    line.faults.broker = true
    await line.pass(40 * minuteMs)
    line.faults.broker = false
    await line.pass(1_000, { 't/0': 100, 't/1': 100 })
    expect(line.live.state().work?.givenUp).toEqual(new Set())
  })
})
