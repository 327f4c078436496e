import kafkajs from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { type KafkaAccess, kafkaClient } from './access.ts'
import { createGroup, type Group } from './group.ts'
import { readingFault } from './reading-fault.ts'

export interface OpenGroupOptions extends KafkaAccess {
  readonly group: string
  readonly topics: readonly string[]
  readonly clock: Clock
}

/** Sees a group from outside, without joining it. Rejects with a SourceError if Kafka cannot be reached. */
export async function openGroup(options: OpenGroupOptions): Promise<Group & { close(): Promise<void> }> {
  const { group, topics, clock } = options
  const kafka = kafkaClient(options, clock, {
    // Silent: errors are thrown, and the caller shows them.
    logCreator: () => () => {},
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    retry: { initialRetryTime: 200, maxRetryTime: 1_000, retries: 2 }
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
  } catch (error) {
    throw readingFault(error, options, clock.now())
  }
  return {
    ...createGroup({ admin, group, topics, protocol: kafkajs.AssignerProtocol }),
    close: () => admin.disconnect()
  }
}
