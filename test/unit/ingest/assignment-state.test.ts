import { describe, expect, test } from 'vitest'
import { createAssignmentState } from '../../../src/ingest/assignment-state.ts'
import type { PartitionKey } from '../../../src/source/partition.ts'
import type { Checkpoint } from '../../../src/window/types.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { atBeginning } from '../../support/scripted-source.ts'
import { shopEvent } from '../../support/shop-event.ts'

const at = (minutes: number) => epoch + minutes * minuteMs

function working(
  from: Readonly<Record<PartitionKey, Checkpoint>>,
  options: Parameters<typeof ingestOptions>[0] = {}
) {
  const work = createAssignmentState(
    ingestOptions(options),
    new Map(Object.entries(from) as [PartitionKey, Checkpoint][]),
    epoch
  )
  const partition = (key: PartitionKey) => {
    const one = work.partitions.get(key)
    if (one === undefined) throw new Error(`no ${key}`)
    return one
  }
  return {
    work,
    partition,
    /** Reads an event of a time in minutes, its record's timestamp the same. */
    read(key: PartitionKey, minutes: number) {
      const one = partition(key)
      const offset = one.position()
      one.add(shopEvent(at(minutes)), offset, at(minutes))
      one.moveTo(offset + 1)
    },
    close: (minutes: number) =>
      work.close(at(minutes)).windows.map(({ start, complete, partials }) => ({
        minute: (start - epoch) / minuteMs,
        complete,
        records: partials.reduce((sum, { records }) => sum + records, 0)
      }))
  }
}

describe('closing', () => {
  test('a window closes once every partition has passed it, with the shares of all', () => {
    const { work, read, close } = working({ 't/0': atBeginning, 't/1': atBeginning })
    read('t/0', 0)
    read('t/1', 0.5)
    read('t/0', 2)
    expect(close(2)).toEqual([])
    expect(work.status()).toMatchObject({ waiting: 2, slowestPartition: 't/1', closedAt: epoch })
    read('t/1', 1.5)
    expect(close(2.1)).toEqual([{ minute: 0, complete: true, records: 2 }])
    expect(work.status()).toMatchObject({ closedUntil: at(1), closedAt: at(2.1), openWindows: 2 })
  })

  test('what is left at the end of a file closes as cut off, in order', () => {
    const { work, read } = working({ 't/0': atBeginning, 't/1': atBeginning })
    read('t/0', 1)
    read('t/1', 0)
    read('t/1', 1)
    expect(
      work.closeRest().map(({ start, complete, partials }) => [start, complete, partials.length])
    ).toEqual([
      [at(0), false, 1],
      [at(1), false, 2]
    ])
  })

  test('it goes on behind the greatest time that any partition knows to be done', () => {
    const done = { ...atBeginning, offset: 9, closedUntil: at(5), maxEventTime: at(5), maxRecordTime: at(5) }
    const { work, read, close } = working({ 't/0': done, 't/1': { ...done, closedUntil: at(3) } })
    read('t/0', 7)
    read('t/1', 7)
    expect(close(7).map(({ minute }) => minute)).toEqual([5])
    expect(work.status().closedUntil).toBe(at(6))
  })
})

describe('commits', () => {
  test('go on at the first record of a window that is not done', () => {
    const { work, read, close } = working({ 't/0': atBeginning })
    read('t/0', 0)
    read('t/0', 1)
    read('t/0', 1.5)
    expect(close(1.5)).toHaveLength(1)
    expect(work.checkpoints().get('t/0')).toMatchObject({ offset: 0, closedUntil: undefined })
    work.done(at(1))
    expect(work.checkpoints().get('t/0')).toMatchObject({
      offset: 1,
      closedUntil: at(1),
      maxEventTime: at(0),
      maxRecordTime: at(0)
    })
  })

  test('say where the clock closed what the log does not show', () => {
    const { work, partition, read } = working({ 't/0': atBeginning })
    read('t/0', 0)
    read('t/0', 1.5)
    expect(work.close(at(1.5)).mustCommit).toBe(false)
    partition('t/0').endSeen(2, at(2))
    partition('t/0').endSeen(2, at(3))
    expect(work.close(at(3)).mustCommit).toBe(true)
  })
})

describe('a partition far ahead of the others', () => {
  test('is not read on, but the one that holds is', () => {
    const { work, read, close } = working({ 't/0': atBeginning, 't/1': atBeginning }, { maxAhead: 5 })
    read('t/1', 0)
    read('t/0', 0)
    read('t/0', 5)
    close(5)
    expect([...work.paused()]).toEqual([])
    read('t/0', 5.1)
    expect([...work.paused()]).toEqual(['t/0'])
    read('t/1', 3)
    close(6)
    expect([...work.paused()]).toEqual([])
  })
})

describe('a partition that holds the others', () => {
  function held() {
    const line = working({ 't/0': atBeginning, 't/1': atBeginning })
    line.read('t/0', 0)
    line.read('t/1', 0)
    line.read('t/0', 5)
    line.close(0)
    return line
  }

  test('is given up once they have waited for longer than configured, and windows close as incomplete', () => {
    const { work, close } = held()
    work.skipStalled(at(30), true)
    expect(close(30)).toEqual([])
    work.skipStalled(at(30) + 1, true)
    expect([...work.status().skipped]).toEqual(['t/1'])
    expect(close(30.1)).toEqual(
      [0, 1, 2, 3].map(minute => ({ minute, complete: false, records: minute === 0 ? 2 : 0 }))
    )
  })

  test('is waited for again once it is read to its end', () => {
    const { work, partition, read, close } = held()
    work.skipStalled(at(31), true)
    close(31)
    read('t/1', 5)
    partition('t/1').endSeen(2, at(32))
    read('t/0', 6.5)
    close(32)
    expect([...work.status().skipped]).toEqual([])
  })

  test('is not given up for time in which nothing could be read', () => {
    const { work, close } = held()
    for (let minutes = 1; minutes <= 120; minutes++) work.skipStalled(at(minutes), false)
    work.skipStalled(at(150), true)
    expect([...work.status().skipped]).toEqual([])
    work.skipStalled(at(150) + 1, true)
    expect([...work.status().skipped]).toEqual(['t/1'])
    expect(close(150.1)).toHaveLength(4)
  })

  test('is not given up where it is the last one', () => {
    const { work, read, close } = working({ 't/0': atBeginning })
    read('t/0', 0)
    read('t/0', 1)
    close(1)
    work.skipStalled(at(100), true)
    expect([...work.status().skipped]).toEqual([])
  })
})

describe('partitions without a record', () => {
  test('hold the first windows for the idle time, so that what is read next is not late', () => {
    const { read, close } = working({ 't/0': atBeginning, 't/1': atBeginning })
    read('t/0', 0)
    read('t/0', 2)
    expect(close(2)).toEqual([])
    read('t/1', 0.5)
    read('t/1', 1.5)
    expect(close(2.1)).toEqual([{ minute: 0, complete: true, records: 2 }])
  })

  test('hold nothing after that where they are read to their end', () => {
    const { partition, read, close } = working({ 't/0': atBeginning, 't/1': atBeginning })
    partition('t/1').endSeen(0, epoch)
    read('t/0', 0)
    read('t/0', 1.5)
    expect(close(1.5)).toEqual([])
    expect(close(2)).toEqual([{ minute: 0, complete: true, records: 1 }])
  })
})
