import type { Batch, Consumer } from 'kafkajs'
import { type PartitionKey, parsePartitionKey, partitionKey } from '../partition.ts'

export type PartitionControl = ReturnType<typeof partitionControl>

/** Pausing, resuming and seeking in KafkaJS, by our keys of partitions. */
export function partitionControl(consumer: Pick<Consumer, 'pause' | 'resume' | 'seek'>) {
  return {
    pause(keys: readonly PartitionKey[]): void {
      if (keys.length > 0) consumer.pause(keys.map(topicAndPartitions))
    },
    resume(keys: readonly PartitionKey[]): void {
      if (keys.length > 0) consumer.resume(keys.map(topicAndPartitions))
    },
    seek(key: PartitionKey, offset: number): void {
      consumer.seek({ ...parsePartitionKey(key), offset: String(offset) })
    }
  }
}

function topicAndPartitions(key: PartitionKey): { topic: string; partitions: number[] } {
  const { topic, partition } = parsePartitionKey(key)
  return { topic, partitions: [partition] }
}

/** The partitions of an assignment as GROUP_JOIN gives it. */
export const assignedKeys = (assignment: Readonly<Record<string, readonly number[]>>): PartitionKey[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map(partition => partitionKey(topic, partition))
  )

/** The offset that the batch's fetch asked for. KafkaJS has it, but not in its types. */
export const fetchedOffset = (batch: Batch): number =>
  Number((batch as Batch & { readonly fetchedOffset: string }).fetchedOffset)
