import { describe, expect, test } from 'vitest'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { createLivePipeline } from '../../support/live-pipeline.ts'

const minute = (at: number) => epoch + at * minuteMs

describe('a store that is away', () => {
  test('at the start, nothing begins; it is notified once, and resolved once the store is back', async () => {
    const pipeline = createLivePipeline()
    pipeline.store.isDown = true
    await pipeline.start()
    await pipeline.pass(3 * minuteMs)
    expect(pipeline.live.state()).toMatchObject({
      source: { role: 'restoring', lastError: 'the store is away' },
      storeFailure: { reason: 'unreachable', error: 'the store is away' },
      work: undefined
    })
    expect(pipeline.sent).toEqual(['1.03 slack trigger pipeline_stalled high opened'])
    pipeline.store.isDown = false
    await pipeline.pass(30_000)
    expect(pipeline.live.state()).toMatchObject({ source: { role: 'working' }, storeFailure: undefined })
    await pipeline.pass(10 * minuteMs)
    expect(pipeline.sent.slice(1)).toEqual(['8 slack resolve pipeline_stalled high recovered'])
    expect([...pipeline.store.incidentRows.values()].map(({ kind, status }) => [kind, status])).toEqual([
      ['pipeline_stalled', 'resolved']
    ])
  })

  test('in the middle, alerts continue while windows wait, and all rows are there once it is back', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    const committed = pipeline.source.commits.length
    pipeline.store.isDown = true
    await pipeline.readMinute(2, 101)
    await pipeline.readMinutes(3, 5)
    expect(pipeline.sent).toEqual([
      '3.37 slack trigger store_unavailable high opened',
      '3.37 slack trigger traffic_spike high opened'
    ])
    expect(pipeline.live.state()).toMatchObject({
      waiting: 3,
      storeFailure: { reason: 'unreachable', error: 'the store is away' }
    })
    expect(pipeline.source.commits).toHaveLength(committed)
    pipeline.store.isDown = false
    await pipeline.pass(15_000)
    expect(pipeline.live.state()).toMatchObject({ waiting: 0, storeFailure: undefined })
    expect(pipeline.stored()).toEqual([
      [0, 10],
      [1, 10],
      [2, 101],
      [3, 10]
    ])
    expect(pipeline.lastCommit().get('t/0')).toMatchObject({ closedUntil: minute(4) })
  })

  test('past a day of windows reading stops, and continues once they are stored', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    pipeline.store.isDown = true
    pipeline.events(1_440, 1)
    await pipeline.settle()
    await pipeline.pass(1_000)
    expect({ waiting: pipeline.live.state().waiting, held: [...pipeline.source.held] }).toEqual({
      waiting: 1_438,
      held: []
    })
    pipeline.events(1_444, 1)
    await pipeline.pass(1_000)
    expect({ waiting: pipeline.live.state().waiting, held: [...pipeline.source.held] }).toEqual({
      waiting: 1_442,
      held: ['t/0']
    })
    expect(pipeline.live.state().stall).toBeUndefined()
    await pipeline.pass(2 * minuteMs)
    expect(pipeline.live.state().stall).toMatchObject({ cause: 'memory_full' })
    expect(pipeline.sent.filter(text => text.includes('pipeline_stalled'))).toHaveLength(1)
    pipeline.store.isDown = false
    await pipeline.settle(2_000)
    await pipeline.pass(20_000)
    expect({ waiting: pipeline.live.state().waiting, held: [...pipeline.source.held] }).toEqual({
      waiting: 0,
      held: []
    })
  })

  test('where the past cannot be read, windows wait unjudged and are judged in order once it can', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    pipeline.store.isDown = true
    await pipeline.readMinutes(0, 3)
    expect(pipeline.seen).toEqual([])
    expect(pipeline.live.state()).toMatchObject({
      storeFailure: { reason: 'unreachable', error: 'the store is away' },
      detection: undefined
    })
    pipeline.store.isDown = false
    await pipeline.pass(20_000)
    expect(pipeline.seen).toEqual(['judge 0', 'judge 1'])
    const warnings = pipeline.log.lines.filter(
      ({ message }) => message === 'stored windows cannot be read: no window is judged until they can'
    )
    expect(warnings.map(({ fields }) => fields['error'])).toEqual([
      'the store is away',
      'what was judged is not stored yet'
    ])
  })
})

describe('an outage of the store that lasts', () => {
  const about = (pipeline: ReturnType<typeof createLivePipeline>) =>
    pipeline.sent.filter(text => text.includes('store_unavailable'))

  test('is notified once, raised once, and its end notified once, without the store knowing of it', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    pipeline.store.isDown = true
    await pipeline.readMinutes(2, 64)
    expect(about(pipeline)).toEqual([
      '3.37 slack trigger store_unavailable high opened',
      '62.37 slack trigger store_unavailable critical severity_rose'
    ])
    expect(pipeline.store.incidentRows.size).toBe(0)
    pipeline.store.isDown = false
    await pipeline.readMinutes(64, 67)
    expect(about(pipeline).slice(2)).toEqual(['64.1 slack resolve store_unavailable critical recovered'])
    const [incident] = [...pipeline.store.incidentRows.values()]
    expect(incident).toMatchObject({ kind: 'store_unavailable', status: 'resolved', anomalies: 2 })
    const sent = [...pipeline.store.notificationRows.values()]
    expect(sent.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'trigger sent',
      'trigger sent',
      'resolve sent'
    ])
    expect(sent.at(-1)?.anomalies[0]?.details).toBe(
      'The store accepts rows again: 62 windows were written late, none is missing.'
    )
    expect(pipeline.stored()).toHaveLength(66)
  })

  test('that is shorter than that notifies nobody', async () => {
    const pipeline = createLivePipeline()
    await pipeline.start()
    await pipeline.readMinutes(0, 2)
    pipeline.store.isDown = true
    await pipeline.readMinute(2, 10)
    pipeline.store.isDown = false
    await pipeline.readMinutes(3, 5)
    expect(pipeline.sent).toEqual([])
  })

  test('is not opened where the work never began: that is pipeline_stalled', async () => {
    const pipeline = createLivePipeline()
    pipeline.store.isDown = true
    await pipeline.start()
    await pipeline.pass(3 * minuteMs)
    expect(about(pipeline)).toEqual([])
  })
})
