import { z } from 'zod'
import type {
  EmailSettings,
  PagerDutySettings,
  Rate,
  ReceiverSettings,
  SlackBotSettings,
  SlackWebhookSettings,
  TeamsSettings,
  WebhookSettings
} from '../routing/receiver.ts'
import { durationBetween, httpUrl, listOf, trimmedText } from './schema-parts.ts'

/** What routes name instead of a receiver: nobody is notified. */
export const nobody = 'none'

export type Receiver = ReceiverSettings

/** Pinged while windows close; nothing can be routed to it. */
export interface Heartbeat {
  readonly type: 'heartbeat'
  readonly url: string
  readonly everyMs: number
}

const rateFields = {
  per_second: z.number().positive().max(1000),
  burst: z.int().min(1).max(1000)
}
export const rateSchema = z
  .strictObject({ per_second: rateFields.per_second.default(1), burst: rateFields.burst.default(5) })
  .transform(({ per_second, burst }): Rate => ({ perSecond: per_second, burst }))

const shared = { fallback: z.string().optional(), rate: rateSchema.optional() }
const sendResolved = z.boolean()
const common = ({ fallback, rate }: { fallback?: string | undefined; rate?: Rate | undefined }) => ({
  fallback: fallback ?? null,
  ...(rate && { rate })
})

const line = z.string().regex(/^\P{Cc}+$/u, { error: 'one line of text' })

/** By webhook, or by the token of a bot: the two take other things. */
const slackSchema = z
  .strictObject({
    type: z.literal('slack'),
    webhook_url: httpUrl.optional(),
    bot_token: z
      .string()
      .regex(/^xox[a-z]-\S+$/, { error: 'a bot token, which begins with xoxb-' })
      .optional(),
    channel: line.optional(),
    username: line.optional(),
    icon: z
      .string()
      .regex(/^(:[\w+-]+:|https?:\/\/\S+)$/, {
        error: 'a name such as :rotating_light: or the URL of a picture'
      })
      .optional(),
    api_url: httpUrl.optional(),
    /** A message when an incident is over. */
    send_resolved: sendResolved.optional(),
    ...shared
  })
  .superRefine((slack, context) => {
    const refuse = (message: string, key: string) => {
      context.addIssue({ code: 'custom', path: [key], message, params: { sentence: true } })
    }
    const isBot = slack.bot_token !== undefined
    if (!isBot && slack.webhook_url === undefined) {
      refuse('is missing; expected the URL of a webhook, or bot_token with channel', 'webhook_url')
    } else if (isBot && slack.webhook_url !== undefined) {
      refuse('is set together with webhook_url; keep one of them', 'bot_token')
    } else if (isBot) {
      if (slack.channel === undefined)
        refuse('is missing; a bot needs the channel: its name or its id', 'channel')
      for (const key of ['username', 'icon'] as const) {
        if (slack[key] !== undefined) refuse('is only for webhooks; a bot shows those of its app', key)
      }
    } else if (slack.api_url !== undefined) {
      refuse('is only for bots; a webhook has its whole URL in webhook_url', 'api_url')
    }
  })
  .transform((slack): SlackWebhookSettings | SlackBotSettings => {
    const {
      webhook_url: webhookUrl,
      bot_token: botToken,
      channel,
      username,
      icon,
      api_url,
      send_resolved
    } = slack
    if (botToken !== undefined) {
      const apiUrl = (api_url ?? 'https://slack.com/api').replace(/\/+$/, '')
      const sendResolved = send_resolved ?? true
      return { type: 'slack_bot', botToken, channel: channel ?? '', apiUrl, sendResolved, ...common(slack) }
    }
    return {
      type: 'slack',
      webhookUrl: webhookUrl ?? '',
      channel: channel ?? null,
      username: username ?? null,
      icon: icon ?? null,
      sendResolved: send_resolved ?? false,
      ...common(slack)
    }
  })

const pagerdutySchema = z
  .strictObject({
    type: z.literal('pagerduty'),
    integration_key: z.string().regex(/^[A-Za-z0-9]{32}$/, 'an Events API v2 integration key, 32 characters'),
    url: httpUrl.default('https://events.pagerduty.com/v2/enqueue'),
    ...shared
  })
  .transform(
    ({ type, integration_key, url, ...rest }): PagerDutySettings => ({
      type,
      integrationKey: integration_key,
      url,
      sendResolved: true,
      ...common(rest)
    })
  )

const address = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/
const mailboxes = 'addresses such as on-call@shop.example'
const sender = /^(?:[^<>\p{Cc}]*<([^<>\s]+)>|[^<>\s]+)$/u

const emailSchema = z
  .strictObject({
    type: z.literal('email'),
    host: trimmedText,
    port: z.int().min(1).max(65_535).default(587),
    /** Of a port that is none of theirs: `tls` from the first byte as 465 has it, `starttls` after it. */
    tls: z.enum(['starttls', 'tls', 'none']).optional(),
    user: trimmedText.optional(),
    password: z.string().min(1).optional(),
    from: z.string().refine(from => address.test(sender.exec(from)?.[1] ?? from), {
      error: 'an address such as cartwatch@shop.example, or Cartwatch <cartwatch@shop.example>'
    }),
    to: listOf(z.string().regex(address, mailboxes), mailboxes),
    send_resolved: sendResolved.default(false),
    ...shared
  })
  .superRefine(({ user, password }, context) => {
    if ((user === undefined) === (password === undefined)) return
    const missing = user === undefined ? 'user' : 'password'
    const message = 'is missing; a login needs user and password'
    context.addIssue({ code: 'custom', path: [missing], message, params: { sentence: true } })
  })
  .transform(
    ({ send_resolved, tls, user, password, fallback, rate, ...rest }): EmailSettings => ({
      ...rest,
      tls: tls ?? (rest.port === 465 ? 'tls' : 'starttls'),
      user: user ?? null,
      password: password ?? null,
      sendResolved: send_resolved,
      ...common({ fallback, rate })
    })
  )

const teamsSchema = z
  .strictObject({
    type: z.literal('teams'),
    webhook_url: httpUrl,
    send_resolved: sendResolved.default(false),
    ...shared
  })
  .transform(
    ({ type, webhook_url, send_resolved, ...rest }): TeamsSettings => ({
      type,
      webhookUrl: webhook_url,
      sendResolved: send_resolved,
      ...common(rest)
    })
  )

const webhookSchema = z
  .strictObject({
    type: z.literal('webhook'),
    url: httpUrl,
    secret: z.string().min(16).optional(),
    send_resolved: sendResolved.default(true),
    ...shared
  })
  .transform(
    ({ type, url, secret, send_resolved, ...rest }): WebhookSettings => ({
      type,
      url,
      secret: secret ?? null,
      sendResolved: send_resolved,
      ...common(rest)
    })
  )

const heartbeatSchema = z
  .strictObject({
    type: z.literal('heartbeat'),
    url: httpUrl,
    every: durationBetween('10s', '1d').prefault('1m')
  })
  .transform(({ type, url, every }): Heartbeat => ({ type, url, everyMs: every }))

const receiverName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'a name of letters, digits, dots, dashes and underscores')
  .refine(name => name !== nobody, 'another name: none means no receiver')

/** One of `receivers:`. */
export const receiverSchema = z.discriminatedUnion('type', [
  slackSchema,
  pagerdutySchema,
  emailSchema,
  teamsSchema,
  webhookSchema,
  heartbeatSchema
])

/** Receivers and heartbeats by name. */
export const receiversSchema = z
  .record(receiverName, receiverSchema)
  .transform(receivers => new Map<string, Receiver | Heartbeat>(Object.entries(receivers)))

/** Those that routes can name. */
export function routable(
  receivers: ReadonlyMap<string, Receiver | Heartbeat>
): ReadonlyMap<string, Receiver> {
  const found = new Map<string, Receiver>()
  for (const [name, receiver] of receivers) if (receiver.type !== 'heartbeat') found.set(name, receiver)
  return found
}

export function heartbeatsOf(
  receivers: ReadonlyMap<string, Receiver | Heartbeat>
): ReadonlyMap<string, Heartbeat> {
  const found = new Map<string, Heartbeat>()
  for (const [name, receiver] of receivers) if (receiver.type === 'heartbeat') found.set(name, receiver)
  return found
}
