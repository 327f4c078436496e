import type { NotificationRecord } from '../alert/types.ts'

/**
 * What a receiver made of a message. `refused` is permanent; `retry` may succeed later. `answer` is short and holds
 * no secret.
 */
export type SendResult =
  | { readonly kind: 'sent'; readonly answer: string }
  | { readonly kind: 'refused'; readonly answer: string }
  | { readonly kind: 'retry'; readonly answer: string; readonly retryAfterMs?: number }

/** A way to one receiver. */
export interface Channel {
  readonly type: 'slack' | 'pagerduty'
  /** What its rate is counted by; a secret. */
  readonly address: string
  /** Never rejects. */
  send(notification: NotificationRecord): Promise<SendResult>
}

/** What a dashboard's URL template may name in braces. */
export const dashboardPlaceholders = [
  'kind',
  'segment',
  'metric',
  'severity',
  'pipeline',
  'id',
  'incident',
  'window_start',
  'window_end',
  'window_start_ms',
  'window_end_ms'
] as const
