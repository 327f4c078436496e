import { formatReason } from '../incident/reason.ts'
import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import type { QueueEntry } from './queue-order.ts'

export interface OutcomesOptions {
  /** Takes a state of the record to the store. */
  readonly put: (record: NotificationRecord) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
  readonly onOutcome: (record: NotificationRecord) => void
}

/** Tells what became of notifications, and keeps the last word of each receiver. */
export interface Outcomes {
  /** Resolves once it is stored. */
  report(job: QueueEntry, outcome: NotificationOutcome): Promise<void>
  noteLast(record: NotificationRecord, outcome: NotificationOutcome): void
  lastOf(receiver: string): { readonly outcome: NotificationOutcome; readonly answer: string } | undefined
}

export function createOutcomes({ put, clock, log, onOutcome }: OutcomesOptions): Outcomes {
  const last = new Map<string, { outcome: NotificationOutcome; answer: string }>()

  function noteLast({ receiver, answer }: NotificationRecord, outcome: NotificationOutcome): void {
    last.set(receiver, { outcome, answer })
  }

  return {
    noteLast,
    lastOf: receiver => last.get(receiver),
    report(job, outcome) {
      // Later than any state before it, or the store would keep the older one.
      const updatedAt = Math.max(clock.now(), job.record.updatedAt + 1)
      job.record = { ...job.record, outcome, updatedAt }
      const { attempts, answer } = job.record
      const fields = { ...fieldsOf(job.record), attempts, answer }
      if (outcome === 'sent') log.info(fields, 'notification sent')
      else log.warn(fields, 'notification not sent')
      const stored = put(job.record)
      noteLast(job.record, outcome)
      onOutcome(job.record)
      return stored
    }
  }
}

export function fieldsOf({
  id,
  receiver,
  action,
  kind,
  segment,
  severity,
  reason,
  outcome
}: NotificationRecord) {
  return { id, receiver, action, kind, segment, severity, reason: formatReason(reason), outcome }
}
