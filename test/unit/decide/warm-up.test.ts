import { expect, test } from 'vitest'
import { warmUp } from '../../../src/decide/warm-up.ts'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { windowAt } from '../../support/decisions.ts'
import { createPlainDetection } from '../../support/live-pipeline.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const dayMs = 86_400_000
const hours = (number: number) => number * 60

test('the past is learnt in order, from its begin to before its end', async () => {
  const store = createMemoryStore()
  store.put([windowAt(4), windowAt(1), windowAt(0), windowAt(2), windowAt(3)])
  const seen: string[] = []
  const learnt = await warmUp(
    store,
    'shop',
    createPlainDetection(seen),
    epoch + minuteMs,
    epoch + 4 * minuteMs
  )
  expect({ learnt, seen }).toEqual({ learnt: 3, seen: ['learn 1', 'learn 2', 'learn 3'] })
})

test('it is asked for a week at a time without segments, then for three days one by one, and no further', async () => {
  const store = createMemoryStore()
  store.put([windowAt(0), windowAt(hours(24 * 8)), windowAt(hours(24 * 12)), windowAt(hours(24 * 13))])
  const asked: (number | boolean)[][] = []
  const { windows } = store
  store.windows = (pipeline, from, to, segmentMetrics) => {
    asked.push([(from - epoch) / dayMs, (to - epoch) / dayMs, segmentMetrics?.includes('events') ?? true])
    return windows(pipeline, from, to, segmentMetrics)
  }
  const seen: string[] = []
  const learnt = await warmUp(store, 'shop', createPlainDetection(seen), epoch, epoch + 12.5 * dayMs)
  expect(asked).toEqual([
    [0, 7, false],
    [7, 9.5, false],
    [9.5, 10.5, true],
    [10.5, 11.5, true],
    [11.5, 12.5, true]
  ])
  expect({ learnt, seen }).toEqual({ learnt: 3, seen: ['learn 0', 'learn 11520', 'learn 17280'] })
})

test('incomplete windows are not learnt from', async () => {
  const store = createMemoryStore()
  store.put([windowAt(0, { complete: false }), windowAt(1)])
  const seen: string[] = []
  await warmUp(store, 'shop', createPlainDetection(seen), epoch, epoch + dayMs)
  expect(seen).toEqual(['learn 1'])
})

test("a store that fails rejects with the store's error", async () => {
  const store = createMemoryStore()
  store.isDown = true
  await expect(warmUp(store, 'shop', createPlainDetection([]), epoch, epoch + dayMs)).rejects.toMatchObject({
    code: 'UNREACHABLE'
  })
})

test('a detection that adds up the past gets incomplete windows too, and the segments that it asks for', async () => {
  const store = createMemoryStore()
  store.put([windowAt(0, { complete: false }), windowAt(1), windowAt(2, { complete: false })])
  const asked: unknown[] = []
  const { windows } = store
  store.windows = (pipeline, from, to, segmentMetrics, which) => {
    asked.push([segmentMetrics?.includes('gpu_cost'), which])
    return windows(pipeline, from, to, segmentMetrics, which)
  }
  const seen: string[] = []
  const detection = {
    ...createPlainDetection(seen),
    alsoLearns: {
      segmentMetrics: ['gpu_cost'],
      learnIncomplete: ({ start }: WindowMetrics) =>
        void seen.push(`incomplete ${(start - epoch) / minuteMs}`)
    }
  }
  const learnt = await warmUp(store, 'shop', detection, epoch, epoch + dayMs)
  expect(seen).toEqual(['incomplete 0', 'learn 1', 'incomplete 2'])
  expect({ learnt, asked }).toEqual({ learnt: 1, asked: [[true, 'all']] })
})
