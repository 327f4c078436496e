import type { Checkpoint, ClosedMarker } from '../window/types.ts'
import { decodeMetadata } from './commit-metadata.ts'
import type { PartitionKey } from './partition.ts'

/** What the broker says of one partition of ours. */
export interface PartitionFacts {
  readonly key: PartitionKey
  /** First offset still there, and the one after the last. */
  readonly begin: number
  readonly end: number
  readonly committed: { readonly offset: number; readonly metadata: string | null } | undefined
  /** Where a group without any commit begins; asked for only where it is needed. */
  readonly startOffset: number
  /** The log is another one than that of the commit: its topic was made anew. */
  readonly isRecreated?: boolean
}

export interface Resolved {
  readonly checkpoints: ReadonlyMap<PartitionKey, Checkpoint>
  /** True where a place was chosen that no commit holds yet: it must be committed before anything is read. */
  readonly mustCommit: boolean
  /** Partitions whose committed offset is gone, for a log line: what lies between is lost to us. */
  readonly outOfRange: readonly { key: PartitionKey; committed: number; begin: number; end: number }[]
}

/**
 * Chooses where each partition is read from: at its commit; where the group has none at all, at the configured
 * start; where only this partition has none (it appeared later), at its beginning; where the commit is out of range,
 * or of another log, at the beginning, as a window entered in its middle. All take the greatest `closedUntil` of any commit.
 */
export function resolveStart(partitions: readonly PartitionFacts[]): Resolved {
  const firstStart = partitions.every(({ committed }) => committed === undefined)
  const outOfRange: { key: PartitionKey; committed: number; begin: number; end: number }[] = []
  let mustCommit = false

  const found = partitions.map((facts): [PartitionKey, Checkpoint] => {
    const { key, begin, end, committed, startOffset, isRecreated = false } = facts
    if (committed === undefined) {
      mustCommit = true
      return [key, enteredAt(firstStart ? startOffset : begin)]
    }
    const checkpoint = decodeMetadata(committed.offset, committed.metadata)
    if (!isRecreated && committed.offset >= begin && committed.offset <= end) return [key, checkpoint]
    mustCommit = true
    outOfRange.push({ key, committed: committed.offset, begin, end })
    const { closedUntil } = checkpoint
    const entered = { ...enteredAt(begin), incompleteUntil: undefined, closedUntil }
    // Records that were deleted had neighbours that were counted. Of another log none was: windows that closed are over there.
    const isOther = isRecreated || committed.offset > end
    return [key, isOther && closedUntil !== undefined ? closedFrom(entered, closedUntil) : entered]
  })

  const closedUntil = found.reduce<number | undefined>(
    (greatest, [, { closedUntil: own }]) => (own === undefined ? greatest : Math.max(greatest ?? own, own)),
    undefined
  )
  return {
    checkpoints: new Map(found.map(([key, checkpoint]) => [key, closedBy(checkpoint, closedUntil)])),
    mustCommit,
    outOfRange
  }
}

/** A place that was not reached by reading: only a log read from its very beginning is known to be whole. */
function enteredAt(offset: number): Checkpoint {
  return {
    offset,
    closedUntil: undefined,
    maxEventTime: undefined,
    maxRecordTime: undefined,
    incompleteUntil: offset === 0 ? 0 : undefined,
    closedMarkers: []
  }
}

/** A commit that does not know of the newest closed marker gets it at its own offset: records behind it are late. */
function closedBy(checkpoint: Checkpoint, closedUntil: number | undefined): Checkpoint {
  if (closedUntil === undefined || checkpoint.closedUntil === closedUntil) return checkpoint
  return closedFrom(checkpoint, closedUntil)
}

function closedFrom(checkpoint: Checkpoint, closedUntil: number): Checkpoint {
  const marker: ClosedMarker = { fromOffset: checkpoint.offset, until: closedUntil }
  return {
    ...checkpoint,
    closedUntil,
    closedMarkers: [marker, ...checkpoint.closedMarkers.filter(({ until }) => until > closedUntil)]
  }
}
