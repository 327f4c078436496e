import type { NotificationRecord } from '../incident/types.ts'
import type { ReceiverSettings } from '../routing/receiver.ts'

/**
 * What a receiver made of a message. `refused` is permanent; `retry` may succeed later. `answer` is short and holds
 * no secret.
 */
export type SendResult =
  | { readonly kind: 'sent'; readonly answer: string; readonly receipt?: string; readonly requestId?: string }
  | { readonly kind: 'refused'; readonly answer: string }
  | { readonly kind: 'retry'; readonly answer: string; readonly retryAfterMs?: number }

/** Sends messages to one receiver. */
export interface Sender {
  /**
   * `earlier`: the receipt that this receiver gave for the same incident (of a page: for the same dedup key), the latest
   * one, null where there is none. Never rejects.
   */
  send(notification: NotificationRecord, earlier: string | null): Promise<SendResult>
}

export interface Channel extends Sender {
  readonly type: ReceiverSettings['type']
  /** As `addressOf` gives it: channels with the same address share a queue and its rate. */
  readonly address: string
}
