import type { NotificationRecord } from '../incident/types.ts'
import type { ReceiverSettings } from '../routing/receiver.ts'

/**
 * How a receiver answered. `refused` is permanent; `retry` may succeed later. `answer` is short and holds no secret,
 * `messageRef` finds the message again, `requestId` is what the receiver calls the request, `status` is the code of HTTP or
 * SMTP that came instead of a yes, absent where none came.
 */
export type SendResult =
  | {
      readonly kind: 'sent'
      readonly answer: string
      readonly messageRef?: string
      readonly requestId?: string
      /** Some of its recipients refused it for good, whom `answer` names. */
      readonly isPartlyRefused?: true
    }
  | {
      readonly kind: 'refused'
      readonly answer: string
      readonly status?: number
    }
  | {
      readonly kind: 'retry'
      readonly answer: string
      readonly status?: number
      readonly retryAfterMs?: number
      /** Others of its recipients took it: the receiver works. */
      readonly isOfPart?: true
    }

/** Sends messages to one receiver. */
export interface Sender {
  /**
   * `earlier` is the latest message reference that this receiver gave for the incident (for a page: for its dedup key);
   * null if there is none. Never rejects.
   */
  send(notification: NotificationRecord, earlier: string | null): Promise<SendResult>
}

export interface Channel extends Sender {
  readonly type: ReceiverSettings['type']
  /** As `addressOf` gives it: channels with the same address share a queue and its rate. */
  readonly address: string
}
