import type { Config } from '../../config/schema.ts'
import type { Intake } from '../../intake/intake.ts'
import { createTopicIntake } from '../../intake/topic-intake.ts'
import type { DeadLetters } from '../../source/dead-letters.ts'
import { createTopicReader } from '../../source/kafka/topic-reader.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'

/** Reads alerts of other services from Kafka; undefined where no topic has them. */
export function alertReaderOf(
  { kafka, intake: { topics } }: Config,
  intake: Intake,
  deadLetters: DeadLetters,
  { clock, log }: { readonly clock: Clock; readonly log: Logger }
) {
  if (topics.length === 0) return undefined
  const access = { ...kafka, group: `${kafka.group}-intake`, topics }
  return createTopicReader({ ...access, clock, log }, createTopicIntake(intake, deadLetters, log))
}
