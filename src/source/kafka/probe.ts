import kafkajs from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { SourceError } from '../error.ts'
import { type KafkaAccess, kafkaClient } from './access.ts'
import { readingFault } from './faults.ts'
import { missingTopics } from './missing-topics.ts'

export interface TopicSize {
  readonly topic: string
  readonly partitions: number
}

/** Asks the brokers for these topics, in two tries; the answer is in their order. Rejects with a SourceError that says what to check. */
export async function probeTopics(
  access: KafkaAccess & { readonly topics: readonly string[] },
  clock: Pick<Clock, 'now'>,
  timeoutMs: number
): Promise<readonly TopicSize[]> {
  const kafka = kafkaClient(access, clock, {
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: Math.min(3_000, timeoutMs),
    requestTimeout: timeoutMs,
    retry: { initialRetryTime: 200, retries: 1 }
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const missing = await missingTopics(admin, access.topics)
    if (missing.length > 0) {
      const message = `there is no topic ${missing.join(', ')}, or we may not see it (kafka.topics)`
      throw new SourceError('TOPIC_MISSING', message, { retryable: true })
    }
    const { topics } = await admin.fetchTopicMetadata({ topics: [...access.topics] })
    const sizes = new Map(topics.map(({ name, partitions }) => [name, partitions.length]))
    return access.topics.map(topic => ({ topic, partitions: sizes.get(topic) ?? 0 }))
  } catch (error) {
    throw readingFault(error, access, clock.now())
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
