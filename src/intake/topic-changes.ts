import type { Change } from '../incident/changes.ts'
import { nameOf } from '../operator/actions.ts'
import { changeOf } from '../operator/changing.ts'
import type { DeadLetter, DeadLetters } from '../source/dead-letters.ts'
import { parseJson } from '../source/parse-json.ts'
import type { Logger } from '../telemetry/types.ts'
import type { AlertRecord } from './topic-intake.ts'

interface TopicChangesOptions {
  readonly pipeline: string
  /** Stores changes. Rejects where nothing can be stored. */
  readonly tell: (changes: readonly Change[]) => Promise<void>
  readonly deadLetters: Pick<DeadLetters, 'keep'>
  readonly now: () => number
  readonly log: Logger
}

/**
 * Takes changes out of records, each once by its id, or by its place in the topic. What is no change is a dead letter.
 * Rejects where nothing can be stored.
 */
export function createTopicChanges({ pipeline, tell, deadLetters, now, log }: TopicChangesOptions) {
  return async function take(records: readonly AlertRecord[]): Promise<void> {
    const changes: Change[] = []
    const dead: DeadLetter[] = []
    for (const { partition, offset, key, value } of records) {
      if (value === null) continue
      const sent = parseJson(value.toString())
      const { by } = Object(sent) as { readonly by?: unknown }
      const who = nameOf(typeof by === 'string' ? by : undefined, 'somebody')
      const told = { by: who, via: 'topic', at: now(), request: `${partition} ${offset}` } as const
      const read = sent === undefined ? undefined : changeOf(sent, pipeline, told)
      if (read?.kind === 'right') {
        changes.push(read.change)
        continue
      }
      const reason = read === undefined ? 'invalid_json' : 'invalid_change'
      log.warn(
        { partition, offset, reason, error: read?.message ?? 'expected JSON' },
        'no change: a dead letter'
      )
      dead.push({ partition, offset, reason, key, value })
    }
    if (dead.length > 0) await deadLetters.keep(dead)
    if (changes.length > 0) await tell(changes)
  }
}
