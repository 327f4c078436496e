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

/** Notices that a topic was recreated or its log truncated: the log is then another one than the one that was read. */
export interface LogIdentity {
  /** False if the partition is shorter than it was: its records are not those that were read. */
  isSame(observation: EndObservation): boolean
  /** Records that the partition is known to have had beyond `position`. */
  unread(key: PartitionKey, position: number): number
  /** The partition's log is another one, until an offset of it is committed. */
  setRecreated(key: PartitionKey): void
  isRecreated(key: PartitionKey): boolean
  /** Forgets the ends of all other partitions. */
  keep(keys: readonly PartitionKey[]): void
  /** An offset of every log is committed. */
  confirm(): void
  fetchBegan(nodeId: number): void
  fetchEnded(nodeId: number): void
  /** True after a fetch that failed: its topic may be being recreated. */
  isDoubtful(): boolean
  /** The group still holds our commit, so the log is the same. */
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
      // A new leader may not know the high watermark for a moment: only the second such answer counts.
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
