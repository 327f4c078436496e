import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DecodeRecord } from '../../../src/decode/decode-record.ts'
import { createEvaluate } from '../../../src/metrics/evaluate.ts'
import { createBackfill } from '../../../src/run/backfill.ts'
import type { PartitionKey } from '../../../src/source/partition.ts'
import type { ClosedWindow } from '../../../src/window/types.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { recount } from '../../support/recount.ts'
import { shopEvent } from '../../support/shop-event.ts'
import { epoch, modelLogsFromTheStart } from '../../support/windows-arbitraries.ts'
import { type LogEntry, timing, windows } from '../../support/windows-model.ts'
import { recordsOf, recountOptions, valuesOf } from '../../support/windows-play.ts'

const minute = 60_000
const evaluate = createEvaluate(windows)

interface Logs {
  readonly [key: string]: readonly LogEntry[]
}

const keysOf = (logs: Logs) => Object.keys(logs) as PartitionKey[]

/** A backfill over logs that lie there: a record's value is its place in `all`. */
function backfillOf(logs: Logs, { untilMs = Number.POSITIVE_INFINITY, from = 0, maxAhead = 60 } = {}) {
  const all = Object.values(logs).flat()
  const decode: DecodeRecord = ({ value }) => {
    const entry = all[Number(value)] as LogEntry
    return 'event' in entry ? { kind: 'event', event: entry.event } : { kind: 'dead', reason: 'invalid_json' }
  }
  const closed: ClosedWindow[] = []
  const starts = Object.entries(logs).map(([key, log]) => {
    const checkpoint = {
      offset: from,
      closedUntil: undefined,
      maxEventTime: undefined,
      maxRecordTime: undefined,
      incompleteUntil: from === 0 ? 0 : undefined,
      closedMarkers: []
    }
    return [key as PartitionKey, { checkpoint, end: (log.at(-1)?.offset ?? -1) + 1 }] as const
  })
  const backfill = createBackfill({
    windows: ingestOptions({ ...windows, maxAhead }),
    decodeOf: () => decode,
    starts: new Map(starts),
    askedAt: epoch,
    untilMs,
    onWindow: window => closed.push(window),
    settle: async () => {}
  })

  /** Reads so many entries of a partition, as far as it is to be read. */
  function read(key: PartitionKey, entries = Number.POSITIVE_INFINITY): void {
    if (backfill.paused().has(key)) return
    const log = logs[key] as readonly LogEntry[]
    const slice = log.filter(({ offset }) => offset >= backfill.position(key)).slice(0, entries)
    for (const entry of slice) {
      if ('control' in entry) continue
      const value = Buffer.from(String(all.indexOf(entry)))
      backfill.ingester(key)(entry.offset, entry.recordTime, { key: null, value })
    }
    const last = slice.at(-1)
    if (last !== undefined) backfill.moveTo(key, last.offset + 1)
  }

  return { ...backfill, read, closed, minutes: () => closed.map(({ start }) => (start - epoch) / minute) }
}

/** Whichever is furthest behind never rests, so each round reads one partition to its end at least. */
function readToTheEnd(backfill: ReturnType<typeof backfillOf>, logs: Logs): void {
  for (const _ of keysOf(logs)) for (const key of keysOf(logs)) backfill.read(key)
}

/** Page views at these seconds after the epoch, written as they happened. */
const eventsAt = (...seconds: readonly number[]): LogEntry[] =>
  seconds.map((at, offset) => {
    const time = epoch + at * 1_000
    return { offset, recordTime: time, event: shopEvent(time) }
  })

describe('windows of the past', () => {
  test('have the values of a recount of the whole log, whichever partition is read when', () => {
    const orders = fc.array(
      fc.record({ partition: fc.nat({ max: 3 }), entries: fc.integer({ min: 1, max: 15 }) })
    )
    fc.assert(
      fc.property(modelLogsFromTheStart, orders, (drawn, steps) => {
        // Dead letters before every event are of no window until the clock says of which.
        const logs = Object.fromEntries(
          [...drawn].map(([key, { entries }]) => {
            const first = entries.findIndex(entry => 'event' in entry && isTrusted(entry))
            return [
              key,
              first === -1 ? [] : entries.slice(first).map((entry, offset) => ({ ...entry, offset }))
            ]
          })
        )
        const backfill = backfillOf(logs)
        for (const { partition, entries } of steps)
          if (logs[`t/${partition}`]) backfill.read(`t/${partition}`, entries)
        readToTheEnd(backfill, logs)
        expect(backfill.isOver()).toBe(true)

        const recounted = recount(
          new Map(
            Object.entries(logs).map(([key, entries]) => [key, recordsOf({ appearsAt: epoch, entries })])
          ),
          { ...recountOptions }
        )
        const times = Object.values(logs)
          .flat()
          .flatMap(entry => ('event' in entry && isTrusted(entry) ? [entry.event.eventTime] : []))
        const until = Math.max(...times) - timing.graceMs
        const expected = [...recounted].filter(([start]) => start + timing.sizeMs <= until)
        const found = backfill.closed.map(evaluate).filter(({ records }) => records > 0)
        expect(found.map(window => [window.start, valuesOf(window)])).toEqual(expected)
      }),
      { numRuns: 500 }
    )
  })

  test('close over partitions that have nothing, are at their end already, or end sooner', () => {
    const backfill = backfillOf({ 't/0': eventsAt(5, 65, 200), 't/1': [], 't/2': eventsAt(6) })
    backfill.read('t/0')
    expect(backfill.minutes()).toEqual([])
    backfill.read('t/2')
    expect(backfill.minutes()).toEqual([0, 1, 2])
    expect(backfill.closed.map(({ partitions }) => partitions)).toEqual([['t/0', 't/2'], ['t/0'], []])
  })

  test('are incomplete where the log was entered in their middle', () => {
    const backfill = backfillOf({ 't/0': eventsAt(5, 65, 200) }, { from: 1 })
    backfill.read('t/0')
    expect(backfill.closed.map(({ complete }) => complete)).toEqual([false, true])
  })
})

describe('a range', () => {
  test('is over where each partition is past it, with its grace, and nothing is read on', () => {
    const untilMs = epoch + minute
    const backfill = backfillOf({ 't/0': eventsAt(5, 69.999, 71, 500), 't/1': eventsAt(7, 30) }, { untilMs })
    backfill.read('t/0', 2)
    backfill.read('t/1')
    expect([...backfill.paused()]).toEqual(['t/1'])
    backfill.read('t/0', 1)
    expect([...backfill.paused()]).toEqual(['t/1', 't/0'].sort())
    expect(backfill.isOver()).toBe(true)
    expect(backfill.minutes()).toEqual([0])
    expect(backfill.position('t/0')).toBe(3)
  })

  test('lets a partition far ahead rest until the others have come so far', () => {
    const logs = { 't/0': eventsAt(5, 400, 800), 't/1': eventsAt(6, 130, 900) }
    const backfill = backfillOf(logs, { maxAhead: 2 })
    backfill.read('t/0', 2)
    backfill.read('t/1', 1)
    expect([...backfill.paused()]).toEqual(['t/0'])
    backfill.read('t/1', 2)
    expect([...backfill.paused()]).toEqual(['t/1'])
  })

  test('is read to its end in as many rounds as it has partitions, where one rests for one that rests', () => {
    const logs = {
      't/0': eventsAt(916.156, 3_600.004, 3_600.004),
      't/1': eventsAt(0, 0),
      't/2': eventsAt(0)
    }
    const backfill = backfillOf(logs)
    backfill.read('t/0', 2)
    backfill.read('t/1', 1)
    const paused = keysOf(logs).map(() => {
      const before = [...backfill.paused()]
      for (const key of keysOf(logs)) backfill.read(key)
      return before
    })
    // Both for the third, of which nothing was read; then the first for the second.
    expect(paused).toEqual([
      ['t/0', 't/1'],
      ['t/0', 't/2'],
      ['t/1', 't/2']
    ])
    expect(backfill.isOver()).toBe(true)
    expect(backfill.minutes()).toEqual(Array.from({ length: 59 }, (_, index) => index))
  })

  test('whose records were deleted on the way is incomplete there', () => {
    const logs = { 't/0': eventsAt(5, 65, 130, 190, 300) }
    const backfill = backfillOf(logs)
    backfill.read('t/0', 1)
    backfill.skipDeleted('t/0', 2)
    backfill.read('t/0')
    expect(backfill.closed.map(({ complete }) => complete)).toEqual([false, false, false, true])
  })
})

test('late events and dead letters are counted apart', () => {
  const dead: LogEntry = { offset: 3, recordTime: epoch, dead: true }
  const backfill = backfillOf({ 't/0': [...eventsAt(5, 100, 30), dead] })
  backfill.read('t/0')
  expect(backfill.counts()).toEqual({
    events: 3,
    late: 1,
    dead: new Map([['invalid_json', 1]]),
    skipped: new Map()
  })
})

function isTrusted(entry: LogEntry & { event: unknown }): boolean {
  return (
    'event' in entry &&
    (entry as { event: { eventTime: number } }).event.eventTime <= entry.recordTime + 60_000
  )
}
