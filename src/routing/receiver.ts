import type { Language } from '../language/language.ts'

interface AnyReceiver {
  /** Also notified when an incident is resolved. PagerDuty always is. */
  readonly sendResolved: boolean
  /** Gets what this one refuses, lets expire, or cannot take while its circuit breaker is open. */
  readonly fallback: string | null
  /** Absent: that of the configuration. */
  readonly language?: Language | undefined
  /** Absent: the default of its type. */
  readonly rate?: Rate | undefined
  /** Files of templates by kind, `default` for all others; absent: those of its type, or the built-in messages. */
  readonly template?: ReadonlyMap<string, string> | undefined
}

/** Of those that can show one. */
interface PictureChoice {
  /** The chart in messages; absent: on. */
  readonly picture?: 'on' | 'off' | undefined
}

export interface Rate {
  readonly perSecond: number
  /** Messages that may go at once. */
  readonly burst: number
}

export interface SlackWebhookSettings extends AnyReceiver {
  readonly type: 'slack'
  readonly webhookUrl: string
  /** These three work with legacy webhooks only; Slack ignores them for the webhook of an app. */
  readonly channel: string | null
  readonly username: string | null
  /** `:rotating_light:` or the URL of an image. */
  readonly icon: string | null
}

export interface SlackBotSettings extends AnyReceiver, PictureChoice {
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
  /** Absent: `cartwatch` and the pipeline. */
  readonly source?: string | undefined
}

export interface EmailSettings extends AnyReceiver, PictureChoice {
  readonly type: 'email'
  readonly host: string
  readonly port: number
  readonly tls: 'starttls' | 'tls' | 'none'
  readonly user: string | null
  readonly password: string | null
  readonly from: string
  readonly to: readonly string[]
}

export interface TeamsSettings extends AnyReceiver, PictureChoice {
  readonly type: 'teams'
  readonly webhookUrl: string
}

export interface WebhookSettings extends AnyReceiver {
  readonly type: 'webhook'
  readonly url: string
  /** Signs the body; null for no signature. */
  readonly secret: string | null
}

export type ReceiverSettings =
  | SlackWebhookSettings
  | SlackBotSettings
  | PagerDutySettings
  | EmailSettings
  | TeamsSettings
  | WebhookSettings

/**
 * Where a receiver's messages arrive: receivers with the same address are notified once and share a queue. A secret.
 * A login is no part of it.
 */
export function addressOf(receiver: ReceiverSettings): string {
  switch (receiver.type) {
    case 'slack':
    case 'teams':
      return receiver.webhookUrl
    case 'slack_bot':
      return `${receiver.apiUrl} ${receiver.botToken} ${receiver.channel}`
    case 'pagerduty':
      return `${receiver.url} ${receiver.integrationKey}`
    case 'email':
      return `${receiver.host}:${receiver.port} ${receiver.from} ${receiver.to.toSorted().join(' ')}`
    case 'webhook':
      return receiver.url
    default:
      throw receiver satisfies never
  }
}
