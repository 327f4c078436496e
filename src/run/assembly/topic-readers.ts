import type { Config } from '../../config/schema.ts'
import type { Change } from '../../incident/changes.ts'
import type { Intake } from '../../intake/intake.ts'
import { createTopicChanges } from '../../intake/topic-changes.ts'
import { createTopicIntake } from '../../intake/topic-intake.ts'
import type { DeadLetters } from '../../source/dead-letters.ts'
import { createTopicReader } from '../../source/kafka/topic-reader.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'

interface TopicReadersParts {
  readonly intake: Intake
  readonly tell: (changes: readonly Change[]) => Promise<void>
  readonly deadLetters: DeadLetters
  /** The wall clock. */
  readonly now: () => number
  readonly clock: Clock
  readonly log: Logger
}

/** Reads what others send by Kafka beside events: alerts of other services, and changes. */
export function topicReadersOf(
  { kafka, pipeline, intake: { topics: ofAlerts }, changes: { topics: ofChanges } }: Config,
  { intake, tell, deadLetters, now, clock, log }: TopicReadersParts
) {
  const readerOf = (topics: readonly string[], name: string, take: ReturnType<typeof createTopicIntake>) =>
    topics.length === 0
      ? []
      : [createTopicReader({ ...kafka, group: `${kafka.group}-${name}`, topics, clock, log }, take)]
  const readers = [
    ...readerOf(ofAlerts, 'intake', createTopicIntake(intake, deadLetters, log)),
    ...readerOf(ofChanges, 'changes', createTopicChanges({ pipeline, tell, deadLetters, now, log }))
  ]
  return {
    run: () => Promise.all(readers.map(reader => reader.run())),
    stop: () => Promise.all(readers.map(reader => reader.stop()))
  }
}
