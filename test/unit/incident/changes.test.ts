import { describe, expect, test } from 'vitest'
import { type Change, createRecentChanges } from '../../../src/incident/changes.ts'
import { alertingOn, anomalyAt, createMemory, epoch, incidentOf, minuteMs } from '../../support/alerts.ts'

const changeAt = (minute: number, more: Partial<Change> = {}): Change => ({
  ...{ id: `at ${minute}`, pipeline: 'shop', at: epoch + minute * minuteMs, kind: 'deploy' },
  ...{ what: 'checkout 4.2', by: 'ci', via: 'api', link: null, ...more }
})

describe('the changes before an incident', () => {
  const from = (minute: number) => incidentOf({ conditionFrom: epoch + minute * minuteMs })
  const namedAt = (minute: number, changes: readonly Change[]) => {
    const recent = createRecentChanges()
    recent.add(changes)
    return recent.before(from(minute)).map(({ id }) => id)
  }

  test.for([
    [0, true],
    [29, true],
    [30, true],
    [31, false],
    [-0.5, true],
    [-1, false]
  ] as const)('one of %d minutes before counts: %s', ([minutes, counts]) => {
    expect(namedAt(100, [changeAt(100 - minutes)])).toHaveLength(counts ? 1 : 0)
  })

  test('are the latest three', () => {
    expect(
      namedAt(
        100,
        [80, 99, 90, 95, 85].map(minute => changeAt(minute))
      )
    ).toEqual(['at 99', 'at 95', 'at 90'])
  })

  test('count once for an id, as they were said last', () => {
    const recent = createRecentChanges()
    recent.add([changeAt(90), changeAt(90, { what: 'checkout 4.2.1' })])
    expect(recent.before(from(95))).toEqual([
      {
        ...{ id: 'at 90', at: epoch + 90 * minuteMs, kind: 'deploy' },
        ...{ what: 'checkout 4.2.1', by: 'ci', link: null }
      }
    ])
  })
})

describe('a message', () => {
  const minuteOf = (minute: number) => {
    const anomaly = anomalyAt(minute)
    const { windowStart, windowEnd } = anomaly
    const verdict = { windowStart, windowEnd, findings: [anomaly], judged: [anomaly.kind] }
    return [verdict, [anomaly], windowEnd + 10_000] as const
  }

  test('names what was changed before its incident began, told or read at a start', async () => {
    const told = alertingOn(createMemory())
    told.onChanges([changeAt(-5)])
    const memory = { ...createMemory(), changes: async () => [changeAt(-5)] }
    const restarted = alertingOn(memory)
    await restarted.restore(epoch, epoch)
    for (const incidents of [told, restarted]) {
      const { notifications } = incidents.onWindow(...minuteOf(1))
      expect(notifications.length).toBeGreaterThan(0)
      for (const { changes } of notifications) expect(changes).toMatchObject([{ what: 'checkout 4.2' }])
    }
  })

  test('has none where nothing was changed', () => {
    const incidents = alertingOn(createMemory())
    incidents.onChanges([changeAt(-50)])
    const { notifications } = incidents.onWindow(...minuteOf(1))
    for (const notification of notifications) expect(notification).not.toHaveProperty('changes')
  })
})
