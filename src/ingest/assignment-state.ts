import type { PartitionKey } from '../source/partition.ts'
import { greatestClosed } from '../source/start.ts'
import { type Closing, createCloser } from '../window/closer.ts'
import type { CountedOrders } from '../window/orders/memory.ts'
import { createSettleOrders } from '../window/orders/settle.ts'
import type { Checkpoint, ClosedWindow, Partial } from '../window/types.ts'
import { createCompleteness } from './completeness.ts'
import { type IngestOptions, maxEmptyWindows } from './options.ts'
import { openPartitions, type Partitions } from './partitions.ts'
import { createStalledPartitions } from './stalled-partitions.ts'

/** The windows of all assigned partitions, from their checkpoints on. Every assignment gets a new one. */
export interface AssignmentState {
  readonly partitions: Partitions
  /** Closes what can be closed at `nowMs`. */
  close(nowMs: number): Pick<Closing, 'windows' | 'mustCommit'>
  /** Skips the partition that has held back the others for too long while it was read. */
  skipStalled(nowMs: number, isReading: boolean): void
  /** Closes what is left, as incomplete: the end of a file. */
  closeRest(): readonly ClosedWindow[]
  /** Partitions too far ahead to be read on. */
  paused(): ReadonlySet<PartitionKey>
  /** Windows that end at or before `until` are stored. */
  done(until: number): void
  checkpoints(): ReadonlyMap<PartitionKey, Checkpoint>
  status(): AssignmentStatus
}

export interface AssignmentStatus {
  /** Windows that end at or before it have closed; undefined before the first. */
  readonly closedUntil: number | undefined
  /** Windows of other partitions that wait for the slowest one. */
  readonly waiting: number
  readonly slowestPartition: PartitionKey | undefined
  /** When a window last closed, by the clock given to `close`. */
  readonly closedAt: number
  readonly openWindows: number
  /** Partitions that windows no longer wait for. */
  readonly skipped: ReadonlySet<PartitionKey>
  /** Skipped partitions that are not read to their end: without them windows are incomplete. */
  readonly lagging: ReadonlySet<PartitionKey>
}

/** `ordersBefore`: of windows that closed before these begin. */
export function createAssignmentState(
  options: IngestOptions,
  from: ReadonlyMap<PartitionKey, Checkpoint>,
  nowMs: number,
  ordersBefore: readonly CountedOrders[] = []
): AssignmentState {
  const { sizeMs, idleMs, maxAhead } = options
  const partitions = openPartitions(options, from)
  const all = [...partitions.values()]
  const closer = createCloser<PartitionKey>({ sizeMs, maxEmptyWindows }, greatestClosed([...from.values()]))
  const settleOrders = createSettleOrders(options, ordersBefore)
  const mustWaitForFirst = createFirstEventsWait(partitions, idleMs)
  const stalled = createStalledPartitions(options, partitions, nowMs)
  const completeness = createCompleteness(options)
  let closedAt = nowMs
  let waiting = 0
  let slowestPartition: PartitionKey | undefined

  function close(now: number): Pick<Closing, 'windows' | 'mustCommit'> {
    stalled.refresh(now, closer.closedUntil())
    if (mustWaitForFirst(now)) return { windows: [], mustCommit: false }
    const closing = closer.close(partitions, stalled.skipped(), stalled.lagging())
    waiting = closing.waiting
    slowestPartition = closing.slowestPartition
    if (closing.windows.length > 0 || waiting === 0) {
      closedAt = now
      stalled.released(now)
    }
    const windows = completeness.mark(settleOrders(closing.windows), all, now)
    return { windows, mustCommit: closing.mustCommit }
  }

  function paused(): ReadonlySet<PartitionKey> {
    const base = closer.closedUntil() ?? least(all.map(one => one.oldestOpen()))
    if (base === undefined) return new Set()
    const isFarAhead = (time: number | undefined) => ((time ?? base) - base) / sizeMs > maxAhead
    return new Set(
      [...partitions].flatMap(([key, one]) =>
        key !== slowestPartition && isFarAhead(one.maxEventTime()) ? [key] : []
      )
    )
  }

  return {
    partitions,
    close,
    skipStalled(now, isReading) {
      if (stalled.skip(now, isReading, { slowestPartition, waiting })) closedAt = now
    },
    closeRest: () => settleOrders(takeUnfinished(partitions, sizeMs)),
    paused,
    done(until) {
      for (const one of all) one.done(until)
    },
    checkpoints: () => new Map([...partitions].map(([key, one]) => [key, one.checkpoint()])),
    status: () => ({
      closedUntil: closer.closedUntil(),
      waiting,
      slowestPartition,
      closedAt,
      openWindows: all.reduce((sum, one) => sum + one.openWindows(), 0),
      skipped: stalled.skipped(),
      lagging: stalled.lagging()
    })
  }
}

function least(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/**
 * Whether the first windows must wait. A partition without a record holds back nothing; but when events begin to come,
 * those of one partition are read before those of another, which must not be late for that.
 */
function createFirstEventsWait(partitions: Partitions, idleMs: number): (nowMs: number) => boolean {
  let firstSeenAt: number | undefined
  return function mustWait(nowMs) {
    const times = [...partitions.values()].map(one => one.maxEventTime())
    if (times.every(time => time === undefined)) return false
    firstSeenAt ??= nowMs
    return nowMs - firstSeenAt < idleMs && times.includes(undefined)
  }
}

/** Takes all open windows out, in order, as incomplete: a file ended before they did. */
function takeUnfinished(partitions: Partitions, sizeMs: number): readonly ClosedWindow[] {
  const shares = new Map<number, Map<PartitionKey, Partial>>()
  for (const [key, one] of partitions) {
    for (let start = one.oldestOpen(); start !== undefined; start = one.oldestOpen()) {
      const ofWindow = shares.get(start) ?? new Map<PartitionKey, Partial>()
      shares.set(start, ofWindow.set(key, one.take(start) as Partial))
    }
  }
  return [...shares]
    .sort(([a], [b]) => a - b)
    .map(([start, ofWindow]) => ({
      start,
      end: start + sizeMs,
      complete: false,
      partials: [...ofWindow.values()],
      partitions: [...ofWindow.keys()]
    }))
}
