import { describe, expect, test } from 'vitest'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import { type Closing, createCloser } from '../../../src/window/closer.ts'
import { createPartitionWindows } from '../../../src/window/partition-windows.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { shopEvent } from '../../support/shop-event.ts'

const second = 1_000
const minute = 60 * second
const sizeMs = minute
const nobody: ReadonlySet<string> = new Set()
const options = ingestOptions()
const accumulate = compile(options)

/** A partition that has read events at these times, in this order. */
function partition(...eventTimes: readonly number[]) {
  const own = createPartitionWindows(
    {
      sizeMs,
      graceMs: 10 * second,
      idleMs: 30 * second,
      accumulate,
      emptyPartial: start => createPartial(start, options)
    },
    {
      offset: 0,
      closedUntil: undefined,
      maxEventTime: undefined,
      maxRecordTime: undefined,
      incompleteUntil: 0,
      closedMarkers: []
    }
  )
  const read = (eventTime: number) => {
    const placed = own.add(shopEvent(eventTime), own.position(), eventTime)
    own.moveTo(own.position() + 1)
    return placed
  }
  eventTimes.map(read)
  return {
    ...own,
    read,
    /** Nothing came for the idle time before. */
    quietUntil(time: number) {
      own.endSeen(own.position(), time - 30 * second)
      own.endSeen(own.position(), time)
    }
  }
}

const named = (...all: readonly ReturnType<typeof partition>[]) =>
  new Map(all.map((one, index) => [`t/${index}`, one]))

const closed = ({ windows }: Closing) =>
  windows.map(({ start, partials }) => [start / minute, partials.reduce((sum, one) => sum + one.records, 0)])

const closer = (from?: number) => createCloser({ sizeMs, maxEmptyWindows: 10 }, from)

describe('a window', () => {
  test('closes when the watermark passes its end, to the millisecond', () => {
    const own = partition(5 * second, 69_999)
    const closing = closer()
    expect(closed(closing.close(named(own), nobody))).toEqual([])
    own.read(70_000)
    expect(closed(closing.close(named(own), nobody))).toEqual([[0, 1]])
  })

  test('closes when the last of all partitions has passed it', () => {
    const [fast, slow] = [partition(5 * second, 10 * minute), partition(6 * second)]
    const closing = closer()
    expect(closing.close(named(fast, slow), nobody)).toMatchObject({
      windows: [],
      slowestPartition: 't/1',
      waiting: 10
    })
    slow.read(2 * minute)
    const result = closing.close(named(fast, slow), nobody)
    expect(closed(result)).toEqual([[0, 2]])
    expect(result).toMatchObject({ closedUntil: minute, slowestPartition: 't/1', waiting: 9 })
  })

  test('has the shares of the partitions in their order', () => {
    const [a, b] = [partition(5 * second, 2 * minute), partition(6 * second, 7 * second, 2 * minute)]
    const [window] = closer().close(named(a, b), nobody).windows
    expect(window?.partials.map(({ records }) => records)).toEqual([1, 2])
    expect(window).toMatchObject({ start: 0, end: minute, complete: true })
  })

  test('closes once: the same call again closes nothing', () => {
    const own = partition(5 * second, 2 * minute)
    const closing = closer()
    expect(closing.close(named(own), nobody).windows.length).toBe(1)
    expect(closing.close(named(own), nobody).windows.length).toBe(0)
  })

  test('in which nothing happened closes in its turn, without a share', () => {
    const own = partition(5 * second, 4 * minute)
    expect(closed(closer().close(named(own), nobody))).toEqual([
      [0, 1],
      [1, 0],
      [2, 0]
    ])
  })

  test('is incomplete where one partition entered it in its middle', () => {
    const [whole, entered] = [partition(5 * second, 2 * minute), partition()]
    entered.jumpTo(50)
    entered.read(6 * second)
    entered.read(3 * minute)
    const { windows } = closer().close(named(whole, entered), nobody)
    expect(windows.map(({ complete }) => complete)).toEqual([false])
  })
})

describe('a partition without records', () => {
  test('holds every window until it is read to its end, then none', () => {
    const [busy, empty] = [partition(5 * second, 2 * minute), partition()]
    const closing = closer()
    expect(closed(closing.close(named(busy, empty), nobody))).toEqual([])
    empty.quietUntil(3 * minute)
    expect(closed(closing.close(named(busy, empty), nobody))).toEqual([[0, 1]])
  })

  test('that gets its first record for a closed window has it late', () => {
    const [busy, empty] = [partition(5 * second, 2 * minute), partition()]
    empty.quietUntil(3 * minute)
    const { mustCommit } = closer().close(named(busy, empty), nobody)
    expect(mustCommit).toBe(true)
    expect(empty.read(30 * second)).toBe('late')
    expect(empty.read(minute)).toBe('counted')
  })

  test('alone lets nothing close', () => {
    const empty = partition()
    empty.quietUntil(9 * minute)
    expect(closer().close(named(empty), nobody)).toMatchObject({ windows: [], closedUntil: undefined })
  })
})

describe('a silence', () => {
  test('lets windows close by the clock, one after another, and must be committed', () => {
    const own = partition(5 * second)
    const closing = closer()
    own.quietUntil(minute + 29 * second)
    expect(closing.close(named(own), nobody)).toMatchObject({ windows: [], mustCommit: false })
    own.quietUntil(minute + 30 * second)
    expect(closing.close(named(own), nobody)).toMatchObject({ closedUntil: minute, mustCommit: true })
    own.quietUntil(3 * minute + 30 * second)
    expect(closed(closing.close(named(own), nobody))).toEqual([
      [1, 0],
      [2, 0]
    ])
  })

  test('that the watermark ends needs no commit', () => {
    const own = partition(5 * second, 5 * minute)
    expect(closer().close(named(own), nobody).mustCommit).toBe(false)
  })

  test('longer than the bound leaves the windows within it out, up to the next event', () => {
    const own = partition(5 * second, 100 * minute, 102 * minute)
    expect(closed(closer().close(named(own), nobody))).toEqual([
      [0, 1],
      [100, 1]
    ])
  })

  test('longer than the bound that lasts goes on at its newest window', () => {
    const own = partition(5 * second)
    const closing = closer()
    own.quietUntil(minute + 30 * second)
    closing.close(named(own), nobody)
    own.quietUntil(100 * minute + 30 * second)
    expect(closed(closing.close(named(own), nobody))).toEqual([[99, 0]])
  })

  test('as long as the bound is closed window by window', () => {
    const own = partition(5 * second, 11 * minute, 13 * minute)
    expect(closed(closer().close(named(own), nobody)).length).toBe(12)
  })
})

describe('a partition that is given up', () => {
  test('holds nothing, its windows are incomplete, and what it brings later is late', () => {
    const [fast, slow] = [partition(5 * second, 3 * minute), partition(6 * second)]
    const { windows, mustCommit } = closer().close(named(fast, slow), new Set(['t/1']))
    expect(windows.map(({ start, complete }) => [start, complete])).toEqual([
      [0, false],
      [minute, false]
    ])
    expect(mustCommit).toBe(true)
    expect(slow.read(90 * second)).toBe('late')
  })
})

describe('after a restart', () => {
  test('closing goes on behind what was done, without a gap', () => {
    const own = partition(5 * minute, 7 * minute)
    expect(closed(closer(3 * minute).close(named(own), nobody))).toEqual([
      [3, 0],
      [4, 0],
      [5, 1]
    ])
  })

  test('with windows of another size it goes on at the next whole one', () => {
    const own = partition(5 * minute, 7 * minute)
    const closing = createCloser({ sizeMs, maxEmptyWindows: 10 }, 3 * minute + 30 * second)
    expect(closing.closedUntil()).toBe(4 * minute)
    expect(closed(closing.close(named(own), nobody))).toEqual([
      [4, 0],
      [5, 1]
    ])
  })
})
