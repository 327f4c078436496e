import { describe, expect, test } from 'vitest'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import { createPartitionWindows } from '../../../src/window/partition-windows.ts'
import type { Checkpoint } from '../../../src/window/types.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { shopEvent } from '../../support/shop-event.ts'

const second = 1_000
const minute = 60 * second
const options = ingestOptions()
const accumulate = compile(options)

const beginning: Checkpoint = {
  offset: 0,
  closedUntil: undefined,
  maxEventTime: undefined,
  maxRecordTime: undefined,
  incompleteUntil: 0,
  closedMarkers: []
}

function windows(from: Partial<Checkpoint> = {}, sizeMs = minute) {
  const own = createPartitionWindows(
    {
      sizeMs,
      graceMs: 10 * second,
      idleMs: 30 * second,
      accumulate,
      emptyPartial: start => createPartial(start, options)
    },
    { ...beginning, ...from }
  )
  return {
    ...own,
    /** Reads an event at its place; its record is as old as itself unless said. */
    read(offset: number, eventTime: number, recordTime = eventTime) {
      const placed = own.add(shopEvent(eventTime), offset, recordTime)
      own.moveTo(offset + 1)
      return placed
    },
    readDead(offset: number) {
      own.addDead(offset)
      own.moveTo(offset + 1)
    },
    counts(start: number) {
      const { records, late, dead } = own.take(start) ?? { records: 0, late: 0, dead: 0 }
      return { records, late, dead }
    }
  }
}

describe('late events', () => {
  test('an event is counted while its window ends after the watermark', () => {
    const own = windows()
    own.read(0, 0)
    own.read(1, 69_999)
    expect(own.read(2, 59_999)).toBe('counted')
    expect(own.counts(0)).toEqual({ records: 2, late: 0, dead: 0 })
  })

  test('an event after the grace is counted late in the open window and added to none', () => {
    const own = windows()
    own.read(0, 0)
    own.read(1, 70_000)
    expect(own.read(2, 59_999)).toBe('late')
    expect(own.counts(0)).toEqual({ records: 1, late: 0, dead: 0 })
    expect(own.counts(minute)).toEqual({ records: 2, late: 1, dead: 0 })
  })

  test('a late event never moves the watermark, nor does a dead letter', () => {
    const own = windows()
    own.read(0, 10 * minute)
    own.read(1, 0)
    own.readDead(2)
    expect(own.maxEventTime()).toBe(10 * minute)
    expect(own.watermark()).toBe(10 * minute - 10 * second)
  })

  test('an event behind a closed marker is late though the watermark has not passed it', () => {
    const own = windows()
    own.read(0, 5 * second)
    own.markClosed(minute)
    expect(own.read(1, 6 * second)).toBe('late')
    own.take(0)
    expect(own.counts(minute)).toEqual({ records: 1, late: 1, dead: 0 })
  })

  test('a dead letter counts in the window that is open', () => {
    const own = windows()
    own.read(0, 3 * minute)
    own.readDead(1)
    expect(own.counts(3 * minute)).toEqual({ records: 2, late: 0, dead: 1 })
  })
})

describe('dead letters before the first event', () => {
  test('they wait for its window', () => {
    const own = windows()
    own.readDead(0)
    own.readDead(1)
    expect(own.openWindows()).toBe(0)
    expect(own.checkpoint().offset).toBe(0)
    own.read(2, 3 * minute)
    expect(own.counts(3 * minute)).toEqual({ records: 3, late: 0, dead: 2 })
  })

  test('they are counted behind the first closed marker where no event comes, and no longer hold the commit', () => {
    const own = windows()
    own.readDead(0)
    expect(own.markClosed(minute)).toBe(true)
    expect(own.counts(minute)).toEqual({ records: 1, late: 0, dead: 1 })
    own.markClosed(2 * minute)
    expect(own.checkpoint().offset).toBe(0)
    own.done(2 * minute)
    expect(own.checkpoint().offset).toBe(1)
  })

  test('a replay places them behind the same closed marker', () => {
    const first = windows()
    first.readDead(0)
    first.markClosed(minute)
    first.markClosed(2 * minute)
    const again = windows(first.checkpoint())
    again.readDead(0)
    expect(again.counts(minute)).toEqual({ records: 1, late: 0, dead: 1 })
    expect(again.openWindows()).toBe(0)
  })
})

describe('a partition that is quiet', () => {
  test('moves on by the clock since its newest record, less the idle time', () => {
    const own = windows()
    own.read(0, 100 * second, 101 * second)
    own.endSeen(1, 171 * second)
    own.endSeen(1, 201 * second)
    expect(own.watermark()).toBe(100 * second + 100 * second - 30 * second)
  })

  test('where the broker was away, silence begins anew once it answers, and says nothing of the time before', () => {
    const own = windows()
    own.read(0, 100 * second)
    const back = 400 * second
    own.endSeen(1, back, back)
    own.endSeen(1, back + 29 * second, back)
    expect(own.watermark()).toBe(90 * second)
    own.endSeen(1, back + 30 * second, back)
    expect(own.watermark()).toBe(400 * second)
    expect([6, 7].map(minutes => own.isIncomplete(minutes * minute))).toEqual([true, false])
  })

  test('is not quiet where its end lies further on', () => {
    const own = windows()
    own.read(0, 100 * second)
    own.endSeen(2, 500 * second)
    expect(own.readToEnd()).toBe(false)
    expect(own.watermark()).toBe(90 * second)
  })

  test('is heard again with its next record', () => {
    const own = windows()
    own.read(0, 100 * second)
    own.endSeen(1, 500 * second)
    own.read(1, 110 * second)
    expect(own.watermark()).toBe(100 * second)
    expect(own.readToEnd()).toBe(false)
  })

  test('is not woken by late events alone', () => {
    const own = windows()
    own.read(0, 600 * second)
    own.endSeen(1, 601 * second)
    own.endSeen(1, 701 * second)
    expect(own.watermark()).toBe(671 * second)
    expect(own.read(1, 60 * second)).toBe('late')
    expect(own.watermark()).toBe(671 * second)
    own.endSeen(2, 711 * second)
    expect(own.watermark()).toBe(681 * second)
  })
})

describe('a partition without records', () => {
  test('holds everything until it is read to its end, then nothing', () => {
    const own = windows()
    expect(own.watermark()).toBe(Number.NEGATIVE_INFINITY)
    own.endSeen(0, 500 * second)
    expect(own.watermark()).toBeUndefined()
  })
})

describe('a partition entered in its middle', () => {
  test('is incomplete until the grace after its first event', () => {
    const own = windows({ incompleteUntil: undefined })
    own.read(5, 55 * second)
    expect([0, minute, 2 * minute].map(own.isIncomplete)).toEqual([true, true, false])
  })

  test('is whole from its second window on where the first event leaves the grace to it', () => {
    const own = windows({ incompleteUntil: undefined })
    own.read(5, 50 * second)
    expect([0, minute].map(own.isIncomplete)).toEqual([true, false])
  })

  test('read from its beginning is whole', () => {
    const own = windows()
    own.read(0, 55 * second)
    expect(own.isIncomplete(0)).toBe(false)
  })

  test('stays so over a restart', () => {
    const first = windows({ incompleteUntil: undefined })
    first.read(5, 55 * second)
    const again = windows(first.checkpoint())
    expect([0, minute, 2 * minute].map(again.isIncomplete)).toEqual([true, true, false])
  })

  test('of old events is incomplete at its beginning alone', () => {
    const own = windows({ incompleteUntil: undefined })
    own.read(5, 5 * second)
    own.read(6, 10 * minute)
    expect([0, minute].map(own.isIncomplete)).toEqual([true, false])
  })

  test('that lost records is incomplete until the next one tells how far', () => {
    const own = windows()
    own.read(0, 5 * second)
    own.jumpTo(100)
    expect(own.position()).toBe(100)
    expect(own.isIncomplete(50 * minute)).toBe(true)
    own.read(100, 9 * minute)
    expect([0, 9 * minute, 10 * minute].map(own.isIncomplete)).toEqual([true, true, false])
  })
})

describe('a checkpoint', () => {
  test('is the first record of the oldest window that is not done, with what was known before it', () => {
    const own = windows()
    own.read(0, 10 * second, 11 * second)
    own.read(1, 59 * second, 60 * second)
    own.read(2, 61 * second, 63 * second)
    own.read(3, 58 * second, 64 * second)
    own.read(4, 200 * second, 201 * second)
    own.markClosed(minute)
    own.take(0)
    expect(own.checkpoint().offset).toBe(0)
    own.done(minute)
    expect(own.checkpoint()).toEqual({
      offset: 2,
      closedUntil: minute,
      maxEventTime: 59 * second,
      maxRecordTime: 60 * second,
      incompleteUntil: 0,
      closedMarkers: []
    })
  })

  test('is the next record where every window is done', () => {
    const own = windows()
    own.read(0, 10 * second)
    own.markClosed(minute)
    own.take(0)
    own.done(minute)
    expect(own.checkpoint()).toEqual({
      offset: 1,
      closedUntil: minute,
      maxEventTime: 10 * second,
      maxRecordTime: 10 * second,
      incompleteUntil: 0,
      closedMarkers: [{ fromOffset: 1, until: minute }]
    })
  })

  test('remembers a closed marker only where the watermark would not say the same', () => {
    const own = windows()
    own.read(0, 70 * second)
    expect(own.markClosed(minute)).toBe(false)
    expect(own.markClosed(2 * minute)).toBe(true)
    expect(own.checkpoint().closedMarkers).toEqual([{ fromOffset: 1, until: 2 * minute }])
  })

  test('keeps one closed marker for each place', () => {
    const own = windows()
    own.read(0, 5 * second)
    own.markClosed(minute)
    own.markClosed(2 * minute)
    own.read(1, 3 * minute)
    own.markClosed(5 * minute)
    expect(own.checkpoint().closedMarkers).toEqual([
      { fromOffset: 1, until: 2 * minute },
      { fromOffset: 2, until: 5 * minute }
    ])
  })

  test('forgets the closed markers behind it but the greatest', () => {
    const own = windows()
    own.read(0, 5 * second)
    own.markClosed(minute)
    own.read(1, 65 * second)
    own.markClosed(2 * minute)
    own.done(2 * minute)
    expect(own.checkpoint()).toMatchObject({
      offset: 2,
      closedMarkers: [{ fromOffset: 2, until: 2 * minute }]
    })
  })
})

describe('a replay', () => {
  test('meets each closed marker where it was made: before it an event counts, behind it one is late', () => {
    const first = windows()
    first.read(0, 5 * second)
    first.markClosed(minute)
    const again = windows(first.checkpoint())
    expect(again.read(0, 5 * second)).toBe('counted')
    expect(again.read(1, 6 * second)).toBe('late')
    expect(again.counts(0)).toEqual({ records: 1, late: 0, dead: 0 })
  })

  test('passes over records of windows that are done', () => {
    const own = windows({ offset: 2, closedUntil: minute, maxEventTime: 61 * second })
    expect(own.read(2, 59 * second)).toBe('replayed')
    expect(own.oldestOpen()).toBeUndefined()
    expect(own.read(3, 62 * second)).toBe('counted')
  })

  test('counts no late event again whose window is done', () => {
    const own = windows({ offset: 2, closedUntil: 3 * minute, maxEventTime: 2 * minute })
    expect(own.read(2, 5 * second)).toBe('replayed')
    expect(own.openWindows()).toBe(0)
  })

  test('with windows of another size begins at the next whole one', () => {
    const own = windows({ offset: 2, closedUntil: minute, maxEventTime: 59 * second }, 2 * minute)
    expect(own.read(2, 70 * second)).toBe('replayed')
    expect(own.read(3, 121 * second)).toBe('counted')
    expect(own.oldestOpen()).toBe(2 * minute)
  })
})
