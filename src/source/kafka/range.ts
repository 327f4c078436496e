import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { SourceError } from '../error.ts'
import type { RangeHandlers } from '../range.ts'
import { type KafkaAccess, kafkaClient } from './access.ts'
import { registerCodecs } from './codecs.ts'
import { createKafkaLog } from './log.ts'
import { readRange } from './range-reading.ts'
import { type RangeQuery, type RangeStarts, readRangeStarts } from './range-starts.ts'
import { readingFault } from './reading-fault.ts'

const fetchWaitMs = 500

export interface RangeOptions extends KafkaAccess {
  readonly group: string
  readonly topics: readonly string[]
  readonly maxBytesPerPartition: number
  readonly clock: Clock
  readonly log: Logger
}

/** Reads what topics still hold of the past, beside the group that works on them: nothing is committed. */
export interface RangeSource {
  starts(query: Pick<RangeQuery, 'sinceMs' | 'trustAheadMs'>): Promise<RangeStarts>
  /** Hands in records until the handlers say that it is over. */
  read(handlers: RangeHandlers): Promise<void>
  stop(): Promise<void>
}

/** KafkaJS reads in groups only: this one is of its own, `<group>-backfill-…`, and ends with the reading. */
export function createRangeSource(options: RangeOptions): RangeSource {
  const { group, topics, clock, log } = options
  registerCodecs(kafkajs)
  const kafka = kafkaClient(options, clock, {
    logCreator: createKafkaLog(log),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 5 }
  })
  const admin = kafka.admin()
  const consumer = kafka.consumer({
    groupId: `${group}-backfill-${randomUUID()}`,
    maxBytesPerPartition: options.maxBytesPerPartition,
    maxWaitTimeInMs: fetchWaitMs,
    allowAutoTopicCreation: false
  })

  return {
    async starts(query) {
      try {
        await admin.connect()
        const existing = new Set(await admin.listTopics())
        const missing = topics.filter(topic => !existing.has(topic))
        if (missing.length > 0)
          throw new SourceError('TOPIC_MISSING', `there is no topic ${missing.join(', ')} (kafka.topics)`, {
            retryable: true
          })
        return await readRangeStarts({ ...query, admin, topics, group })
      } catch (error) {
        throw readingFault(error, options, clock.now())
      }
    },
    async read(handlers) {
      if (handlers.isOver()) return
      try {
        await consumer.connect()
        await consumer.subscribe({ topics: [...topics] })
        await readRange({ consumer, admin, topics, clock, handlers })
      } catch (error) {
        throw readingFault(error, options, clock.now())
      }
    },
    async stop() {
      await Promise.allSettled([consumer.disconnect(), admin.disconnect()])
    }
  }
}
