import type { PartitionKey } from '../partition.ts'

/** The broker's answer about a partition, with the position of reading when it was asked and now. */
export interface EndObservation {
  readonly key: PartitionKey
  readonly end: number
  readonly askedAt: number
  readonly positionThen: number
  readonly position: number
  readonly isPaused: boolean
}

export type LogIdentity = ReturnType<typeof createLogIdentity>

/** Notices that a topic was recreated or its log truncated: the log is then another one than the one that was read. */
export function createLogIdentity() {
  const reached = new Map<PartitionKey, number>()
  const shorter = new Set<PartitionKey>()
  const recreated = new Set<PartitionKey>()
  const fetching = new Set<number>()
  let isDoubtful = false

  const reachedOf = (key: PartitionKey, position: number) => Math.max(reached.get(key) ?? 0, position)

  return {
    /** False if the partition is shorter than it was: its records are not those that were read. */
    isSame({ key, end, positionThen }: EndObservation): boolean {
      const known = reachedOf(key, positionThen)
      reached.set(key, Math.max(known, end))
      if (end >= known) {
        shorter.delete(key)
        return true
      }
      // A new leader may not know the high watermark for a moment: only the second such answer counts.
      const isSecond = shorter.has(key)
      shorter.add(key)
      return !isSecond
    },
    /** Records that the partition is known to have had beyond `position`. */
    unread: (key: PartitionKey, position: number): number => reachedOf(key, position) - position,
    /** The partition's log is another one, until an offset of it is committed. */
    setRecreated: (key: PartitionKey): void => void recreated.add(key),
    isRecreated: (key: PartitionKey): boolean => recreated.has(key),
    /** Forgets the ends of all other partitions. */
    keep(keys: readonly PartitionKey[]): void {
      for (const known of [reached, shorter]) {
        for (const key of known.keys()) if (!keys.includes(key)) known.delete(key)
      }
    },
    /** An offset of every log is committed. */
    confirm: (): void => recreated.clear(),
    fetchBegan(nodeId: number): void {
      if (fetching.has(nodeId)) isDoubtful = true
      fetching.add(nodeId)
    },
    fetchEnded: (nodeId: number): void => void fetching.delete(nodeId),
    /** True after a fetch that failed: its topic may be being recreated. */
    isDoubtful: (): boolean => isDoubtful,
    /** A fetch of another reader has failed. */
    doubt(): void {
      isDoubtful = true
    },
    /** The group still holds our commit, so the log is the same. */
    trust(): void {
      isDoubtful = false
    }
  }
}
