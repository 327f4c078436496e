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

/** Stores, logs and counts outcomes, and keeps the last one of each receiver. */
export interface Outcomes {
  /** For a notification that was decided not to be sent, and is stored as such. */
  reportUnsent(record: NotificationRecord): void
  /** Resolves once it is stored. */
  report(entry: QueueEntry, outcome: NotificationOutcome): Promise<void>
  noteLast(record: NotificationRecord, outcome: NotificationOutcome): void
  lastOf(receiver: string): LastOutcome | undefined
}

export function createOutcomes({ put, clock, log, onOutcome }: OutcomesOptions): Outcomes {
  const last = new Map<string, LastOutcome>()

  function noteLast({ receiver, answer }: NotificationRecord, outcome: NotificationOutcome): void {
    last.set(receiver, { outcome, answer })
  }

  return {
    reportUnsent(record) {
      log.info(fieldsOf(record), 'notification decided, not to be sent')
      onOutcome(record)
    },
    noteLast,
    lastOf: receiver => last.get(receiver),
    report(entry, outcome) {
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
