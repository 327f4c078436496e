import type { PartitionKey } from '../source/partition.ts'
import { type Accumulate, compile, createPartial } from '../window/accumulate.ts'
import { createPartitionWindows } from '../window/partition-windows.ts'
import type { Checkpoint, Partial, PartitionWindows } from '../window/types.ts'
import type { IngestOptions } from './options.ts'

export type Partitions = ReadonlyMap<PartitionKey, PartitionWindows>

/** The windows of each partition, from its checkpoint on. */
export function openPartitions(
  options: IngestOptions,
  from: ReadonlyMap<PartitionKey, Checkpoint>
): Partitions {
  const count = compile(options)
  const accumulate: Accumulate =
    options.recordTimes === 'none' ? (partial, event) => count(partial, event, undefined) : count
  const emptyPartial = (start: number, like: Partial | undefined) => createPartial(start, options, like)
  return new Map(
    [...from].map(([key, checkpoint]) => [
      key,
      createPartitionWindows({ ...options, accumulate, emptyPartial }, checkpoint)
    ])
  )
}
