import type { Consumer, Kafka } from 'kafkajs'
import type { DeadLetters } from '../dead-letters.ts'
import { schemasOf } from '../registry/schemas.ts'
import type { Source } from '../types.ts'
import type { KafkaAccess } from './access.ts'
import { createOneOwnerAssigner, createOwnership, type Ownership } from './assigner.ts'
import { createConnecting } from './connecting.ts'
import { createKafkaSource } from './consumer.ts'
import { createDeadLetterTopic, ensureDeadLetterTopics, requireWriteRights } from './dead-letter-topic.ts'
import { createFetchPace, type FetchPace } from './fetch-pace.ts'
import { createGroup, type Group } from './group.ts'
import type { InstanceAddress } from './member.ts'
import { boundedPartitioner } from './partitioner.ts'
import type { KafkaSourceOptions } from './parts.ts'
import type { ReaderDecoding, ReaderSettings } from './readers/protocol.ts'
import { createReaders, type ReadersOptions } from './readers/readers.ts'
import { fetchWaitMs, heartbeatMs, metadataAgeMs, readingClient, restarting } from './reading-client.ts'

const pollMs = 1_000

export interface KafkaOptions
  extends KafkaAccess,
    Pick<KafkaSourceOptions, 'group' | 'topics' | 'start' | 'fence' | 'clock' | 'log'> {
  readonly sessionTimeoutMs: number
  readonly maxBytesPerPartition: number
  /** Dead letters go to `<topic>.dlq`, which is created if it is missing. */
  readonly deadLetterTopics: boolean
  /** Topics that others read here, whose dead letters go the same way. */
  readonly otherTopics?: readonly string[]
  /** Threads that read; without them this one does. */
  readonly threads?: ReadersWanted | undefined
  /** This instance, as others show it and ask it. */
  readonly instance: () => InstanceAddress
}

export interface ReadersWanted
  extends Pick<ReadersOptions, 'startThread' | 'currency' | 'onCount' | 'onRestart'> {
  /** At most one a partition starts; of one alone this thread is the reader. */
  readonly number: number
  readonly decoding: ReaderDecoding
}

export interface KafkaMember {
  readonly source: Source
  readonly deadLetters: DeadLetters
  readonly group: Group
  /** When this instance last became owner of the partitions, in milliseconds; 0 if never. */
  readonly ownedSince: () => number
}

/** A member of a consumer group, with its dead-letter sink; nothing is connected before the source runs. */
export function createKafkaMember(options: KafkaOptions): KafkaMember {
  const { group, topics, otherTopics = [], fence, clock, log, threads: wanted } = options
  const ofDeadLetters = [...topics, ...otherTopics]
  const kafka = readingClient(options, clock, log)
  const ownership = createOwnership(clock)
  // Few retries, because it is asked every second and the reason of a failure must be known soon.
  const admin = kafka.admin({ retry: { retries: 2 } })
  // The log's own end: records of an open transaction are still to come, so they are no silence of the shop.
  const endsAdmin = kafka.admin({ retry: { retries: 2 }, readUncommitted: true })
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: boundedPartitioner
  })
  const connecting = createConnecting({ access: options, admin, topics, clock, log })
  const pace = createFetchPace()
  const consumer = createConsumer(kafka, options, { ownership, pace, isStopped: connecting.isStopped })
  const readers =
    wanted &&
    createReaders({ ...wanted, settings: { ...settingsOf(options), decoding: wanted.decoding }, clock, log })
  const inner = createKafkaSource({
    ...options,
    readers,
    schemas: schemasOf(options.schemaRegistry, clock),
    consumer,
    admin,
    endsAdmin,
    pollMs,
    ownership,
    pace
  })

  async function connect(): Promise<void> {
    await Promise.all([admin.connect(), endsAdmin.connect()])
    await connecting.requireTopics()
    if (readers !== undefined && wanted !== undefined) {
      const { topics: described } = await admin.fetchTopicMetadata({ topics: [...topics] })
      const partitions = described.reduce((sum, topic) => sum + topic.partitions.length, 0)
      const number = Math.min(wanted.number, partitions)
      // Their groups are joined beside ours.
      if (number > 1) readers.start(number)
    }
    if (options.deadLetterTopics) {
      await ensureDeadLetterTopics(admin, ofDeadLetters)
      await producer.connect()
      await requireWriteRights(producer, ofDeadLetters)
    }
    await consumer.connect()
  }

  let connected: Promise<boolean> | undefined
  function untilConnected(): Promise<boolean> {
    connected ??= connecting.untilConnected(connect)
    return connected
  }

  return {
    source: {
      ...inner,
      connect: () => void untilConnected().catch(() => {}),
      async run(handlers) {
        if ((await untilConnected()) && !connecting.isStopped()) await inner.run(handlers)
      },
      state: () => connecting.withFault(inner.state()),
      async stop() {
        connecting.stop()
        await inner.stop()
        await Promise.allSettled([producer, admin, endsAdmin].map(one => one.disconnect()))
      }
    },
    deadLetters: createDeadLetterTopic(producer, fence, () => ensureDeadLetterTopics(admin, ofDeadLetters)),
    group: createGroup({ admin, group, topics }),
    ownedSince: ownership.since
  }
}

interface ConsumerParts {
  readonly ownership: Ownership
  readonly pace: FetchPace
  readonly isStopped: () => boolean
}

function createConsumer(
  kafka: Kafka,
  { group, sessionTimeoutMs, maxBytesPerPartition, instance, clock }: KafkaOptions,
  { ownership, pace, isStopped }: ConsumerParts
): Consumer {
  return kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: Math.max(sessionTimeoutMs, 20_000),
    heartbeatInterval: heartbeatMs,
    maxBytesPerPartition,
    maxWaitTimeInMs: fetchWaitMs,
    fetchBytes: pace.bytes,
    metadataMaxAge: metadataAgeMs,
    allowAutoTopicCreation: false,
    retry: restarting(clock, isStopped),
    partitionAssigners: [createOneOwnerAssigner({ ownership, instance, clock })]
  })
}

/** What a thread of its own needs to log in and to read. */
const settingsOf = ({
  brokers,
  clientId,
  sasl,
  tls,
  schemaRegistry,
  group,
  topics,
  maxBytesPerPartition
}: KafkaOptions): Omit<ReaderSettings, 'decoding'> => ({
  ...{ brokers, clientId, sasl, tls, schemaRegistry, group, topics, maxBytesPerPartition }
})
