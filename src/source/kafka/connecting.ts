import type { Admin } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import { SourceError } from '../error.ts'
import type { SourceFault, SourceState } from '../types.ts'
import type { KafkaAccess } from './access.ts'
import { whyRefused } from './faults.ts'
import { missingTopics, topicFault } from './missing-topics.ts'

/** Between two tries to reach the broker, or to find a topic that does not exist yet. */
const retryMs = 5_000

export interface ConnectingOptions {
  readonly access: KafkaAccess
  readonly admin: Admin
  readonly topics: readonly string[]
  readonly clock: Clock
  readonly log: Logger
}

/** Waits for a broker that starts later than we do, or a topic that is created later. */
export function createConnecting({ access, admin, topics, clock, log }: ConnectingOptions) {
  let isStopped = false
  let failure: string | undefined
  let missing: { readonly fault: SourceFault; readonly answeredAt: number } | undefined

  function failed(error: unknown): void {
    // If Kafka answered, its address is right: only the reason is logged.
    const refusal = error instanceof SourceError ? error.message : whyRefused(error, access, clock.now())
    failure = refusal ?? messageOf(error)
    const what = refusal ?? 'Kafka cannot be reached (KAFKA_BOOTSTRAP_SERVERS, kafka.brokers)'
    log.error({ brokers: access.brokers, error: messageOf(error) }, `${what}: trying again`)
  }

  return {
    /** Tries until `connect` succeeds; false if stopped before. Rejects with a SourceError that is not retryable. */
    async untilConnected(connect: () => Promise<void>): Promise<boolean> {
      while (!isStopped) {
        try {
          await connect()
          failure = undefined
          missing = undefined
          return !isStopped
        } catch (error) {
          if (error instanceof SourceError && !error.retryable) throw error
          if (isStopped) return false
          failed(error)
          await clock.sleep(retryMs)
        }
      }
      return false
    },
    /** Rejects if the broker does not have all topics. */
    async requireTopics(): Promise<void> {
      const names = await missingTopics(admin, topics)
      const now = clock.now()
      if (names.length === 0) return
      missing = { fault: topicFault(names, missing?.fault.since ?? now), answeredAt: now }
      const isOpen = access.sasl === undefined && access.tls?.certFile === undefined
      // Kafka hides topics that a user may not describe.
      const hidden = isOpen ? '' : ', or we may not see it'
      const message = `there is no topic ${names.join(', ')} yet${hidden} (kafka.topics)`
      throw new SourceError('TOPIC_MISSING', message, { retryable: true })
    },
    isStopped: (): boolean => isStopped,
    stop(): void {
      isStopped = true
    },
    /** The source's state, with the reason why it is not connected. */
    withFault: (state: SourceState): SourceState => ({
      ...state,
      answeredAt: missing?.answeredAt ?? state.answeredAt,
      lastError: failure ?? state.lastError,
      faults: missing === undefined ? state.faults : [missing.fault]
    })
  }
}
