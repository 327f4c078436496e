import type { PartitionKey } from '../partition.ts'
import type { SourceFault } from '../types.ts'

/** The broker's word on a partition, and where reading stood when it was asked and stands now. */
export interface Look {
  readonly key: PartitionKey
  readonly end: number
  readonly askedAt: number
  readonly positionThen: number
  readonly position: number
  /** Not read on purpose. */
  readonly isHeld: boolean
}

export interface Progress {
  /** False where the partition is shorter than it was: these are not the records that were read. */
  isSameLog(look: Look): boolean
  /** Takes note of whether reading moves where there is something to read. */
  note(look: Look): void
  /** Records of the partition that were seen to be there, and have not been read up to `position`. */
  unread(key: PartitionKey, position: number): number
  /** Knows nothing of other partitions any more, and of `anew` only their names. */
  keep(keys: readonly PartitionKey[], anew: ReadonlySet<PartitionKey>): void
  /** The partition that has stood still for longest. */
  stuck(): SourceFault | undefined
}

/** Follows partitions by the broker's answers: whether reading moves, and whether it is still the same log. */
export function createProgress(): Progress {
  const reached = new Map<PartitionKey, number>()
  const shorter = new Set<PartitionKey>()
  const stands = new Map<PartitionKey, { readonly position: number; readonly since: number }>()

  const reachedOf = (key: PartitionKey, position: number) => Math.max(reached.get(key) ?? 0, position)

  function isSameLog({ key, end, positionThen }: Look): boolean {
    const known = reachedOf(key, positionThen)
    reached.set(key, Math.max(known, end))
    if (end >= known) {
      shorter.delete(key)
      return true
    }
    // A new leader may not know for a moment how far consumers were let: only the second such answer counts.
    const isSecond = shorter.has(key)
    shorter.add(key)
    return !isSecond
  }

  function note({ key, end, askedAt, position, isHeld }: Look): void {
    if (position >= end || isHeld) stands.delete(key)
    else if (stands.get(key)?.position !== position) stands.set(key, { position, since: askedAt })
  }

  return {
    isSameLog,
    note,
    unread: (key, position) => reachedOf(key, position) - position,
    keep(keys, anew) {
      const isKept = (key: PartitionKey) => keys.includes(key) && !anew.has(key)
      for (const kept of [reached, shorter, stands]) {
        for (const key of kept.keys()) if (!isKept(key)) kept.delete(key)
      }
    },
    stuck() {
      const [longest] = [...stands].sort(([, a], [, b]) => a.since - b.since)
      if (longest === undefined) return undefined
      const [subject, { position, since }] = longest
      return { cause: 'partition_stuck', since, subject, error: `at offset ${position}` }
    }
  }
}
