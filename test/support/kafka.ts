import type { Admin } from 'kafkajs'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { clientOf, kafkaAt, type TestKafka } from './kafka-client.ts'

export { type RawRecord, type TestKafka, uniqueName } from './kafka-client.ts'

/** A suite that needs a real Kafka; skipped where test/support/global-setup.ts found none. */
export const describeWithKafka = describe.skipIf(inject('kafkaBootstrap') === '')

/** A suite that starts brokers of its own, to stop or kill them. */
export const describeWithOwnBroker = describe.skipIf(!inject('ownBrokers'))

/** Clients on the Kafka of the tests for the suite that calls it; they are closed after it. */
export function useKafka(bootstrap = () => inject('kafkaBootstrap')): TestKafka {
  const opened = { admin: undefined as Admin | undefined }

  beforeAll(async () => {
    opened.admin = clientOf(bootstrap()).admin()
    await opened.admin.connect()
  })
  afterAll(async () => {
    await opened.admin?.disconnect()
  })

  return kafkaAt(bootstrap, () => {
    if (!opened.admin) throw new Error('useKafka() serves inside tests and hooks')
    return opened.admin
  })
}
