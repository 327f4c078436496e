import type { Admin } from 'kafkajs'
import { causesOf } from '../error.ts'
import type { SourceFault } from '../types.ts'

/** Those topics that the broker does not list. Rejects with KafkaJS's errors. */
export async function missingTopics(admin: Admin, topics: readonly string[]): Promise<readonly string[]> {
  const existing = new Set(await admin.listTopics())
  return topics.filter(topic => !existing.has(topic))
}

/** Whether the broker answered that there is no such topic or partition. */
export const isMissingTopic = (error: unknown): boolean =>
  causesOf(error).some(({ type }) => type === 'UNKNOWN_TOPIC_OR_PARTITION')

export const topicFault = (topics: readonly string[], since: number): SourceFault => ({
  cause: 'topic_missing',
  since,
  subject: topics.join(', '),
  error: 'Kafka does not have it'
})
