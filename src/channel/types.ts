import type { NotificationRecord } from '../incident/types.ts'

/**
 * What a receiver made of a message. `refused` is permanent; `retry` may succeed later. `answer` is short and holds
 * no secret.
 */
export type SendResult =
  | { readonly kind: 'sent'; readonly answer: string; readonly receipt?: string; readonly requestId?: string }
  | { readonly kind: 'refused'; readonly answer: string }
  | { readonly kind: 'retry'; readonly answer: string; readonly retryAfterMs?: number }

/** A way to one receiver. */
export interface Channel {
  readonly type: ReceiverSettings['type']
  /** What its rate is counted by; a secret. */
  readonly address: string
  /**
   * `earlier`: the receipt that this receiver gave for the same incident (of a page: for the same dedup key), the latest
   * one, null where there is none. Never rejects.
   */
  send(notification: NotificationRecord, earlier: string | null): Promise<SendResult>
}

interface AnyReceiver {
  /** Told of the end too, where it was told of the beginning. PagerDuty always is. */
  readonly sendResolved: boolean
  /** Gets what this one refuses for good, lets expire, or cannot take while its breaker is open. */
  readonly fallback: string | null
  /** Its own pace; absent for that of its type. */
  readonly rate?: Rate
}

export interface Rate {
  readonly perSecond: number
  /** So many at once. */
  readonly burst: number
}

export interface SlackWebhookSettings extends AnyReceiver {
  readonly type: 'slack'
  readonly webhookUrl: string
  /** Taken by old webhooks only; Slack ignores them for those of an app. */
  readonly channel: string | null
  readonly username: string | null
  /** `:rotating_light:` or the URL of a picture. */
  readonly icon: string | null
}

export interface SlackBotSettings extends AnyReceiver {
  readonly type: 'slack_bot'
  readonly botToken: string
  readonly channel: string
  /** `https://slack.com/api` without a trailing slash. */
  readonly apiUrl: string
}

export interface PagerDutySettings extends AnyReceiver {
  readonly type: 'pagerduty'
  readonly url: string
  readonly integrationKey: string
}

export interface EmailSettings extends AnyReceiver {
  readonly type: 'email'
  readonly host: string
  readonly port: number
  readonly tls: 'starttls' | 'tls' | 'none'
  readonly user: string | null
  readonly password: string | null
  readonly from: string
  readonly to: readonly string[]
}

export interface TeamsSettings extends AnyReceiver {
  readonly type: 'teams'
  readonly webhookUrl: string
}

export interface WebhookSettings extends AnyReceiver {
  readonly type: 'webhook'
  readonly url: string
  /** Signs the body; null where it is not signed. */
  readonly secret: string | null
}

/** Something that can be routed to. */
export type ReceiverSettings =
  | SlackWebhookSettings
  | SlackBotSettings
  | PagerDutySettings
  | EmailSettings
  | TeamsSettings
  | WebhookSettings

/** What all messages of a configuration have in common. */
export interface Look {
  /** The shop's currency, ISO 4217. */
  readonly currency: string
  /** IANA name of the time zone that times are shown in. */
  readonly timezone: string
  readonly dashboardTemplate: string | null
  readonly guides: ReadonlyMap<string, Guide>
  /** A signed link to the page that acknowledges; null where there is no such page. */
  readonly acknowledgeUrl: (notification: NotificationRecord) => string | null
  /** Slack may send clicks back to us, so that buttons act at once. */
  readonly interactive: boolean
}

/** What to do about a kind: texts with placeholders as in `dashboardTemplate`; null where the config says nothing. */
export interface Guide {
  readonly runbookUrl: string | null
  /** What to check first, instead of the words that come with the kind. */
  readonly checkFirst: string | null
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
