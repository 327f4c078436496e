import type { Config } from '../../config/schema.ts'
import { countOnly, createDeadLetterFile } from '../../source/dead-letter-file.ts'
import type { DeadLetters } from '../../source/dead-letters.ts'
import type { Fence } from '../../source/fence.ts'
import type { Logger } from '../../telemetry/types.ts'

/** Where dead letters go; `topics` writes them to Kafka. */
export function deadLettersOf(
  { deadLetter, deadLetterFile, deadLetterMaxSize }: Config,
  topics: DeadLetters,
  { fence, log }: { readonly fence: Fence; readonly log: Logger }
): DeadLetters {
  switch (deadLetter) {
    case 'topic':
      return topics
    case 'file':
      return createDeadLetterFile({ path: deadLetterFile, maxBytes: deadLetterMaxSize, fence, log })
    case 'count':
      return countOnly
    default:
      throw deadLetter satisfies never
  }
}
