import { randomUUID } from 'node:crypto'
import kafkajs, { type ConsumerConfig, type Kafka } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { schemasOf } from '../registry/schemas.ts'
import { type KafkaAccess, kafkaClient } from './access.ts'
import { registerCodecs } from './codecs.ts'
import { createFetchPace } from './fetch-pace.ts'
import { createKafkaLog } from './kafkajs-log.ts'

/** How long an empty fetch waits at the broker: a pause or a stop takes effect within this time. */
export const fetchWaitMs = 500

/** A consumer that crashed on what may pass, such as a missing topic, starts again after this time. */
const restartMs = 1_000
/** Members learn of a join at their next heartbeat, and nothing is read until all have joined. */
export const heartbeatMs = 1_000

/** A consumer's `retry`: it starts again until the stop. */
export const restarting = (clock: Clock, isStopped: () => boolean) => ({
  async restartOnFailure() {
    await clock.sleep(restartMs)
    return !isStopped()
  }
})

/** New partitions are noticed within this time. */
export const metadataAgeMs = 30_000

/** KafkaJS for reading records: with every codec, and its log in ours. */
export function readingClient(access: KafkaAccess, clock: Clock, log: Logger): Kafka {
  registerCodecs(kafkajs)
  return kafkaClient(access, clock, {
    logCreator: createKafkaLog(log),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 5 }
  })
}

export interface TemporaryReaderOptions extends KafkaAccess {
  readonly group: string
  readonly maxBytesPerPartition: number
  readonly clock: Clock
  readonly log: Logger
}

/** KafkaJS reads in groups only: this reader has its own, `<group>-<purpose>-…`, which ends with it. */
export function createTemporaryReader(
  options: TemporaryReaderOptions,
  purpose: string,
  settings: Pick<ConsumerConfig, 'metadataMaxAge' | 'retry'> = {}
) {
  const { group, maxBytesPerPartition, clock, log } = options
  const kafka = readingClient(options, clock, log)
  const admin = kafka.admin()
  const pace = createFetchPace()
  const consumer = kafka.consumer({
    groupId: `${group}-${purpose}-${randomUUID()}`,
    maxBytesPerPartition,
    maxWaitTimeInMs: fetchWaitMs,
    fetchBytes: pace.bytes,
    allowAutoTopicCreation: false,
    ...settings
  })
  pace.watch(consumer)
  return {
    admin,
    consumer,
    slowness: pace.slowness,
    schemas: schemasOf(options.schemaRegistry, clock),
    disconnect: async (): Promise<void> =>
      void (await Promise.allSettled([consumer.disconnect(), admin.disconnect()]))
  }
}
