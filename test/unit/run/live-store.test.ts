import { describe, expect, test } from 'vitest'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { createLiveLine } from '../../support/live-line.ts'

const minute = (at: number) => epoch + at * minuteMs

describe('a store that is away', () => {
  test('at the start, nothing begins; it is told once, and resolved once the store is back', async () => {
    const line = createLiveLine()
    line.store.isDown = true
    await line.start()
    await line.pass(3 * minuteMs)
    expect(line.live.state()).toMatchObject({
      source: { role: 'restoring', lastError: 'the store is away' },
      storeFailure: { reason: 'unreachable', error: 'the store is away' },
      work: undefined
    })
    expect(line.sent).toEqual(['1.03 slack trigger pipeline_stalled high opened'])
    line.store.isDown = false
    await line.pass(30_000)
    expect(line.live.state()).toMatchObject({ source: { role: 'working' }, storeFailure: undefined })
    await line.pass(10 * minuteMs)
    expect(line.sent.slice(1)).toEqual(['8 slack resolve pipeline_stalled high recovered'])
    expect([...line.store.incidentRows.values()].map(({ kind, status }) => [kind, status])).toEqual([
      ['pipeline_stalled', 'resolved']
    ])
  })

  test('in the middle, alerts go on while windows wait, and all rows are there once it is back', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    const committed = line.source.commits.length
    line.store.isDown = true
    await line.readMinute(2, 101)
    await line.readMinutes(3, 5)
    expect(line.sent).toEqual([
      '3.37 slack trigger store_unavailable high opened',
      '3.37 slack trigger traffic_spike high opened'
    ])
    expect(line.live.state()).toMatchObject({
      waiting: 3,
      storeFailure: { reason: 'unreachable', error: 'the store is away' }
    })
    expect(line.source.commits).toHaveLength(committed)
    line.store.isDown = false
    await line.pass(15_000)
    expect(line.live.state()).toMatchObject({ waiting: 0, storeFailure: undefined })
    expect(line.stored()).toEqual([
      [0, 10],
      [1, 10],
      [2, 101],
      [3, 10]
    ])
    expect(line.lastCommit().get('t/0')).toMatchObject({ sealedUntil: minute(4) })
  })

  test('past a day of windows reading stops, and goes on once they are stored', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    line.store.isDown = true
    line.events(1_440, 1)
    await line.settle()
    await line.pass(1_000)
    expect({ waiting: line.live.state().waiting, held: [...line.source.held] }).toEqual({
      waiting: 1_438,
      held: []
    })
    line.events(1_444, 1)
    await line.pass(1_000)
    expect({ waiting: line.live.state().waiting, held: [...line.source.held] }).toEqual({
      waiting: 1_442,
      held: ['t/0']
    })
    expect(line.live.state().stall).toBeUndefined()
    await line.pass(2 * minuteMs)
    expect(line.live.state().stall).toMatchObject({ cause: 'memory_full' })
    expect(line.sent.filter(text => text.includes('pipeline_stalled'))).toHaveLength(1)
    line.store.isDown = false
    await line.settle(2_000)
    await line.pass(20_000)
    expect({ waiting: line.live.state().waiting, held: [...line.source.held] }).toEqual({
      waiting: 0,
      held: []
    })
  })

  test('where the past cannot be read, windows wait unjudged and are judged in order once it can', async () => {
    const line = createLiveLine()
    await line.start()
    line.store.isDown = true
    await line.readMinutes(0, 3)
    expect(line.seen).toEqual([])
    expect(line.live.state()).toMatchObject({
      storeFailure: { reason: 'unreachable', error: 'the store is away' },
      detection: undefined
    })
    line.store.isDown = false
    await line.pass(20_000)
    expect(line.seen).toEqual(['judge 0', 'judge 1'])
    const told = line.log.lines.filter(
      ({ message }) => message === 'the past cannot be read from the store: nothing is judged yet'
    )
    expect(told.map(({ fields }) => fields['error'])).toEqual([
      'the store is away',
      'what was judged is not stored yet'
    ])
  })
})

describe('an outage of the store that lasts', () => {
  const about = (line: ReturnType<typeof createLiveLine>) =>
    line.sent.filter(text => text.includes('store_unavailable'))

  test('is told once, raised once, and its end is told once, without the store knowing of it', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    line.store.isDown = true
    await line.readMinutes(2, 64)
    expect(about(line)).toEqual([
      '3.37 slack trigger store_unavailable high opened',
      '62.37 slack trigger store_unavailable critical severity_rose'
    ])
    expect(line.store.incidentRows.size).toBe(0)
    line.store.isDown = false
    await line.readMinutes(64, 67)
    expect(about(line).slice(2)).toEqual(['64.1 slack resolve store_unavailable critical recovered'])
    const [incident] = [...line.store.incidentRows.values()]
    expect(incident).toMatchObject({ kind: 'store_unavailable', status: 'resolved', anomalies: 2 })
    const sent = [...line.store.notificationRows.values()]
    expect(sent.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'trigger sent',
      'trigger sent',
      'resolve sent'
    ])
    expect(sent.at(-1)?.anomalies[0]?.details).toBe(
      'The store takes rows again: 62 windows were written late, none is missing.'
    )
    expect(line.stored()).toHaveLength(66)
  })

  test('that is shorter than that is told to nobody', async () => {
    const line = createLiveLine()
    await line.start()
    await line.readMinutes(0, 2)
    line.store.isDown = true
    await line.readMinute(2, 10)
    line.store.isDown = false
    await line.readMinutes(3, 5)
    expect(line.sent).toEqual([])
  })

  test('is not told where the line never began: that is pipeline_stalled', async () => {
    const line = createLiveLine()
    line.store.isDown = true
    await line.start()
    await line.pass(3 * minuteMs)
    expect(about(line)).toEqual([])
  })
})
