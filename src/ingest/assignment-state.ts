import type { PartitionKey } from '../source/partition.ts'
import { type Accumulate, compile, createPartial } from '../window/accumulate.ts'
import { type Closer, type Closing, createCloser } from '../window/closer.ts'
import { createPartitionWindows } from '../window/partition-windows.ts'
import type { Checkpoint, ClosedWindow, Partial, PartitionWindows } from '../window/types.ts'
import { createCompleteness } from './completeness.ts'
import type { IngestOptions } from './options.ts'

/** Empty windows in a row that are stored: a week of them at one minute. */
export const maxEmptyWindows = 10_080

/** A partition that was read to its end so lately does not lag. */
const currentMs = 30_000

/** All windows of all partitions from a set of checkpoints on; thrown away and made anew with every hand-over. */
export interface AssignmentState {
  readonly partitions: ReadonlyMap<PartitionKey, PartitionWindows>
  /** Closes what can be closed at `nowMs`. */
  close(nowMs: number): Pick<Closing, 'windows' | 'mustCommit'>
  /**
   * Gives up the partition that the others have waited for too long. Time in which nothing can be read does not count:
   * whatever it holds back is still to come.
   */
  skipStalled(nowMs: number, isReading: boolean): void
  /** Closes what is left, as cut off: the end of a file. */
  closeRest(): readonly ClosedWindow[]
  /** Partitions too far ahead to be read on. */
  paused(): ReadonlySet<PartitionKey>
  done(until: number): void
  checkpoints(): ReadonlyMap<PartitionKey, Checkpoint>
  status(): AssignmentStatus
}

export interface AssignmentStatus {
  readonly closedUntil: number | undefined
  readonly waiting: number
  readonly slowestPartition: PartitionKey | undefined
  /** When a window last closed, by the clock given to `close`. */
  readonly closedAt: number
  readonly openWindows: number
  /** Partitions whose windows the others no longer wait for. */
  readonly skipped: ReadonlySet<PartitionKey>
  /** Those of them that are not read to their end: without them windows are incomplete. */
  readonly lagging: ReadonlySet<PartitionKey>
}

export function createAssignmentState(
  options: IngestOptions,
  from: ReadonlyMap<PartitionKey, Checkpoint>,
  nowMs: number
): AssignmentState {
  const { sizeMs, graceMs, idleMs, maxAhead, skipAfterMs } = options
  // Twice what a healthy partition may hold the others for that is read to its end.
  const restMs = Math.min(2 * (sizeMs + graceMs + idleMs), skipAfterMs, maxAhead * sizeMs)
  const partitions = windowsOf(options, from)
  const closed = [...from.values()].flatMap(({ closedUntil }) => closedUntil ?? [])
  const closer: Closer = createCloser(
    { sizeMs, maxEmptyWindows },
    closed.length > 0 ? Math.max(...closed) : undefined
  )
  const skipped = new Set<PartitionKey>()
  let lagging: ReadonlySet<PartitionKey> = new Set()
  const completeness = createCompleteness(options)
  let behindSince: number | undefined
  let closedAt = nowMs
  let heldSince = nowMs
  let firstEventSeenAt: number | undefined
  let waiting = 0
  let slowestPartition: PartitionKey | undefined

  /**
   * A partition that has had no record holds nothing: but where events only begin to come, those of one partition are
   * read before another's, which must not be late for that.
   */
  function mayStillBegin(now: number): boolean {
    const times = [...partitions.values()].map(one => one.maxEventTime())
    if (times.every(time => time === undefined)) return false
    firstEventSeenAt ??= now
    return now - firstEventSeenAt < idleMs && times.includes(undefined)
  }

  function close(now: number): Pick<Closing, 'windows' | 'mustCommit'> {
    for (const key of skipped) if (hasCaughtUp(key)) skipped.delete(key)
    lagging = new Set([...skipped].filter(key => !isCurrent(key, now)))
    if (mayStillBegin(now)) return { windows: [], mustCommit: false }
    const closing = closer.close(partitions, skipped, lagging)
    waiting = closing.waiting
    slowestPartition = closing.slowestPartition
    if (closing.windows.length > 0 || waiting === 0) {
      closedAt = now
      heldSince = now
    }
    const windows = completeness.mark(closing.windows, [...partitions.values()], now)
    return { windows, mustCommit: closing.mustCommit }
  }

  /** Read to its end, and with what is read there up to where the others are: one of an old clock never is. */
  function hasCaughtUp(key: PartitionKey): boolean {
    const one = partitions.get(key)
    if (one === undefined || !one.readToEnd()) return false
    return (one.watermark() ?? Number.POSITIVE_INFINITY) >= (closer.closedUntil() ?? Number.NEGATIVE_INFINITY)
  }

  function isCurrent(key: PartitionKey, now: number): boolean {
    const seenAt = partitions.get(key)?.endSeenAt()
    return seenAt !== undefined && now - seenAt <= currentMs
  }

  /**
   * A slowestPartition that is read to its end and yet far behind, by the clock and by the others' events: what it brings is old,
   * and there is nothing to wait for.
   */
  function isOld(now: number): boolean {
    if (slowestPartition === undefined || !isCurrent(slowestPartition, now) || waiting * sizeMs < restMs)
      return false
    const at = partitions.get(slowestPartition)?.watermark()
    return at !== undefined && now - at > restMs
  }

  function skipStalled(now: number, isReading: boolean): void {
    if (!isReading || waiting === 0) heldSince = now
    behindSince = isReading && isOld(now) ? (behindSince ?? now) : undefined
    const isOver = now - heldSince > skipAfterMs || now - (behindSince ?? now) > restMs
    if (!isOver || slowestPartition === undefined || partitions.size <= skipped.size + 1) return
    skipped.add(slowestPartition)
    closedAt = now
    heldSince = now
    behindSince = undefined
  }

  function closeRest(): readonly ClosedWindow[] {
    const rest = new Map<number, Map<PartitionKey, Partial>>()
    for (const [key, one] of partitions) {
      for (let start = one.oldestOpen(); start !== undefined; start = one.oldestOpen()) {
        const shares = rest.get(start) ?? new Map<PartitionKey, Partial>()
        rest.set(start, shares.set(key, one.take(start) as Partial))
      }
    }
    return [...rest]
      .sort(([a], [b]) => a - b)
      .map(([start, shares]) => ({
        start,
        end: start + sizeMs,
        complete: false,
        partials: [...shares.values()],
        partitions: [...shares.keys()]
      }))
  }

  function paused(): ReadonlySet<PartitionKey> {
    const base = closer.closedUntil() ?? least([...partitions.values()].map(one => one.oldestOpen()))
    const far = new Set<PartitionKey>()
    if (base === undefined) return far
    for (const [key, one] of partitions) {
      if (key !== slowestPartition && ((one.maxEventTime() ?? base) - base) / sizeMs > maxAhead) far.add(key)
    }
    return far
  }

  return {
    partitions,
    close,
    skipStalled,
    closeRest,
    paused,
    done(until) {
      for (const one of partitions.values()) one.done(until)
    },
    checkpoints: () => new Map([...partitions].map(([key, one]) => [key, one.checkpoint()])),
    status: () => ({
      closedUntil: closer.closedUntil(),
      waiting,
      slowestPartition,
      closedAt,
      openWindows: [...partitions.values()].reduce((sum, one) => sum + one.openWindows(), 0),
      skipped,
      lagging
    })
  }
}

/** The windows of each partition, from its checkpoint on. */
export function windowsOf(
  options: IngestOptions,
  from: ReadonlyMap<PartitionKey, Checkpoint>
): ReadonlyMap<PartitionKey, PartitionWindows> {
  const count = compile(options)
  const accumulate: Accumulate =
    options.recordTimes === 'none' ? (partial, event) => count(partial, event, undefined) : count
  const emptyPartial = (start: number) => createPartial(start, options)
  return new Map(
    [...from].map(([key, checkpoint]) => [
      key,
      createPartitionWindows({ ...options, accumulate, emptyPartial }, checkpoint)
    ])
  )
}

function least(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
