import type { DecodeRecord } from '../decode/decode-record.ts'
import { ingestRecord } from '../ingest/ingest-record.ts'
import { type IngestOptions, maxEmptyWindows } from '../ingest/options.ts'
import { openPartitions } from '../ingest/partitions.ts'
import { addToTally, emptyTally, type ReadCounts, readCountsOf } from '../ingest/tally.ts'
import { type PartitionKey, parsePartitionKey } from '../source/partition.ts'
import type { RangeHandlers, RangeStart } from '../source/range.ts'
import type { IngestRecord } from '../source/record.ts'
import { createCloser } from '../window/closer.ts'
import { createSettleOrders } from '../window/orders/settle.ts'
import type { ClosedWindow, PartitionWindows } from '../window/types.ts'

export interface BackfillOptions {
  readonly windows: IngestOptions
  readonly decodeOf: (topic: string) => DecodeRecord
  /** Where each partition is read from, and where it ended when that was asked for. */
  readonly starts: ReadonlyMap<PartitionKey, RangeStart>
  /** When the ends were asked for, in milliseconds since the epoch. */
  readonly askedAt: number
  /** Windows that start before it are wanted. */
  readonly untilMs: number
  readonly onWindow: (window: ClosedWindow) => void
  /** Resolves once there is room for more windows. */
  readonly settle: () => Promise<void>
}

/** Counts records of the past into windows. No clock decides, and nothing outside of the log is waited for. */
export interface Backfill extends RangeHandlers {
  /** Windows that end at or before it are closed; undefined before the first. */
  closedUntil(): number | undefined
  counts(): ReadCounts
}

/**
 * A partition is read until its own watermark has passed the end of the range: later records are late there. Or it is
 * read to its end, and then holds nothing back: the live pipeline's wait by the clock is over for records of the past.
 */
// oxlint-disable-next-line max-lines-per-function -- one state: what is read, what waits and what is done
export function createBackfill(options: BackfillOptions): Backfill {
  const { windows, decodeOf, starts, askedAt, untilMs, onWindow } = options
  const { sizeMs, graceMs, maxAhead } = windows
  const tally = emptyTally()
  // The timestamp of the last record of each partition.
  const recordTimes = new Map<PartitionKey, number>()

  const own = openPartitions(windows, new Map([...starts].map(([key, { checkpoint }]) => [key, checkpoint])))
  const partitions = new Map(
    [...own].map(([key, one]): [PartitionKey, PartitionWindows] => [
      key,
      { ...one, watermark: () => watermark(key, one) }
    ])
  )
  const closer = createCloser<PartitionKey>({ sizeMs, maxEmptyWindows }, undefined)
  const settleOrders = createSettleOrders(windows, [])
  for (const [key, { checkpoint }] of starts) seeEnd(key, checkpoint.offset)

  /** A partition that is read to its end follows the one that is furthest ahead. */
  function watermark(key: PartitionKey, one: PartitionWindows): number | undefined {
    const ownMs = one.watermark()
    return isAtEnd(key) && ownMs !== undefined ? Math.max(ownMs, furthest() - graceMs) : ownMs
  }

  function furthest(): number {
    let greatest = Number.NEGATIVE_INFINITY
    for (const one of own.values()) greatest = Math.max(greatest, one.maxEventTime() ?? greatest)
    return greatest
  }

  function isAtEnd(key: PartitionKey): boolean {
    return partition(key).position() >= start(key).end
  }

  /** The end was asked for before reading began. If the newest record is old enough, the partition was idle then. */
  function seeEnd(key: PartitionKey, offset: number): void {
    if (!isAtEnd(key)) return
    const restedAt = askedAt - windows.idleMs
    if ((recordTimes.get(key) ?? askedAt) <= restedAt) partition(key).endSeen(offset, restedAt)
    partition(key).endSeen(offset, askedAt)
  }

  /** Only its own watermark decides: a partition at its end may still get records. */
  function isDone(key: PartitionKey): boolean {
    return isAtEnd(key) || (partition(key).maxEventTime() ?? Number.NEGATIVE_INFINITY) - graceMs >= untilMs
  }

  function close(): void {
    for (const window of settleOrders(closer.close(partitions, new Set()).windows))
      if (window.start < untilMs) onWindow(window)
    const until = closer.closedUntil()
    if (until !== undefined) for (const one of own.values()) one.done(until)
  }

  function ingester(key: PartitionKey): IngestRecord {
    const into = partition(key)
    const decode = decodeOf(parsePartitionKey(key).topic)
    return function ingest(offset, recordTime, record) {
      recordTimes.set(key, recordTime)
      addToTally(tally, ingestRecord(decode, into, offset, recordTime, record))
    }
  }

  function partition(key: PartitionKey): PartitionWindows {
    return own.get(key) as PartitionWindows
  }

  function start(key: PartitionKey): RangeStart {
    return starts.get(key) as RangeStart
  }

  return {
    has: key => own.has(key),
    position: key => partition(key).position(),
    ingester,
    moveTo(key, offset) {
      partition(key).moveTo(offset)
      seeEnd(key, offset)
      close()
    },
    skipDeleted(key, offset) {
      partition(key).jumpTo(offset)
      seeEnd(key, offset)
      close()
    },
    paused() {
      const reading = [...own.keys()].filter(key => !isDone(key))
      const times = reading.map(key => partition(key).maxEventTime() ?? Number.NEGATIVE_INFINITY)
      const furthestRead = Math.min(...times) + maxAhead * sizeMs
      return new Set(
        [...own.keys()].filter(
          key => isDone(key) || (partition(key).maxEventTime() ?? furthestRead) > furthestRead
        )
      )
    },
    isOver: () => [...own.keys()].every(isDone),
    ready: options.settle,
    closedUntil: closer.closedUntil,
    counts: () => readCountsOf(tally)
  }
}
