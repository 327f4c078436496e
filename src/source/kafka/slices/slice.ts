import type { Decoded, SkipReason } from '../../../decode/types.ts'
import type { PartitionKey } from '../../partition.ts'

/** A record that does not fit into the columns, with what a dead letter keeps of it. Its bytes are copies. */
export interface RecordBeside {
  readonly decoded: Decoded
  readonly key?: Uint8Array | null
  readonly value?: Uint8Array | null
  readonly original?: Uint8Array
}

/** Records of a partition, one after another, as a reader sends them. */
export interface Slice {
  readonly key: PartitionKey
  /** Of the seek that the partition was read from. */
  readonly epoch: number
  /** Where reading stood before the first record. */
  readonly from: number
  /** Where it stands behind the last. */
  readonly next: number
  readonly count: number
  /** Of the columns, see `SliceColumns`. */
  readonly buffer: ArrayBuffer
  /** Those that are no events in the columns, in their order. */
  readonly beside: readonly RecordBeside[]
  /** Texts that come for the first time; their numbers go on from those of the slice before. */
  readonly texts: readonly string[]
  /** The numbers of texts begin again. */
  readonly isFirst: boolean
  /** A fetch had failed before: the topic may be being recreated. */
  readonly isDoubtful: boolean
}

/** Their places are what a slice has in its column. */
export const skipReasons = [
  'tombstone',
  'row_deleted',
  'row_updated',
  'no_events',
  'ignored'
] as const satisfies readonly SkipReason[]
