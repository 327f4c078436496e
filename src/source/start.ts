import type { Checkpoint, ClosedMarker } from '../window/types.ts'
import { decodeMetadata } from './commit-metadata.ts'
import type { PartitionKey } from './partition.ts'

/** What the broker knows of one of our partitions. */
export interface PartitionFacts {
  readonly key: PartitionKey
  /** The first offset that is still there, and the one after the last. */
  readonly begin: number
  readonly end: number
  readonly committed: { readonly offset: number; readonly metadata: string | null } | undefined
  /** Where a group without any commit begins. */
  readonly startOffset: number
  /** The topic was recreated after the commit: its log is another one. */
  readonly isRecreated?: boolean
}

export interface Resolved {
  readonly checkpoints: ReadonlyMap<PartitionKey, Checkpoint>
  /** True if an offset was chosen that no commit holds yet: it must be committed before anything is read. */
  readonly mustCommit: boolean
  /** Partitions whose committed offset is not in the log any more: the records in between are lost. */
  readonly outOfRange: readonly { key: PartitionKey; committed: number; begin: number; end: number }[]
}

/**
 * Chooses where each partition is read from: at its commit; at the configured start if the group has no commit at all;
 * at its beginning if only this partition has none (it appeared later), or if the commit is out of range or of another
 * log, with its first windows incomplete. All take the greatest `closedUntil` of any commit.
 */
export function resolveStart(partitions: readonly PartitionFacts[]): Resolved {
  const firstStart = partitions.every(({ committed }) => committed === undefined)
  const outOfRange: { key: PartitionKey; committed: number; begin: number; end: number }[] = []
  let mustCommit = false

  const found = partitions.map((facts): [PartitionKey, Checkpoint] => {
    const { key, begin, end, committed, startOffset, isRecreated = false } = facts
    if (committed === undefined) {
      mustCommit = true
      return [key, firstAt(firstStart ? startOffset : begin)]
    }
    const checkpoint = decodeMetadata(committed.offset, committed.metadata)
    if (!isRecreated && committed.offset >= begin && committed.offset <= end) return [key, checkpoint]
    mustCommit = true
    outOfRange.push({ key, committed: committed.offset, begin, end })
    const { closedUntil } = checkpoint
    const entered = { ...enteredAt(begin, undefined), closedUntil }
    // In the same log, records of closed windows were counted before. In another log none were: there they are late.
    const isOther = isRecreated || committed.offset > end
    return [key, isOther && closedUntil !== undefined ? closedFrom(entered, closedUntil) : entered]
  })

  const closedUntil = greatestClosed(found.map(([, checkpoint]) => checkpoint))
  return {
    checkpoints: new Map(found.map(([key, checkpoint]) => [key, closedBy(checkpoint, closedUntil)])),
    mustCommit,
    outOfRange
  }
}

/** The checkpoint of a partition that is entered at `offset`, with nothing known of the records before it. */
export const enteredAt = (offset: number, incompleteUntil: number | undefined): Checkpoint => ({
  offset,
  closedUntil: undefined,
  maxEventTime: undefined,
  maxRecordTime: undefined,
  incompleteUntil,
  closedMarkers: []
})

/** Only a log that is read from its very beginning is known to be complete. */
const firstAt = (offset: number): Checkpoint => enteredAt(offset, offset === 0 ? 0 : undefined)

/** Up to where windows have closed by any of the checkpoints; undefined where none says. */
export function greatestClosed(checkpoints: readonly Checkpoint[]): number | undefined {
  const closed = checkpoints.flatMap(({ closedUntil }) => closedUntil ?? [])
  return closed.length === 0 ? undefined : Math.max(...closed)
}

/** A commit without the newest closed marker gets it at its own offset: later records of closed windows are late. */
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
