import type { PartitionKey } from '../partition.ts'

/** The broker's answer on a partition, and where reading stood when it was asked and stands now. */
export interface EndObservation {
  readonly key: PartitionKey
  readonly end: number
  readonly askedAt: number
  readonly positionThen: number
  readonly position: number
  readonly isPaused: boolean
}

/** Notices that a topic was made anew, or its log cut: the log is then another one than the one that was read. */
export interface LogIdentity {
  /** False where the partition is shorter than it was: these are not the records that were read. */
  isSame(observation: EndObservation): boolean
  /** Records of the partition that were seen to be there, and have not been read up to `position`. */
  unread(key: PartitionKey, position: number): number
  /** The partition's log is another one, until a place in it is committed. */
  setRecreated(key: PartitionKey): void
  isRecreated(key: PartitionKey): boolean
  /** Forgets the ends of all other partitions. */
  keep(keys: readonly PartitionKey[]): void
  /** A place in every log is committed. */
  confirm(): void
  fetchBegan(nodeId: number): void
  fetchEnded(nodeId: number): void
  /** True after a fetch that failed: it may have met a topic on its way from one log to another. */
  isDoubtful(): boolean
  /** The group still holds what was committed: the log is the same. */
  trust(): void
}

export function createLogIdentity(): LogIdentity {
  const reached = new Map<PartitionKey, number>()
  const shorter = new Set<PartitionKey>()
  const recreated = new Set<PartitionKey>()
  const fetching = new Set<number>()
  let isDoubtful = false

  const reachedOf = (key: PartitionKey, position: number) => Math.max(reached.get(key) ?? 0, position)

  return {
    isSame({ key, end, positionThen }) {
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
    },
    unread: (key, position) => reachedOf(key, position) - position,
    setRecreated: key => void recreated.add(key),
    isRecreated: key => recreated.has(key),
    keep(keys) {
      for (const known of [reached, shorter]) {
        for (const key of known.keys()) if (!keys.includes(key)) known.delete(key)
      }
    },
    confirm: () => recreated.clear(),
    fetchBegan(nodeId) {
      if (fetching.has(nodeId)) isDoubtful = true
      fetching.add(nodeId)
    },
    fetchEnded: nodeId => void fetching.delete(nodeId),
    isDoubtful: () => isDoubtful,
    trust() {
      isDoubtful = false
    }
  }
}
