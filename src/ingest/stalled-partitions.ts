import type { PartitionKey } from '../source/partition.ts'
import type { Closing } from '../window/closer.ts'
import type { IngestOptions } from './options.ts'
import type { Partitions } from './partitions.ts'

/** A partition that was read to its end this recently does not lag. */
const currentMs = 30_000

/** Partitions that held back the others for too long: windows close without them until they have caught up. */
export function createStalledPartitions(
  { sizeMs, graceMs, idleMs, maxAhead, skipAfterMs }: IngestOptions,
  partitions: Partitions,
  startedAt: number
) {
  // Twice as long as a healthy partition can hold back the others while it is read to its end.
  const oldMs = Math.min(2 * (sizeMs + graceMs + idleMs), skipAfterMs, maxAhead * sizeMs)
  const skipped = new Set<PartitionKey>()
  let lagging: ReadonlySet<PartitionKey> = new Set()
  let heldSince = startedAt
  let oldSince: number | undefined

  /** Read to its end, with events up to where the others are: a partition whose producer's clock is behind never is. */
  function hasCaughtUp(key: PartitionKey, closedUntil: number): boolean {
    const one = partitions.get(key)
    return one?.readToEnd() === true && (one.watermark() ?? Number.POSITIVE_INFINITY) >= closedUntil
  }

  function isCurrent(key: PartitionKey, nowMs: number): boolean {
    const seenAt = partitions.get(key)?.endSeenAt()
    return seenAt !== undefined && nowMs - seenAt <= currentMs
  }

  /** Read to its end and still far behind our clock and the others: only old events come, so waiting does not help. */
  function isOld(key: PartitionKey, nowMs: number, waiting: number): boolean {
    if (!isCurrent(key, nowMs) || waiting * sizeMs < oldMs) return false
    const watermark = partitions.get(key)?.watermark()
    return watermark !== undefined && nowMs - watermark > oldMs
  }

  return {
    /** Ends the skip of those that have caught up; windows that end at or before `closedUntil` have closed. */
    refresh(nowMs: number, closedUntil: number | undefined = Number.NEGATIVE_INFINITY): void {
      for (const key of skipped) if (hasCaughtUp(key, closedUntil)) skipped.delete(key)
      lagging = new Set([...skipped].filter(key => !isCurrent(key, nowMs)))
    },
    skipped: (): ReadonlySet<PartitionKey> => skipped,
    /** Skipped partitions that are not read to their end: without them windows are incomplete. */
    lagging: (): ReadonlySet<PartitionKey> => lagging,
    /** Nothing is held back now. */
    released(nowMs: number): void {
      heldSince = nowMs
    },
    /**
     * Skips the slowest partition once the others have waited for it too long; true if it did. Time in which nothing can be
     * read does not count, for what it holds back may still come.
     */
    skip(
      nowMs: number,
      isReading: boolean,
      { slowestPartition: slowest, waiting }: Pick<Closing<PartitionKey>, 'slowestPartition' | 'waiting'>
    ): boolean {
      if (!isReading || waiting === 0) heldSince = nowMs
      const isOldNow = isReading && slowest !== undefined && isOld(slowest, nowMs, waiting)
      oldSince = isOldNow ? (oldSince ?? nowMs) : undefined
      const isOver = nowMs - heldSince > skipAfterMs || nowMs - (oldSince ?? nowMs) > oldMs
      // The last partition is waited for.
      if (!isOver || slowest === undefined || partitions.size <= skipped.size + 1) return false
      skipped.add(slowest)
      heldSince = nowMs
      oldSince = undefined
      return true
    }
  }
}
