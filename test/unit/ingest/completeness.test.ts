import { describe, expect, test } from 'vitest'
import { createCompleteness } from '../../../src/ingest/completeness.ts'
import { createPartial } from '../../../src/window/accumulate.ts'
import { createPartitionWindows } from '../../../src/window/partition-windows.ts'
import type { ClosedWindow } from '../../../src/window/types.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { atBeginning } from '../../support/scripted-source.ts'

const at = (minutes: number) => epoch + minutes * minuteMs
const options = ingestOptions()
const emptyPartial = (start: number) => createPartial(start, options)

/** A partition whose greatest event time is so many minutes behind `epoch`. */
const partitionAt = (minutes: number) =>
  createPartitionWindows(
    { ...options, accumulate: () => {}, emptyPartial },
    { ...atBeginning, maxEventTime: at(minutes), maxRecordTime: at(minutes) }
  )

function windowAt(minute: number, counts: { records?: number; late?: number; dead?: number } = {}) {
  const { records = 10, late = 0, dead = 0 } = counts
  const partials = records === 0 ? [] : [{ ...emptyPartial(at(minute)), records, late, dead }]
  const window: ClosedWindow = {
    start: at(minute),
    end: at(minute + 1),
    complete: true,
    partials,
    partitions: partials.map(() => 't/0')
  }
  return window
}

/** Whether windows are complete that close at a minute while events are as far as `greatest`. */
function gaps() {
  const own = createCompleteness(options)
  return (now: number, greatest: number, ...windows: readonly ClosedWindow[]) =>
    own.mark(windows, [partitionAt(greatest - 1), partitionAt(greatest)], at(now)).map(one => one.complete)
}

describe('late events', () => {
  test('up to a fifth of a window leave it whole, more do not', () => {
    const judge = gaps()
    expect(judge(2, 2, windowAt(0, { late: 2 }), windowAt(1, { late: 3 }))).toEqual([true, false])
  })

  test('are a share of the events, without dead letters', () => {
    expect(gaps()(2, 2, windowAt(0, { records: 20, late: 3, dead: 10 }))).toEqual([false])
  })
})

describe('a partition that is ahead of the clock', () => {
  test('by up to five minutes takes nothing from a window with events', () => {
    expect(gaps()(2, 7, windowAt(1), windowAt(4))).toEqual([true, true])
  })

  test('leaves a gap from where it was seen up to where it jumped, closed then or later', () => {
    const judge = gaps()
    expect(judge(5, 5, windowAt(3))).toEqual([true])
    expect(judge(5.1, 50, windowAt(3), windowAt(4), windowAt(49))).toEqual([true, false, false])
    expect(judge(52, 50, windowAt(50))).toEqual([false])
    expect(judge(53, 53, windowAt(51))).toEqual([true])
  })

  test('takes silence from windows that are not over', () => {
    const judge = gaps()
    expect(judge(2, 4, windowAt(1, { records: 0 }), windowAt(2, { records: 0 }))).toEqual([true, false])
  })
})

describe('our own clock', () => {
  test('that is behind by hours is known after twenty minutes by events that are always ahead', () => {
    const judge = gaps()
    const seen: boolean[] = []
    for (let minute = 0; minute <= 25; minute++)
      seen.push(...judge(minute, minute + 180, windowAt(minute + 179)))
    expect(seen.indexOf(true)).toBe(21)
    expect(seen.slice(21)).not.toContain(false)
  })

  test('says nothing of a past that is being caught up with', () => {
    const judge = gaps()
    const seen: boolean[] = []
    for (let minute = 0; minute < 30; minute++)
      seen.push(...judge(600 + minute, 20 * minute, windowAt(20 * minute - 1)))
    expect(seen).not.toContain(false)
  })
})
