import type { TestProject } from 'vitest/node'
import { findKafka, type RealKafka } from '../../src/demo/broker/find.ts'
import { javaAndMavenAnswer } from '../../src/demo/broker/jars.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of a real Kafka, empty where there is none. */
    kafkaBootstrap: string
    /** Whether a test may start a broker of its own with src/demo/broker/broker.ts. */
    ownBrokers: boolean
  }
}

// The projects that need a Kafka share one, and Vitest tears all of them down at its end.
const shared = globalThis as {
  kafkaOfTheTests?: Promise<RealKafka | undefined>
  kafkaStopped?: Promise<void>
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { CI } = process.env
  const ownBrokers = await javaAndMavenAnswer()
  shared.kafkaOfTheTests ??= findKafka(ownBrokers)
  const kafka = await shared.kafkaOfTheTests
  if (!kafka) {
    const reason =
      'no KAFKA_BOOTSTRAP_SERVERS, no Docker, and no Java 17 with Maven: tests on a real Kafka are skipped'
    if (CI === 'true') throw new Error(reason)
    console.warn(reason)
  }
  project.provide('kafkaBootstrap', kafka?.bootstrap ?? '')
  project.provide('ownBrokers', ownBrokers)
  return () => (shared.kafkaStopped ??= kafka?.stop() ?? Promise.resolve())
}
