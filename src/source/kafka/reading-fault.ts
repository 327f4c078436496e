import { SourceError } from '../error.ts'
import type { KafkaAccess } from './access.ts'
import { whyRefused } from './faults.ts'

/** KafkaJS's errors in our words, for a command that reads once; other errors as they are. */
export function readingFault(error: unknown, access: KafkaAccess, nowMs: number): unknown {
  if (error instanceof SourceError) return error
  const refused = whyRefused(error, access, nowMs)
  if (refused !== undefined)
    return new SourceError('UNREACHABLE', refused, { retryable: false, cause: error })
  if (!(error instanceof Error && error.name.startsWith('KafkaJS'))) return error
  return new SourceError('UNREACHABLE', `Kafka: ${error.message} (KAFKA_BOOTSTRAP_SERVERS, kafka.brokers)`, {
    retryable: true,
    cause: error
  })
}
