import type { Clock } from '../telemetry/clock.ts'
import type { Channel, SendResult } from './channel.ts'
import type { Dispatch } from './dispatch.ts'
import type { MessageRefs } from './message-refs.ts'
import type { OpenPages } from './open-pages.ts'
import type { QueueEntry } from './queue-order.ts'
import type { ReceiverQueue } from './receiver-queues.ts'
import type { Waiting } from './waiting.ts'

export interface SendOptions {
  readonly maySend: () => Promise<void>
  readonly waiting: Pick<Waiting, 'has'>
  readonly pages: OpenPages
  readonly messageRefs: MessageRefs
  readonly clock: Clock
  readonly onAttempt: (receiver: string, result: SendResult['kind'], responseMs: number) => void
  readonly dispatch: Dispatch
  readonly retry: (entry: QueueEntry, queue: ReceiverQueue, retryAfterMs: number | undefined) => void
}

/** Sends one entry and acts on the result. */
export function createSend(options: SendOptions) {
  const { maySend, waiting, pages, messageRefs, clock, onAttempt, dispatch, retry } = options

  function noteSent(entry: QueueEntry, channel: Channel, result: SendResult & { kind: 'sent' }): void {
    entry.record = {
      ...entry.record,
      // Carried over, so that the latest record alone is enough after a restart.
      messageRef: result.messageRef ?? messageRefs.of(entry.record),
      requestId: result.requestId ?? null,
      latencyMs: Math.max(0, clock.now() - entry.since)
    }
    messageRefs.note(entry.record)
    pages.opened(entry.record, channel)
  }

  function conclude(entry: QueueEntry, queue: ReceiverQueue, channel: Channel, result: SendResult): void {
    // Dropped meanwhile: another instance sends it, unless it learns that this one did.
    if (!waiting.has(entry) && result.kind !== 'sent') return
    const { record } = entry
    entry.tries += 1
    entry.status = result.kind === 'sent' ? undefined : result.status
    entry.record = { ...record, attempts: record.attempts + 1, answer: result.answer }
    switch (result.kind) {
      case 'sent':
        noteSent(entry, channel, result)
        dispatch.sent(entry, result.isPartlyRefused)
        return
      case 'refused':
        dispatch.refused(entry, result.answer)
        return
      case 'retry':
        retry(entry, queue, result.retryAfterMs)
        return
      default:
        result satisfies never
    }
  }

  return async function send(entry: QueueEntry, queue: ReceiverQueue): Promise<void> {
    const isAllowed = await maySend().then(
      () => true,
      () => false
    )
    if (!isAllowed || !waiting.has(entry)) return
    const { record } = entry
    const unopened = pages.failureOf(record)
    if (unopened) {
      dispatch.withoutPage(entry, unopened)
      return
    }
    const channel = pages.channelOf(record)
    // Its receiver moved to another address meanwhile, whose queue sends it.
    if (channel?.address !== queue.channel.address) return
    const messageRef = messageRefs.of(record)
    const startedAt = clock.now()
    const result = await queue.limits.through(entry, () => channel.send(record, messageRef)).catch(failed)
    if (waiting.has(entry) || result.kind === 'sent')
      onAttempt(record.receiver, result.kind, Math.max(0, clock.now() - startedAt))
    conclude(entry, queue, channel, result)
  }
}

const failed = (error: unknown): SendResult => ({
  kind: 'retry',
  answer: error instanceof Error ? error.name : 'failed'
})
