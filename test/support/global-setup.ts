import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KafkaContainer } from '@testcontainers/kafka'
import { getContainerRuntimeClient } from 'testcontainers'
import type { TestProject } from 'vitest/node'
import { startBroker } from '../../scripts/kafka/broker.ts'
import { javaAndMavenAnswer } from '../../scripts/kafka/jars.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of a real Kafka, empty where there is none. */
    kafkaBootstrap: string
    /** Whether a test may start a broker of its own with scripts/kafka/broker.ts. */
    ownBrokers: boolean
  }
}

interface RealKafka {
  readonly bootstrap: string
  stop(): Promise<void>
}

// Confluent's 8.2 is Apache Kafka 4.2.
const image = 'confluentinc/cp-kafka:8.2.0'
const containerPort = 9093

// The projects that need a Kafka share one; the last that is torn down finds it stopped.
const shared = globalThis as { kafkaOfTheTests?: Promise<RealKafka | undefined> }

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { CI } = process.env
  const ownBrokers = await javaAndMavenAnswer()
  shared.kafkaOfTheTests ??= findOrStartKafka(ownBrokers)
  const kafka = await shared.kafkaOfTheTests
  if (!kafka) {
    const reason =
      'no KAFKA_BOOTSTRAP_SERVERS, no Docker, and no Java 17 with Maven: tests on a real Kafka are skipped'
    if (CI === 'true') throw new Error(reason)
    console.warn(reason)
  }
  project.provide('kafkaBootstrap', kafka?.bootstrap ?? '')
  project.provide('ownBrokers', ownBrokers)
  return async () => kafka?.stop()
}

async function findOrStartKafka(ownBrokers: boolean): Promise<RealKafka | undefined> {
  const { KAFKA_BOOTSTRAP_SERVERS: given } = process.env
  if (given) return { bootstrap: given, stop: async () => {} }
  if (await dockerAnswers()) return await startContainer()
  return ownBrokers ? await startFromJars() : undefined
}

const dockerAnswers = () =>
  getContainerRuntimeClient().then(
    () => true,
    () => false
  )

async function startContainer(): Promise<RealKafka> {
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
  const broker = await startBroker({ dir })
  return {
    bootstrap: broker.bootstrap,
    async stop() {
      await broker.stop()
      await rm(dir, { recursive: true, force: true })
    }
  }
}
