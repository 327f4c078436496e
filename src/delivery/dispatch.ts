import type { Fallback } from './fallback.ts'
import type { OpenPages } from './open-pages.ts'
import type { QueueEntry } from './queue-order.ts'
import type { ReceiverQueues } from './receiver-queues.ts'

export interface DispatchOptions {
  readonly waiting: ReadonlySet<QueueEntry>
  readonly pages: OpenPages
  readonly queues: ReceiverQueues
  readonly fallback: Fallback
  readonly refuse: (entry: QueueEntry, answer: string) => void
}

/** Gives an entry to the queue of its receiver, and reroutes it at once if that queue is blocked and it is urgent. */
export function createDispatch({ waiting, pages, queues, fallback, refuse }: DispatchOptions) {
  return function dispatch(entry: QueueEntry): void {
    if (!waiting.has(entry)) return
    const channel = pages.channelOf(entry.record)
    if (!channel) {
      refuse(entry, 'no such receiver in the configuration')
      return
    }
    const queue = queues.of(channel)
    if (queue.limits.isBlocked()) fallback.onBlocked(entry.record)
    queue.wake()
  }
}
