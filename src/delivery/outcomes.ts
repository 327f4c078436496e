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
    noteLast,
    lastOf: (receiver: string): LastOutcome | undefined => last.get(receiver),
    /** Resolves once it is stored. */
    report(entry: QueueEntry, outcome: NotificationOutcome): Promise<void> {
      // The store keeps the state with the latest time.
      const updatedAt = Math.max(clock.now(), entry.record.updatedAt + 1)
      entry.record = { ...entry.record, outcome, updatedAt }
      const { attempts, answer } = entry.record
      const fields = { ...fieldsOf(entry.record), attempts, answer }
      if (outcome === 'sent') log.info(fields, 'notification sent')
      else log.warn(fields, 'notification not sent')
      const stored = put(entry.record)
      noteLast(entry.record, outcome)
      onOutcome(entry.record)
      return stored
    }
  }
}

/** What the log says of a notification. */
export function fieldsOf(record: NotificationRecord) {
  const { id, receiver, action, kind, segment, severity, reason, outcome } = record
  return { id, receiver, action, kind, segment, severity, reason: formatReason(reason), outcome }
}
