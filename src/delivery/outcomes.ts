import { formatReason } from '../incident/reason.ts'
import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import type { QueueEntry } from './queue-order.ts'

export interface OutcomesOptions {
  /** Stores the record as it is now. */
  readonly put: (record: NotificationRecord) => Promise<void>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
  readonly onOutcome: (record: NotificationRecord) => void
}

export interface LastOutcome {
  readonly outcome: NotificationOutcome
  readonly answer: string
}

export type Outcomes = ReturnType<typeof createOutcomes>

/** Stores, logs and counts outcomes, and keeps the last one of each receiver. */
export function createOutcomes({ put, clock, log, onOutcome }: OutcomesOptions) {
  const last = new Map<string, LastOutcome>()

  function noteLast({ receiver, answer }: NotificationRecord, outcome: NotificationOutcome): void {
    last.set(receiver, { outcome, answer })
  }

  return {
    /** For a notification that was decided not to be sent, and is stored as such. */
    reportUnsent(record: NotificationRecord): void {
      log.info(fieldsOf(record), 'notification decided, not to be sent')
      onOutcome(record)
    },
    /** For one that is to be sent: decided just now, or by an earlier run. */
    reportDecided: (record: NotificationRecord) =>
      log.info(fieldsOf(record), 'notification decided, to be sent'),
    noteLast,
    /** It was not accepted, and is tried again. */
    reportFailedTry(entry: QueueEntry, nextRetryAt: number): void {
      const { attempts: attempt, ...tries } = triesOf(entry)
      const next = { next_retry: new Date(nextRetryAt).toISOString() }
      const fields = { ...fieldsOf(entry.record), attempt, ...tries, ...next }
      log.warn(fields, 'notification not accepted: it is tried again')
    },
    lastOf: (receiver: string): LastOutcome | undefined => last.get(receiver),
    /** Resolves once it is stored. */
    report(entry: QueueEntry, outcome: NotificationOutcome): Promise<void> {
      // The store keeps the state with the latest time.
      const updatedAt = Math.max(clock.now(), entry.record.updatedAt + 1)
      entry.record = { ...entry.record, outcome, updatedAt }
      const fields = { ...fieldsOf(entry.record), ...triesOf(entry) }
      if (outcome === 'sent') log.info(fields, 'notification sent')
      // A failed try that is followed by others has a line of its own.
      else if (outcome !== 'pending') log.warn(fields, 'notification not sent')
      const stored = put(entry.record)
      noteLast(entry.record, outcome)
      onOutcome(entry.record)
      return stored
    }
  }
}

/** What the log says of a notification. All lines about one incident have its id as `correlation_id`. */
export function fieldsOf(record: NotificationRecord) {
  const { id, pipeline, incidentId, receiver, action, kind, segment, severity, reason, outcome } = record
  return {
    component: 'delivery',
    pipeline,
    correlation_id: incidentId,
    id,
    receiver,
    action,
    kind,
    segment,
    severity,
    reason: formatReason(reason),
    outcome
  }
}

/** What came of the last try. */
const triesOf = ({ record: { attempts, answer }, status }: QueueEntry) => ({
  attempts,
  ...(status !== undefined && { status_code: status }),
  answer
})
