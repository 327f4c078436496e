import type { EachBatchPayload } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import { type PartitionKey, partitionKey } from '../partition.ts'
import type { KafkaAccess } from './access.ts'
import { createConnecting } from './connecting.ts'
import { createFetchPace } from './fetch-pace.ts'
import { walkOver } from './fetch-walk.ts'
import { fetchWaitMs, heartbeatMs, readingClient, restarting } from './reading-client.ts'

export interface TopicReaderOptions extends KafkaAccess {
  readonly group: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  readonly maxBytesPerPartition: number
  readonly clock: Clock
  readonly log: Logger
}

export interface TopicRecord {
  readonly partition: PartitionKey
  readonly offset: number
  readonly key: Buffer | null
  /** Null is a tombstone. */
  readonly value: Buffer | null
}

/** Out of the fetch's buffer: a store that is away may outlast it. */
const copy = (bytes: Buffer | null) => (bytes === null ? null : Buffer.from(bytes))

/** Records that are taken in one go, and the pause before they are tried again. */
const takeSize = 100
const retryMs = 1_000

/**
 * Reads topics in a group of their own, from the first record on. Each record is taken at least once: offsets are committed
 * behind what was taken, and what is not taken is tried again until it is.
 */
export function createTopicReader(
  options: TopicReaderOptions,
  take: (records: readonly TopicRecord[]) => Promise<void>
) {
  const { group, topics, sessionTimeoutMs, maxBytesPerPartition, clock, log } = options
  const kafka = readingClient(options, clock, log)
  const admin = kafka.admin({ retry: { retries: 2 } })
  const connecting = createConnecting({ access: options, admin, topics, clock, log })
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatMs,
    maxBytesPerPartition,
    maxWaitTimeInMs: fetchWaitMs,
    fetchBytes: createFetchPace().bytes,
    allowAutoTopicCreation: false,
    retry: restarting(clock, connecting.isStopped)
  })

  async function takeAll(
    records: readonly TopicRecord[],
    { heartbeat, isRunning, isStale }: EachBatchPayload
  ) {
    let failure: string | undefined
    while (isRunning() && !isStale()) {
      try {
        await take(records)
        return true
      } catch (error) {
        const reason = messageOf(error)
        if (reason !== failure)
          log.warn({ topics, error: reason }, 'records of the intake cannot be taken: trying again')
        failure = reason
        await clock.sleep(retryMs)
        await heartbeat()
      }
    }
    return false
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch
    const read = Array.from(walkOver(payload.batch), ({ offset, record: { key, value } }) => ({
      partition: partitionKey(topic, partition),
      ...{ offset, key: copy(key), value: copy(value) }
    }))
    for (let from = 0; from < read.length; from += takeSize) {
      const records = read.slice(from, from + takeSize)
      if (!(await takeAll(records, payload))) return
      const next = (records.at(-1)?.offset ?? 0) + 1
      await consumer.commitOffsets([{ topic, partition, offset: String(next) }])
      payload.resolveOffset(String(next - 1))
      await payload.heartbeat()
    }
  }

  return {
    /** Until the stop. Rejects where waiting does not help. */
    async run(): Promise<void> {
      const isConnected = await connecting.untilConnected(async () => {
        await admin.connect()
        await connecting.requireTopics()
        await consumer.connect()
        await consumer.subscribe({ topics: [...topics], fromBeginning: true })
      })
      if (isConnected) await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
    },
    async stop(): Promise<void> {
      connecting.stop()
      await Promise.allSettled([consumer.disconnect(), admin.disconnect()])
    }
  }
}
