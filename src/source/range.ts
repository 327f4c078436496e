import type { Checkpoint } from '../window/types.ts'
import type { PartitionKey } from './partition.ts'
import type { IngestRecord } from './record.ts'
import type { SourceHandlers } from './types.ts'

/** Where the range begins in a partition, and the partition's end at that time. */
export interface RangeStart {
  readonly checkpoint: Checkpoint
  readonly end: number
}

/** What the records of a range of the past are handed to. */
export interface RangeHandlers extends Pick<SourceHandlers, 'moveTo' | 'skipDeleted'> {
  /** False for a partition that appeared later. */
  has(key: PartitionKey): boolean
  position(key: PartitionKey): number
  ingester(key: PartitionKey): IngestRecord
  /** Partitions that are not read now: they are far ahead of another, or read as far as needed. */
  paused(): ReadonlySet<PartitionKey>
  /** True once every partition is read as far as needed. */
  isOver(): boolean
  /** Resolves once more records can be ingested; rejects if none ever can. */
  ready(): Promise<void>
}
