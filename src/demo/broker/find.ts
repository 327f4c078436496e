import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBroker } from './broker.ts'

/** A Kafka to use, and what ends it where it is ours. */
export interface RealKafka {
  readonly bootstrap: string
  stop(): Promise<void>
}

// Confluent's 8.2 is Apache Kafka 4.2.
const image = 'confluentinc/cp-kafka:8.2.0'
const containerPort = 9093

/**
 * KAFKA_BOOTSTRAP_SERVERS where it is set; else a container where Docker answers; else, with Java and Maven, a broker
 * of our own; else undefined.
 */
export async function findKafka(ownBrokers: boolean): Promise<RealKafka | undefined> {
  const { KAFKA_BOOTSTRAP_SERVERS: given } = process.env
  if (given) return { bootstrap: given, stop: async () => {} }
  if (await dockerAnswers()) return await startContainer()
  return ownBrokers ? await startFromJars() : undefined
}

// Only where Docker may be asked: without development dependencies these are not there.
async function dockerAnswers(): Promise<boolean> {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers')
    await getContainerRuntimeClient()
    return true
  } catch {
    return false
  }
}

async function startContainer(): Promise<RealKafka> {
  const { KafkaContainer } = await import('@testcontainers/kafka')
  const container = await new KafkaContainer(image)
    .withEnvironment({
      KAFKA_LOG_RETENTION_MS: '-1',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '1'
    })
    .start()
  return {
    bootstrap: `${container.getHost()}:${container.getMappedPort(containerPort)}`,
    async stop() {
      await container.stop()
    }
  }
}

async function startFromJars(): Promise<RealKafka> {
  const dir = await mkdtemp(join(tmpdir(), 'cartwatch-kafka-'))
  // It is never killed: it may take longer than the usual three seconds to say that it lives.
  const broker = await startBroker({ dir, config: { 'broker.session.timeout.ms': 60_000 } })
  return {
    bootstrap: broker.bootstrap,
    async stop() {
      await broker.stop()
      await rm(dir, { recursive: true, force: true })
    }
  }
}
