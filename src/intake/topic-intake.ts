import type { DeadLetter, DeadLetters } from '../source/dead-letters.ts'
import { parseJson } from '../source/parse-json.ts'
import type { PartitionKey } from '../source/partition.ts'
import type { Logger } from '../telemetry/types.ts'
import { readAlert, type SentAlert } from './format.ts'
import type { Intake } from './intake.ts'

/** A record of a topic with alerts. */
export interface AlertRecord {
  readonly partition: PartitionKey
  readonly offset: number
  readonly key: Buffer | null
  /** Null is a tombstone, which says nothing. */
  readonly value: Buffer | null
}

/**
 * Takes alerts out of records, each once by its place in the topic: one that is read again is a duplicate. What is no
 * alert is a dead letter. The rate is not limited: a record cannot be refused. Rejects where nothing can be stored.
 */
export function createTopicIntake(
  intake: Pick<Intake, 'accept'>,
  deadLetters: Pick<DeadLetters, 'keep'>,
  log: Logger
): (records: readonly AlertRecord[]) => Promise<void> {
  return async function take(records) {
    const alerts: SentAlert[] = []
    const dead: DeadLetter[] = []
    for (const record of records) {
      const { partition, offset, key, value } = record
      if (value === null) continue
      const sent = parseJson(value.toString())
      const read = sent === undefined ? undefined : readAlert(sent)
      if (read?.kind === 'right') {
        const { idempotency_key: own = `${partition} ${offset}` } = read.alert
        alerts.push({ ...read.alert, idempotency_key: own, skip_rate_limit: true })
        continue
      }
      const reason = read === undefined ? 'invalid_json' : 'invalid_alert'
      log.warn(
        { partition, offset, reason, error: read?.message ?? 'expected JSON' },
        'no alert: a dead letter'
      )
      dead.push({ partition, offset, reason, key, value })
    }
    if (dead.length > 0) await deadLetters.keep(dead)
    if (alerts.length > 0) await intake.accept(alerts)
  }
}
