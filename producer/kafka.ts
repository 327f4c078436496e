import kafkajs, { type Admin, type Kafka, type KafkaConfig } from 'kafkajs'
import { ProducerError } from './errors.ts'
import type { Progress } from './file.ts'
import type { ShopRecord } from './record.ts'

export interface KafkaTarget {
  readonly brokers: readonly string[]
  readonly topic: string
  /** Of the topic, if it has to be created. */
  readonly partitions: number
  /** Adds to a topic that already has records. */
  readonly force: boolean
  /** Login and encryption, as KafkaJS takes them. */
  readonly security?: Pick<KafkaConfig, 'sasl' | 'ssl' | 'socketFactory'>
  /** Says why the brokers refuse it; undefined if the error is about something else. */
  readonly whyRefused?: (cause: unknown) => string | undefined
}

/** A topic that is ready to be written to. Both calls reject with a ProducerError. */
export interface KafkaWriter {
  write(batches: AsyncIterable<readonly ShopRecord[]>, onProgress?: Progress): Promise<void>
  close(): Promise<void>
}

const connectionTimeoutMs = 5_000
const requestTimeoutMs = 30_000

/**
 * Connects, creates the topic if it is missing and refuses one that already has records. Records are keyed by
 * session and carry no timestamp of their own: it is the time of sending, as with any producer.
 */
export async function openKafka(target: KafkaTarget): Promise<KafkaWriter> {
  const kafka = new kafkajs.Kafka({
    clientId: 'cartwatch-producer',
    brokers: [...target.brokers],
    ...target.security,
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 4 }
  })
  await explained(target, () => prepareTopic(kafka, target))
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner
  })
  await explained(target, () => producer.connect())
  return {
    async write(batches, onProgress = () => {}) {
      for await (const batch of batches) {
        const messages = batch.map(({ sessionId, line }) => ({ key: sessionId, value: line }))
        await explained(target, () => producer.send({ topic: target.topic, acks: -1, messages }))
        onProgress(batch)
      }
    },
    close: () => producer.disconnect()
  }
}

async function prepareTopic(kafka: Kafka, target: KafkaTarget): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const created = await admin.createTopics({
      topics: [{ topic: target.topic, numPartitions: target.partitions }]
    })
    if (!created && !target.force) await refuseRecords(admin, target.topic)
  } finally {
    await admin.disconnect()
  }
}

async function refuseRecords(admin: Admin, topic: string): Promise<void> {
  const offsets = await admin.fetchTopicOffsets(topic)
  const records = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
  if (records === 0) return
  throw new ProducerError(
    'TOPIC_NOT_EMPTY',
    `the topic ${topic} already has ${records} records: name another topic, or add to it with --force`,
    { retryable: false }
  )
}

async function explained<Result>(target: KafkaTarget, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (cause) {
    if (cause instanceof ProducerError) throw cause
    const refusal = target.whyRefused?.(cause)
    if (refusal !== undefined) throw new ProducerError('REFUSED', refusal, { retryable: false, cause })
    const reason = cause instanceof Error ? cause.message : String(cause)
    const retryable = cause instanceof kafkajs.KafkaJSError && cause.retriable
    const unreachable =
      cause instanceof kafkajs.KafkaJSConnectionError ||
      cause instanceof kafkajs.KafkaJSNumberOfRetriesExceeded
    throw unreachable
      ? new ProducerError('UNREACHABLE', `Kafka at ${target.brokers.join(', ')} does not answer: ${reason}`, {
          retryable: true,
          cause
        })
      : new ProducerError('REFUSED', `Kafka refused the records for ${target.topic}: ${reason}`, {
          retryable,
          cause
        })
  }
}
