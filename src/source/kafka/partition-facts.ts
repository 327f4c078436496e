import type { Admin } from 'kafkajs'
import { type PartitionKey, parsePartitionKey, partitionKey } from '../partition.ts'
import type { PartitionFacts } from '../start.ts'
import type { StartAt } from '../types.ts'
import type { Committed } from './last-commit.ts'

export interface FactsQuery {
  readonly admin: Admin
  readonly group: string
  readonly keys: readonly PartitionKey[]
  readonly start: StartAt
  readonly nowMs: number
}

/** Reads each partition's ends and the group's commit with its metadata. Rejects with KafkaJS's errors. */
export async function readFacts({ admin, group, keys, start, nowMs }: FactsQuery): Promise<PartitionFacts[]> {
  const topics = [...new Set(keys.map(key => parsePartitionKey(key).topic))]
  const commits = await readCommits(admin, group, topics)
  const bounds = new Map<PartitionKey, { begin: number; end: number }>()
  const byAge = new Map<PartitionKey, number>()
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      bounds.set(partitionKey(topic, partition), { begin: Number(low), end: Number(high) })
    }
    if (typeof start === 'object' && commits.size === 0) {
      for (const { partition, offset } of await admin.fetchTopicOffsetsByTimestamp(
        topic,
        nowMs - start.ageMs
      )) {
        byAge.set(partitionKey(topic, partition), Number(offset))
      }
    }
  }
  return keys.map(key => {
    const bound = bounds.get(key)
    // A partition that is being created can be assigned before the broker knows its ends.
    if (bound === undefined) throw new Error(`the broker does not know the ends of ${key} yet`)
    const startOffset =
      start === 'earliest' ? bound.begin : start === 'latest' ? bound.end : (byAge.get(key) ?? bound.end)
    return { key, ...bound, committed: commits.get(key), startOffset: Math.max(startOffset, bound.begin) }
  })
}

/** The group's commits of the topics' partitions. Rejects with KafkaJS's errors. */
export async function readCommits(
  admin: Pick<Admin, 'fetchOffsets'>,
  group: string,
  topics: readonly string[]
): Promise<Map<PartitionKey, Committed>> {
  const commits = new Map<PartitionKey, Committed>()
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics: [...topics] })) {
    for (const { partition, offset, metadata } of partitions) {
      if (Number(offset) >= 0)
        commits.set(partitionKey(topic, partition), { offset: Number(offset), metadata })
    }
  }
  return commits
}
