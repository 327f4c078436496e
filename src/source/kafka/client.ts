import kafkajs, { type Consumer, type Kafka } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { DeadLetters } from '../dead-letters.ts'
import type { Fence } from '../fence.ts'
import type { Source, StartAt } from '../types.ts'
import type { KafkaAccess } from './access.ts'
import { createOneOwnerAssigner, createOwnership, type Ownership } from './assigner.ts'
import { createConnecting } from './connecting.ts'
import { createKafkaSource } from './consumer.ts'
import { createDeadLetterTopic, ensureDeadLetterTopics } from './dead-letter-topic.ts'
import { createGroup, type Group } from './group.ts'
import type { InstanceAddress } from './member.ts'
import { boundedPartitioner } from './partitioner.ts'
import { fetchWaitMs, readingClient } from './reading-client.ts'

const pollMs = 1_000
/** A consumer that ended on what may pass, such as a missing topic, begins anew after this long. */
const restartMs = 1_000
/** Standbys learn of their turn at their next heartbeat, and who works reads nothing until all have joined. */
const heartbeatMs = 1_000
/** New partitions are found within this time. */
const metadataAgeMs = 30_000

export interface KafkaOptions extends KafkaAccess {
  readonly group: string
  readonly topics: readonly string[]
  readonly start: StartAt
  readonly sessionTimeoutMs: number
  readonly maxBytesPerPartition: number
  /** Dead letters go to `<topic>.dlq`: made where they are missing. */
  readonly deadLetterTopics: boolean
  readonly fence: Fence
  /** This instance, as the others of the group show and ask it. */
  readonly instance: () => InstanceAddress
  readonly clock: Clock
  readonly log: Logger
}

export interface KafkaMember {
  readonly source: Source
  readonly deadLetters: DeadLetters
  readonly group: Group
  /** When this instance was given the work it has or had last, in milliseconds; 0 if never. */
  readonly ownedSince: () => number
}

/** A member of a consumer group, with its dead-letter sink; nothing is connected before the source runs. */
export function createKafkaMember(options: KafkaOptions): KafkaMember {
  const { group, topics, fence, clock, log } = options
  const kafka = readingClient(options, clock, log)
  const ownership = createOwnership(clock)
  // It is asked every second: what fails is asked again soon enough, and why it fails is known the sooner.
  const admin = kafka.admin({ retry: { retries: 2 } })
  // The end is the log's: what a transaction that is open holds back is still to come, and no silence.
  const endsAdmin = kafka.admin({ retry: { retries: 2 }, readUncommitted: true })
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: boundedPartitioner
  })
  const connecting = createConnecting({ access: options, admin, topics, clock, log })
  const consumer = createConsumer(kafka, options, ownership, connecting.isStopped)
  const inner = createKafkaSource({ ...options, consumer, admin, endsAdmin, pollMs, ownership })

  async function connect(): Promise<void> {
    await Promise.all([admin.connect(), endsAdmin.connect()])
    await connecting.requireTopics()
    if (options.deadLetterTopics) {
      await ensureDeadLetterTopics(admin, topics)
      await producer.connect()
    }
    await consumer.connect()
  }

  return {
    source: {
      ...inner,
      async run(handlers) {
        if (await connecting.untilConnected(connect)) await inner.run(handlers)
      },
      state: () => connecting.withFault(inner.state()),
      async stop() {
        connecting.stop()
        await inner.stop()
        await Promise.allSettled([producer, admin, endsAdmin].map(one => one.disconnect()))
      }
    },
    deadLetters: createDeadLetterTopic(producer, fence),
    group: createGroup({ admin, group, topics, protocol: kafkajs.AssignerProtocol }),
    ownedSince: ownership.since
  }
}

function createConsumer(
  kafka: Kafka,
  { group, sessionTimeoutMs, maxBytesPerPartition, instance, clock }: KafkaOptions,
  ownership: Ownership,
  isStopped: () => boolean
): Consumer {
  return kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: Math.max(sessionTimeoutMs, 20_000),
    heartbeatInterval: heartbeatMs,
    maxBytesPerPartition,
    maxWaitTimeInMs: fetchWaitMs,
    metadataMaxAge: metadataAgeMs,
    allowAutoTopicCreation: false,
    retry: {
      async restartOnFailure() {
        await clock.sleep(restartMs)
        return !isStopped()
      }
    },
    partitionAssigners: [
      createOneOwnerAssigner({ protocol: kafkajs.AssignerProtocol, ownership, instance, clock })
    ]
  })
}
