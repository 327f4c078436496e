/** A topic's partition as `topic/number`: the key of every map by partition. A plain text is none. */
export type PartitionKey = `${string}/${number}`

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export const partitionKey = (topic: string, partition: number): PartitionKey => `${topic}/${partition}`

export function parsePartitionKey(key: PartitionKey): TopicPartition {
  const slash = key.lastIndexOf('/')
  return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) }
}

/** The order of partitions: by topic, then by number. */
export const byNumber = (a: TopicPartition, b: TopicPartition): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1
