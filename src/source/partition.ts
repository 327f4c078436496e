/** A topic's partition as `topic/number`: the key of every map by partition. A plain text is none. */
export type PartitionKey = `${string}/${number}`

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export const partitionKey = (topic: string, partition: number): PartitionKey => `${topic}/${partition}`

export const parsePartitionKey = (key: PartitionKey): TopicPartition => ({
  topic: topicOf(key),
  partition: Number(key.slice(key.lastIndexOf('/') + 1))
})

/** Of `topic/number`. */
export const topicOf = (key: string): string => key.slice(0, key.lastIndexOf('/'))

/** The order of partitions: by topic, then by number. */
export const byNumber = (a: TopicPartition, b: TopicPartition): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1
