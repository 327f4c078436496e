import type { Checkpoint } from '../window/types.ts'
import type { PartitionKey } from './partition.ts'
import type { IngestRecord } from './record.ts'

/** What a source hands its records to. None of these may throw but where said. */
export interface SourceHandlers {
  /**
   * The work is ours, from these places on: whatever was held before is void. Rejects where what is needed to go on
   * cannot be read; the source then asks again.
   */
  onAssigned(from: ReadonlyMap<PartitionKey, Checkpoint>): Promise<void>
  /** Another instance works: whatever was held is void. */
  onRevoked(): void
  /** Where reading stands: undefined in a partition that is not held. */
  position(key: PartitionKey): number | undefined
  /** What takes the records of a partition, in order; undefined where it is not held. */
  ingester(key: PartitionKey): IngestRecord | undefined
  /** Every record of the partition below `offset` has been handed in. */
  moveTo(key: PartitionKey, offset: number): void
  /** The records below `offset` are gone from the broker before they were read; reading goes on there. */
  skipDeleted(key: PartitionKey, offset: number): void
  /** So many records were gone before they were read: for the count alone. */
  countLost(key: PartitionKey, records: number): void
  /** The broker's answer, asked for at `askedAt`: the partition ends there. */
  endSeen(key: PartitionKey, end: number, askedAt: number): void
}

/** Where a consumer group without commits begins: an age is in milliseconds before now. */
export type StartAt = 'earliest' | 'latest' | { readonly ageMs: number }

export interface Source {
  /** Reads until `stop`; rejects with a SourceError where reading can't go on. */
  run(handlers: SourceHandlers): Promise<void>
  /** Commits all partitions in one request; false where the group has moved on and nothing was committed. */
  commit(checkpoints: ReadonlyMap<PartitionKey, Checkpoint>): Promise<boolean>
  /** Reads only the partitions that are not named. */
  setPaused(keys: ReadonlySet<PartitionKey>): void
  state(): SourceState
  /** Leaves the group, after the handlers have been called for the last time. */
  stop(): Promise<void>
}

export interface SourceState {
  readonly role: 'joining' | 'standby' | 'restoring' | 'working'
  /** When the broker last answered, by the injected clock; undefined where it never did. */
  readonly answeredAt: number | undefined
  /** Records behind the end, by partition. */
  readonly lag: ReadonlyMap<PartitionKey, number>
  readonly lastError: string | undefined
  /** What keeps it from its work, though the broker answers. */
  readonly faults: readonly SourceFault[]
}

export interface SourceFault {
  readonly cause: 'topic_missing' | 'commits_refused' | 'partition_stuck' | 'not_joined'
  /** In milliseconds, by the injected clock. */
  readonly since: number
  /** The topic or the partition that it is about. */
  readonly subject: string | undefined
  readonly error: string | undefined
}
