import { randomUUID } from 'node:crypto'
import kafkajs, {
  type Admin,
  type CompressionTypes,
  type IHeaders,
  type Kafka,
  type KafkaConfig
} from 'kafkajs'
import { readToEnd, type StoredRecord } from './kafka-read.ts'
import { until } from './until.ts'

export interface RawRecord {
  readonly value: Buffer | string | null
  readonly key?: Buffer | string | null
  readonly partition?: number
  readonly headers?: IHeaders
  /** Milliseconds since the epoch; the time of producing where it is not given. */
  readonly timestamp?: number
}

export interface CommittedOffset {
  /** −1 where the group has no commit. */
  readonly offset: number
  readonly metadata: string | null
}

export interface TestKafka {
  readonly bootstrap: string
  readonly admin: Admin
  client(config?: Partial<KafkaConfig>): Kafka
  /** A new topic of a name of its own; `config` as Kafka names it, e.g. `message.timestamp.type`. */
  createTopic(options?: { partitions?: number; config?: Readonly<Record<string, string>> }): Promise<string>
  produce(topic: string, records: readonly RawRecord[], compression?: CompressionTypes): Promise<void>
  /** One transaction of the records, which ends in a control record on each partition. */
  produceInTransaction(topic: string, records: readonly RawRecord[], end?: 'commit' | 'abort'): Promise<void>
  /** By partition number. */
  groupOffsets(groupId: string, topic: string): Promise<Map<number, CommittedOffset>>
  endOffsets(topic: string): Promise<Map<number, number>>
  /** Every record that a reader of committed transactions sees, up to the end at the time of the call. */
  readToEnd(topic: string): Promise<StoredRecord[]>
}

export const uniqueName = (prefix = 'test') => `${prefix}-${randomUUID()}`

/** Clients on the Kafka at an address, whose admin is asked for at each use: it may be connected later. */
export function kafkaAt(bootstrap: () => string, admin: () => Admin): TestKafka {
  const client = (config: Partial<KafkaConfig> = {}) => clientOf(bootstrap(), config)

  const kafka: TestKafka = {
    get bootstrap() {
      return bootstrap()
    },
    get admin() {
      return admin()
    },
    client,
    async createTopic({ partitions = 1, config = {} } = {}) {
      const topic = uniqueName()
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
      await kafka.admin.createTopics({
        topics: [{ topic, numPartitions: partitions, configEntries }],
        waitForLeaders: false
      })
      // KafkaJS gives up where the broker does not know the topic at once.
      await until('leaders of the topic', async () => {
        const ends = await kafka.admin.fetchTopicOffsets(topic).catch(() => [])
        return ends.length === partitions
      })
      return topic
    },
    async produce(topic, records, compression) {
      const producer = client().producer()
      await producer.connect()
      try {
        await producer.send({ topic, messages: messagesOf(records), ...(compression && { compression }) })
      } finally {
        await producer.disconnect()
      }
    },
    async produceInTransaction(topic, records, end = 'commit') {
      const transactionalId = uniqueName('transaction')
      const producer = client().producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
      await producer.connect()
      try {
        const before = sum(await kafka.endOffsets(topic))
        const transaction = await producer.transaction()
        const sent = await transaction.send({ topic, messages: messagesOf(records) })
        await (end === 'commit' ? transaction.commit() : transaction.abort())
        // The answer to the end of a transaction comes before its control records are in the log.
        const written = records.length + new Set(sent.map(({ partition }) => partition)).size
        await until('the control records', async () => sum(await kafka.endOffsets(topic)) >= before + written)
      } finally {
        await producer.disconnect()
      }
    },
    async groupOffsets(groupId, topic) {
      // The broker of a busy machine loses its own registration now and then, and with it the group's coordinator.
      const [answer] = await until('the coordinator of the group', () =>
        kafka.admin.fetchOffsets({ groupId, topics: [topic] }).catch(whereNoCoordinator)
      )
      return new Map(
        (answer?.partitions ?? []).map(({ partition, offset, metadata }) => [
          partition,
          { offset: Number(offset), metadata }
        ])
      )
    },
    async endOffsets(topic) {
      const offsets = await kafka.admin.fetchTopicOffsets(topic)
      return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]))
    },
    async readToEnd(topic) {
      return readToEnd(client(), uniqueName('reader'), topic, await kafka.endOffsets(topic))
    }
  }
  return kafka
}

const sum = (offsets: ReadonlyMap<number, number>) => [...offsets.values()].reduce((a, b) => a + b, 0)

const noCoordinator = new Set([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS'
])

function whereNoCoordinator(fault: unknown): undefined {
  if (fault instanceof kafkajs.KafkaJSProtocolError && noCoordinator.has(fault.type)) return undefined
  throw fault
}

const messagesOf = (records: readonly RawRecord[]) =>
  records.map(({ timestamp, ...record }) => ({
    ...record,
    ...(timestamp !== undefined && { timestamp: String(timestamp) })
  }))

/** A silent client of the Kafka at `host:port`. */
export const clientOf = (bootstrap: string, config: Partial<KafkaConfig> = {}): Kafka =>
  new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING, ...config })
