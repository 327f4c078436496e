import type { Batch, Consumer } from 'kafkajs'
import { type PartitionKey, parsePartitionKey, partitionKey } from '../partition.ts'

/** Pausing, resuming and seeking in KafkaJS, by our keys of partitions. */
export interface PartitionControl {
  pause(keys: readonly PartitionKey[]): void
  resume(keys: readonly PartitionKey[]): void
  seek(key: PartitionKey, offset: number): void
}

export function partitionControl(consumer: Pick<Consumer, 'pause' | 'resume' | 'seek'>): PartitionControl {
  return {
    pause(keys) {
      if (keys.length > 0) consumer.pause(keys.map(topicAndPartitions))
    },
    resume(keys) {
      if (keys.length > 0) consumer.resume(keys.map(topicAndPartitions))
    },
    seek(key, offset) {
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
