import type { Config } from '../../config/schema.ts'
import { countOnly, createDeadLetterFile } from '../../source/dead-letter-file.ts'
import type { DeadLetters } from '../../source/dead-letters.ts'
import type { Fence } from '../../source/fence.ts'

/** Where dead letters go; `topics` writes them to Kafka. */
export function deadLettersOf(
  { deadLetter, deadLetterFile }: Pick<Config, 'deadLetter' | 'deadLetterFile'>,
  topics: DeadLetters,
  fence: Fence
): DeadLetters {
  switch (deadLetter) {
    case 'topic':
      return topics
    case 'file':
      return createDeadLetterFile(deadLetterFile, fence)
    case 'count':
      return countOnly
    default:
      throw deadLetter satisfies never
  }
}
