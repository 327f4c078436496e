import type { NotificationOutcome } from '../incident/types.ts'
import type { Fallback } from './fallback.ts'
import type { OpenPages } from './open-pages.ts'
import type { Outcomes } from './outcomes.ts'
import { type QueueEntry, threadOf } from './queue-order.ts'
import type { WriteAhead } from './write-ahead.ts'

export interface FinishOptions {
  readonly waiting: Set<QueueEntry>
  readonly pages: OpenPages
  readonly outcomes: Outcomes
  readonly writeAhead: WriteAhead
  readonly fallback: Fallback
  readonly dispatch: (entry: QueueEntry) => void
}

/** Ends an entry: reports its outcome, lets the next one of its thread go, and reroutes what failed. */
export interface Finish {
  sent(entry: QueueEntry): void
  refused(entry: QueueEntry, answer: string): void
  expired(entry: QueueEntry): void
  /** It resolves or acknowledges a page that was never opened, for the reason given. */
  withoutPage(entry: QueueEntry, outcome: NotificationOutcome): void
}

export function createFinish(options: FinishOptions): Finish {
  const { waiting, pages, outcomes, writeAhead, fallback, dispatch } = options

  function finish(entry: QueueEntry, outcome: NotificationOutcome, answer: string): void {
    waiting.delete(entry)
    entry.record = { ...entry.record, answer }
    if (outcome !== 'sent') pages.failed(entry.record, outcome)
    pages.ended(entry.record)
    const stored = outcomes.report(entry, outcome)
    const thread = threadOf(entry.record)
    const behind = [...waiting].filter(({ record }) => threadOf(record) === thread)
    // If a page is resolved before its trigger is stored as sent, a crash in between opens it again.
    if (entry.record.dedupKey !== null && outcome === 'sent') writeAhead.holdThread(thread, behind, stored)
    for (const other of behind) if (other.awaitedRows === 0) dispatch(other)
  }

  return {
    sent: entry => finish(entry, 'sent', entry.record.answer),
    refused(entry, answer) {
      finish(entry, 'refused', answer)
      fallback.onRefused(entry.record)
    },
    expired(entry) {
      finish(entry, 'expired', entry.record.answer || 'not tried: its receiver took nothing')
      fallback.onExpired(entry.record)
    },
    withoutPage: (entry, outcome) => finish(entry, outcome, 'not sent: its trigger was not accepted')
  }
}
