import type { NotificationOutcome } from '../incident/types.ts'
import type { Fallback } from './fallback.ts'
import type { OpenPages } from './open-pages.ts'
import type { Outcomes } from './outcomes.ts'
import { type QueueEntry, threadOf } from './queue-order.ts'
import type { ReceiverQueues } from './receiver-queues.ts'
import type { Waiting } from './waiting.ts'
import type { WriteAhead } from './write-ahead.ts'

export interface DispatchOptions {
  readonly waiting: Waiting
  readonly pages: OpenPages
  readonly queues: ReceiverQueues
  readonly outcomes: Outcomes
  readonly writeAhead: WriteAhead
  readonly fallback: Fallback
}

export type Dispatch = ReturnType<typeof createDispatch>

/** Gives entries to their queues, and ends them. */
export function createDispatch(options: DispatchOptions) {
  const { waiting, pages, queues, outcomes, writeAhead, fallback } = options

  /** Gives an entry to the queue of its receiver, and reroutes it at once if that queue is blocked and it is urgent. */
  function toQueue(entry: QueueEntry): void {
    if (!waiting.has(entry)) return
    const channel = pages.channelOf(entry.record)
    if (!channel) {
      refused(entry, 'no such receiver in the configuration')
      return
    }
    const queue = queues.of(channel)
    if (queue.limits.isBlocked()) fallback.onBlocked(entry.record)
    queue.wake()
  }

  function refused(entry: QueueEntry, answer: string): void {
    finish(entry, 'refused', answer)
    fallback.onRefused(entry.record)
  }

  /** Reports the outcome of an entry, and lets the next one of its thread go. */
  function finish(entry: QueueEntry, outcome: NotificationOutcome, answer: string): void {
    waiting.delete(entry)
    entry.record = { ...entry.record, answer }
    if (outcome !== 'sent') pages.failed(entry.record, outcome)
    pages.ended(entry.record)
    const stored = outcomes.report(entry, outcome)
    const behind = waiting.ofThread(entry.record)
    // If a page is resolved before its trigger is stored as sent, a crash in between opens it again.
    if (entry.record.dedupKey !== null && outcome === 'sent')
      writeAhead.holdThread(threadOf(entry.record), behind, stored)
    for (const other of behind) if (other.awaitedRows === 0) toQueue(other)
  }

  return {
    toQueue,
    /** `isPartlyRefused`: some recipients of its receiver refused it for good. */
    sent(entry: QueueEntry, isPartlyRefused = false): void {
      finish(entry, 'sent', entry.record.answer)
      if (isPartlyRefused) fallback.onRefused(entry.record)
    },
    refused,
    expired(entry: QueueEntry): void {
      finish(entry, 'expired', entry.record.answer || 'not tried: its receiver took nothing')
      fallback.onExpired(entry.record)
    },
    /** It resolves or acknowledges a page that was never opened, for the reason given. */
    withoutPage: (entry: QueueEntry, outcome: NotificationOutcome): void =>
      finish(entry, outcome, 'not sent: its trigger was not accepted')
  }
}
