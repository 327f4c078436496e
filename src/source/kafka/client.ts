import kafkajs from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { DeadLetters } from '../dead-letters.ts'
import { SourceError } from '../error.ts'
import type { Fence } from '../fence.ts'
import type { Source, SourceFault, SourceHandlers, StartAt } from '../types.ts'
import { type KafkaAccess, kafkaClient } from './access.ts'
import { createOneOwnerAssigner, createOwnership } from './assigner.ts'
import { registerCodecs } from './codecs.ts'
import { createKafkaSource } from './consumer.ts'
import { createDeadLetterTopic, ensureDeadLetterTopics } from './dead-letter-topic.ts'
import { whyRefused } from './faults.ts'
import { createGroup, type Group } from './group.ts'
import { createKafkaLog } from './log.ts'
import type { InstanceAddress } from './member.ts'
import { missingTopics, topicFault } from './missing-topics.ts'
import { boundedPartitioner } from './partitioner.ts'

/** Between two tries to reach the broker, or to find a topic that nobody has made yet. */
const connectRetryMs = 5_000
const pollMs = 1_000
/** A consumer that ended on what may pass, such as a missing topic, begins anew after this long. */
const restartMs = 1_000
/** An empty fetch waits this long at the broker: it bounds how late a pause or a stop is seen. */
const fetchWaitMs = 500
/** Standbys learn at their next heartbeat that they are to go on, and who works reads nothing until all have. */
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

/** A source and a dead-letter sink over one set of brokers; nothing is connected before the source runs. */
export function createKafkaMember(options: KafkaOptions): KafkaMember {
  const { brokers, group, topics, sessionTimeoutMs, clock, log } = options
  registerCodecs(kafkajs)
  const kafka = kafkaClient(options, clock, {
    logCreator: createKafkaLog(log),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 5 }
  })
  let stopped = false
  const ownership = createOwnership(clock)
  // It is asked every second: what fails is asked again soon enough, and why it fails is known the sooner.
  const admin = kafka.admin({ retry: { retries: 2 } })
  // The end is the log's: what a transaction that is open holds back is still to come, and no silence.
  const endsAdmin = kafka.admin({ retry: { retries: 2 }, readUncommitted: true })
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: boundedPartitioner
  })
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: Math.max(sessionTimeoutMs, 20_000),
    heartbeatInterval: heartbeatMs,
    maxBytesPerPartition: options.maxBytesPerPartition,
    maxWaitTimeInMs: fetchWaitMs,
    metadataMaxAge: metadataAgeMs,
    allowAutoTopicCreation: false,
    retry: {
      async restartOnFailure() {
        await clock.sleep(restartMs)
        return !stopped
      }
    },
    partitionAssigners: [
      createOneOwnerAssigner({
        protocol: kafkajs.AssignerProtocol,
        ownership,
        instance: options.instance,
        clock
      })
    ]
  })
  const inner = createKafkaSource({
    consumer,
    admin,
    endsAdmin,
    topics,
    group,
    start: options.start,
    clock,
    log,
    pollMs,
    ownership,
    fence: options.fence
  })
  let connectError: string | undefined
  let missing: { readonly fault: SourceFault; readonly answeredAt: number } | undefined

  async function run(handlers: SourceHandlers): Promise<void> {
    await untilDone(async () => {
      await Promise.all([admin.connect(), endsAdmin.connect()])
      await requireTopics()
      if (options.deadLetterTopics) {
        await ensureDeadLetterTopics(admin, topics)
        await producer.connect()
      }
      await consumer.connect()
    })
    connectError = undefined
    missing = undefined
    if (!stopped) await inner.run(handlers)
  }

  async function requireTopics(): Promise<void> {
    const names = await missingTopics(admin, topics)
    const now = clock.now()
    if (names.length === 0) return
    missing = { fault: topicFault(names, missing?.fault.since ?? now), answeredAt: now }
    // Kafka hides what a user may not describe.
    const hidden =
      options.sasl === undefined && options.tls?.certFile === undefined ? '' : ', or we may not see it'
    const message = `there is no topic ${names.join(', ')} yet${hidden} (kafka.topics)`
    throw new SourceError('TOPIC_MISSING', message, { retryable: true })
  }

  /** A broker that starts later than we do, or a topic that is made later, is waited for; the log says so each time. */
  async function untilDone(attempt: () => Promise<void>): Promise<void> {
    while (!stopped) {
      try {
        return await attempt()
      } catch (error) {
        if (error instanceof SourceError && !error.retryable) throw error
        if (stopped) return
        // What a Kafka that answers refuses or lacks is said as it is: the address is right.
        const refusal = error instanceof SourceError ? error.message : whyRefused(error, options, clock.now())
        connectError = refusal ?? messageOf(error)
        const what = refusal ?? 'Kafka cannot be reached (KAFKA_BOOTSTRAP_SERVERS, kafka.brokers)'
        log.error({ brokers, error: messageOf(error) }, `${what}: trying again`)
        await clock.sleep(connectRetryMs)
      }
    }
  }

  return {
    source: {
      ...inner,
      run,
      state() {
        const state = inner.state()
        const { fault, answeredAt = state.answeredAt } = missing ?? {}
        return {
          ...state,
          answeredAt,
          lastError: connectError ?? state.lastError,
          faults: fault === undefined ? state.faults : [fault]
        }
      },
      async stop() {
        stopped = true
        await inner.stop()
        await Promise.allSettled([producer, admin, endsAdmin].map(one => one.disconnect()))
      }
    },
    deadLetters: createDeadLetterTopic(producer, options.fence),
    group: createGroup({ admin, group, topics, protocol: kafkajs.AssignerProtocol }),
    ownedSince: ownership.since
  }
}
