import { randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { SourceError } from '../error.ts'
import { type PartitionKey, partitionKey } from '../partition.ts'
import { type KafkaAccess, kafkaClient } from './access.ts'
import { registerCodecs } from './codecs.ts'
import { createKafkaLog } from './log.ts'
import { readRange } from './range-reading.ts'
import { readingFault } from './reading-fault.ts'

const fetchWaitMs = 500

export interface NewestOptions extends KafkaAccess {
  readonly group: string
  readonly maxBytesPerPartition: number
  readonly clock: Clock
  readonly log: Logger
}

/**
 * The values of about the newest `count` records of a topic, the same number of each partition. KafkaJS reads in
 * groups only: this one is of its own, `<group>-inspect-…`, commits nothing, and ends with the reading.
 */
export async function readNewest(
  options: NewestOptions,
  topic: string,
  count: number
): Promise<readonly (Buffer | null)[]> {
  const { group, clock, log } = options
  registerCodecs(kafkajs)
  const kafka = kafkaClient(options, clock, {
    logCreator: createKafkaLog(log),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 5 }
  })
  const admin = kafka.admin()
  const consumer = kafka.consumer({
    groupId: `${group}-inspect-${randomUUID()}`,
    maxBytesPerPartition: options.maxBytesPerPartition,
    maxWaitTimeInMs: fetchWaitMs,
    allowAutoTopicCreation: false
  })
  const values: (Buffer | null)[] = []
  try {
    await admin.connect()
    if (!(await admin.listTopics()).includes(topic))
      throw new SourceError('TOPIC_MISSING', `there is no topic ${topic}`, { retryable: false })
    const ends = await admin.fetchTopicOffsets(topic)
    const held = ends.filter(({ low, high }) => Number(high) > Number(low))
    const each = Math.ceil(count / Math.max(1, held.length))
    const positions = new Map<PartitionKey, { at: number; readonly end: number }>(
      held.map(({ partition, low, high }) => [
        partitionKey(topic, partition),
        { at: Math.max(Number(low), Number(high) - each), end: Number(high) }
      ])
    )
    const position = (key: PartitionKey) => positions.get(key) as { at: number; end: number }
    const moveTo = (key: PartitionKey, offset: number) => {
      position(key).at = offset
    }
    const isDone = (key: PartitionKey) => position(key).at >= position(key).end
    if (positions.size === 0) return []
    await consumer.connect()
    await consumer.subscribe({ topics: [topic] })
    await readRange({
      consumer,
      admin,
      topics: [topic],
      clock,
      handlers: {
        has: key => positions.has(key),
        position: key => position(key).at,
        ingester: key => (offset, _recordTime, record) => {
          // Out of the fetch's buffer, which is used again.
          if (offset < position(key).end) values.push(record.value && Buffer.from(record.value))
        },
        moveTo,
        skipDeleted: moveTo,
        paused: () => new Set([...positions.keys()].filter(isDone)),
        isOver: () => [...positions.keys()].every(isDone),
        ready: () => turn()
      }
    })
    return values
  } catch (error) {
    throw readingFault(error, options, clock.now())
  } finally {
    await Promise.allSettled([consumer.disconnect(), admin.disconnect()])
  }
}
