import type { PartitionKey } from '../source/partition.ts'
import { type Accumulate, compile, createPartial } from '../window/accumulate.ts'
import { type Closer, type Closing, createCloser } from '../window/closer.ts'
import { createPartitionWindows } from '../window/partition-windows.ts'
import type { Checkpoint, ClosedWindow, Partial, PartitionWindows } from '../window/types.ts'
import { createGaps } from './completeness.ts'
import type { WorkOptions } from './options.ts'

/** Empty windows in a row that are stored: a week of them at one minute. */
export const maxEmptyWindows = 10_080

/** A partition that was read to its end so lately does not lag. */
const currentMs = 30_000

/** All windows of all partitions from a set of checkpoints on; thrown away and made anew with every hand-over. */
export interface Work {
  readonly partitions: ReadonlyMap<PartitionKey, PartitionWindows>
  /** Closes what can be closed at `nowMs`. */
  close(nowMs: number): Pick<Closing, 'windows' | 'mustCommit'>
  /**
   * Gives up the partition that the others have waited for too long. Time in which nothing can be read does not count:
   * whatever it holds back is still to come.
   */
  giveUp(nowMs: number, isReading: boolean): void
  /** Closes what is left, as cut off: the end of a file. */
  closeRest(): readonly ClosedWindow[]
  /** Partitions too far ahead to be read on. */
  ahead(): ReadonlySet<PartitionKey>
  done(until: number): void
  checkpoints(): ReadonlyMap<PartitionKey, Checkpoint>
  state(): WorkState
}

export interface WorkState {
  readonly sealedUntil: number | undefined
  readonly waiting: number
  readonly holder: PartitionKey | undefined
  /** When a window last closed, by the clock given to `close`. */
  readonly closedAt: number
  readonly openWindows: number
  /** Partitions whose windows the others no longer wait for. */
  readonly givenUp: ReadonlySet<PartitionKey>
  /** Those of them that are not read to their end: without them windows are incomplete. */
  readonly lagging: ReadonlySet<PartitionKey>
}

export function createWork(
  options: WorkOptions,
  from: ReadonlyMap<PartitionKey, Checkpoint>,
  nowMs: number
): Work {
  const { sizeMs, graceMs, idleMs, maxAhead, giveUpMs } = options
  // Twice what a healthy partition may hold the others for that is read to its end.
  const restMs = Math.min(2 * (sizeMs + graceMs + idleMs), giveUpMs, maxAhead * sizeMs)
  const partitions = windowsOf(options, from)
  const sealed = [...from.values()].flatMap(({ sealedUntil }) => sealedUntil ?? [])
  const closer: Closer = createCloser(
    { sizeMs, maxEmptyWindows },
    sealed.length > 0 ? Math.max(...sealed) : undefined
  )
  const givenUp = new Set<PartitionKey>()
  let lagging: ReadonlySet<PartitionKey> = new Set()
  const gaps = createGaps(options)
  let behindSince: number | undefined
  let closedAt = nowMs
  let heldSince = nowMs
  let firstEventSeenAt: number | undefined
  let waiting = 0
  let holder: PartitionKey | undefined

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
    for (const key of givenUp) if (hasCaughtUp(key)) givenUp.delete(key)
    lagging = new Set([...givenUp].filter(key => !isCurrent(key, now)))
    if (mayStillBegin(now)) return { windows: [], mustCommit: false }
    const closing = closer.close(partitions, givenUp, lagging)
    waiting = closing.waiting
    holder = closing.holder
    if (closing.windows.length > 0 || waiting === 0) {
      closedAt = now
      heldSince = now
    }
    const windows = gaps.judge(closing.windows, [...partitions.values()], now)
    return { windows, mustCommit: closing.mustCommit }
  }

  /** Read to its end, and with what is read there up to where the others are: one of an old clock never is. */
  function hasCaughtUp(key: PartitionKey): boolean {
    const one = partitions.get(key)
    if (one === undefined || !one.readToEnd()) return false
    return (one.holdsAt() ?? Number.POSITIVE_INFINITY) >= (closer.sealedUntil() ?? Number.NEGATIVE_INFINITY)
  }

  function isCurrent(key: PartitionKey, now: number): boolean {
    const seenAt = partitions.get(key)?.endSeenAt()
    return seenAt !== undefined && now - seenAt <= currentMs
  }

  /**
   * A holder that is read to its end and yet far behind, by the clock and by the others' events: what it brings is old,
   * and there is nothing to wait for.
   */
  function isOld(now: number): boolean {
    if (holder === undefined || !isCurrent(holder, now) || waiting * sizeMs < restMs) return false
    const at = partitions.get(holder)?.holdsAt()
    return at !== undefined && now - at > restMs
  }

  function giveUp(now: number, isReading: boolean): void {
    if (!isReading || waiting === 0) heldSince = now
    behindSince = isReading && isOld(now) ? (behindSince ?? now) : undefined
    const isOver = now - heldSince > giveUpMs || now - (behindSince ?? now) > restMs
    if (!isOver || holder === undefined || partitions.size <= givenUp.size + 1) return
    givenUp.add(holder)
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

  function ahead(): ReadonlySet<PartitionKey> {
    const base = closer.sealedUntil() ?? least([...partitions.values()].map(one => one.oldestOpen()))
    const far = new Set<PartitionKey>()
    if (base === undefined) return far
    for (const [key, one] of partitions) {
      if (key !== holder && ((one.maxEventTime() ?? base) - base) / sizeMs > maxAhead) far.add(key)
    }
    return far
  }

  return {
    partitions,
    close,
    giveUp,
    closeRest,
    ahead,
    done(until) {
      for (const one of partitions.values()) one.done(until)
    },
    checkpoints: () => new Map([...partitions].map(([key, one]) => [key, one.checkpoint()])),
    state: () => ({
      sealedUntil: closer.sealedUntil(),
      waiting,
      holder,
      closedAt,
      openWindows: [...partitions.values()].reduce((sum, one) => sum + one.openWindows(), 0),
      givenUp,
      lagging
    })
  }
}

/** The windows of each partition, from its checkpoint on. */
export function windowsOf(
  options: WorkOptions,
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
