import type { Checkpoint } from '../window/types.ts'
import type { PartitionKey } from './partition.ts'
import type { IngestRecord } from './record.ts'

/** Where a partition of a range of the past is read from, and where it ended when that was asked for. */
export interface RangeStart {
  readonly checkpoint: Checkpoint
  readonly end: number
}

/** What the records of a range of the past are handed to. */
export interface RangeHandlers {
  /** False for a partition that was not there when its range was asked for. */
  has(key: PartitionKey): boolean
  position(key: PartitionKey): number
  ingester(key: PartitionKey): IngestRecord
  /** Every record of the partition below `offset` has been handed in. */
  moveTo(key: PartitionKey, offset: number): void
  /** The records below `offset` are gone from the broker before they were read. */
  skipDeleted(key: PartitionKey, offset: number): void
  /** Partitions that need not be read: now, for they are far ahead of another, or any more. */
  paused(): ReadonlySet<PartitionKey>
  /** True where every partition has been read as far as it is needed. */
  isOver(): boolean
  /** Resolves once more can be taken; rejects where nothing more can be. */
  ready(): Promise<void>
}
