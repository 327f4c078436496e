import type { Checkpoint } from '../window/types.ts'
import type { PartitionKey } from './partition.ts'
import type { IngestDecoded, IngestRecord } from './record.ts'

/** What a source hands its records to. Only `onAssigned` may fail. */
export interface SourceHandlers {
  /**
   * The partitions are ours, from these checkpoints on; earlier state must be dropped. Rejects while the store cannot be
   * read; the source then tries again.
   */
  onAssigned(from: ReadonlyMap<PartitionKey, Checkpoint>): Promise<void>
  /** The partitions are another instance's: all state must be dropped. */
  onRevoked(): void
  /** The offset that is read next; undefined in a partition that is not ours. */
  position(key: PartitionKey): number | undefined
  /** Takes the records of a partition, in order; undefined where it is not ours. */
  ingester(key: PartitionKey): IngestRecord | undefined
  /** The same of records that were decoded elsewhere. */
  decodedIngester(key: PartitionKey): IngestDecoded | undefined
  /** Every record of the partition below `offset` was ingested. */
  moveTo(key: PartitionKey, offset: number): void
  /** The records below `offset` were deleted before they were read; reading continues there. */
  skipDeleted(key: PartitionKey, offset: number): void
  /** Counts records that were deleted before they were read. */
  countLost(key: PartitionKey, records: number): void
  /** The broker's answer, asked for at `askedAt`: the partition ends there. */
  endSeen(key: PartitionKey, end: number, askedAt: number): void
}

/** Where a consumer group without commits begins: an age is in milliseconds before now. */
export type StartAt = 'earliest' | 'latest' | { readonly ageMs: number }

export interface Source {
  /** Begins to connect, and joins nothing yet: `run` says what fails. */
  connect(): void
  /** Reads until `stop`; rejects with a SourceError if reading cannot continue. */
  run(handlers: SourceHandlers): Promise<void>
  /** Commits all partitions in one request; false if it was refused, or the partitions may be another's by now. */
  commit(checkpoints: ReadonlyMap<PartitionKey, Checkpoint>): Promise<boolean>
  /** Reads only the partitions that are not named. */
  setPaused(keys: ReadonlySet<PartitionKey>): void
  /** Reads on from the handlers' positions, which have been moved. */
  seekToPositions(): void
  state(): SourceState
  /** Leaves the group; no handler is called afterwards. */
  stop(): Promise<void>
}

export interface SourceState {
  readonly role: 'joining' | 'standby' | 'restoring' | 'working'
  /** When the broker last answered, by the injected clock; undefined if it never did. */
  readonly answeredAt: number | undefined
  /** Records behind the end, by partition. */
  readonly lag: ReadonlyMap<PartitionKey, number>
  readonly lastError: string | undefined
  /** What keeps it from reading or committing although the broker answers. */
  readonly faults: readonly SourceFault[]
  /** Says that a broker answers too slowly, and how slowly, where that limits how fast is read. */
  readonly slowness?: string | undefined
}

export interface SourceFault {
  readonly cause:
    | 'topic_missing'
    | 'commits_refused'
    | 'partition_stuck'
    | 'broker_slow'
    | 'not_confirmed'
    | 'schema_registry_away'
    | 'not_joined'
  /** In milliseconds, by the injected clock. */
  readonly since: number
  /** The topic or the partition that it is about. */
  readonly subject: string | undefined
  readonly error: string | undefined
}
