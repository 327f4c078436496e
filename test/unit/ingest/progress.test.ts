import { describe, expect, test } from 'vitest'
import { createAssignmentState } from '../../../src/ingest/assignment-state.ts'
import { progressOf } from '../../../src/ingest/progress.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { createLivePipeline } from '../../support/live-pipeline.ts'
import { atBeginning } from '../../support/scripted-source.ts'
import { shopEvent } from '../../support/shop-event.ts'

const at = (minutes: number) => epoch + minutes * minuteMs
const keys = ['b/0', 'a/10', 'a/2'] as const

function working(options: Parameters<typeof ingestOptions>[0] = {}) {
  const work = createAssignmentState(
    ingestOptions(options),
    new Map(keys.map(key => [key, atBeginning])),
    epoch
  )
  const standing = (isPaused = false) =>
    progressOf(work, {
      sizeMs: minuteMs,
      lag: new Map([['a/2', 7]]),
      waiting: { toCommit: 0, toDecide: 0, toStore: 0 },
      isPaused
    })
  return {
    work,
    standing,
    states: (isPaused?: boolean) => standing(isPaused).partitions.map(({ state }) => state),
    read(key: (typeof keys)[number], minutes: number) {
      const one = work.partitions.get(key)!
      const offset = one.position()
      one.add(shopEvent(at(minutes)), offset, at(minutes))
      one.moveTo(offset + 1)
    }
  }
}

describe('where the work stands', () => {
  test('is said of every partition in its order, with its watermark and open windows', () => {
    const { read, standing, work } = working()
    read('a/2', 0)
    read('a/2', 1)
    read('a/10', 1.5)
    work.close(at(2))
    expect(standing()).toEqual({
      partitions: [
        {
          topic: 'a',
          partition: 2,
          position: 2,
          lag: 7,
          watermark: at(1) - 10_000,
          openWindows: 2,
          state: 'reading'
        },
        {
          topic: 'a',
          partition: 10,
          position: 1,
          lag: 0,
          watermark: at(1.5) - 10_000,
          openWindows: 1,
          state: 'reading'
        },
        {
          topic: 'b',
          partition: 0,
          position: 0,
          lag: 0,
          watermark: undefined,
          openWindows: 0,
          state: 'empty'
        }
      ],
      closedUntil: undefined,
      openWindows: 2,
      oldestOpen: at(0),
      waiting: { toCommit: 0, toDecide: 0, toStore: 0 }
    })
  })

  test('names the partition that holds windows which another has passed, and no other', () => {
    const { read, states, work } = working()
    for (const key of keys) read(key, 0.5)
    work.close(at(1))
    expect(states()).toEqual(['reading', 'reading', 'reading'])
    read('a/2', 3)
    read('a/10', 1.5)
    work.close(at(3))
    expect(states()).toEqual(['reading', 'reading', 'holds'])
  })

  test('names partitions that are given up, are at their end, or are too far ahead', () => {
    const { read, states, work } = working({ maxAhead: 5 })
    for (const key of keys) read(key, 0.5)
    read('a/2', 20)
    read('a/10', 2)
    work.partitions.get('a/10')?.endSeen(2, at(2))
    work.close(at(2))
    expect(states()).toEqual(['paused', 'at_end', 'holds'])
    work.skipStalled(at(60), true)
    expect(states()).toEqual(['paused', 'at_end', 'given_up'])
  })

  test('is paused in every partition where too much waits', () => {
    const { read, states } = working()
    read('a/2', 0)
    expect(states(true)).toEqual(['paused', 'paused', 'paused'])
  })
})

test('a pipeline says what its closed windows wait for, and nothing while another works', async () => {
  const pipeline = createLivePipeline()
  expect(pipeline.live.progress()).toBe(undefined)
  await pipeline.start()
  await pipeline.readMinutes(0, 2)
  pipeline.store.isDown = true
  await pipeline.readMinutes(2, 4)
  expect(pipeline.live.progress()).toMatchObject({
    partitions: [{ topic: 't', partition: 0, position: 40, state: 'at_end' }],
    closedUntil: at(3),
    openWindows: 1,
    oldestOpen: at(3),
    // Two windows, and what is said of the store itself.
    waiting: { toCommit: 0, toDecide: 0, toStore: 3 }
  })
  pipeline.source.standBy()
  expect(pipeline.live.progress()).toBe(undefined)
})
