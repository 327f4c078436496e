import { z } from 'zod'
import type { SlackBotSettings, SlackWebhookSettings } from '../../routing/receiver.ts'
import { httpUrl, refuseKey } from '../schema-parts.ts'
import { commonKeys, commonSettings, sendResolved } from './parts.ts'

const line = z.string().regex(/^\P{Cc}+$/u, { error: 'one line of text' })

/** By webhook, or by the token of a bot: the two take other things. */
export const slackSchema = z
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
    ...commonKeys
  })
  .superRefine((slack, context) => {
    const refuse = (message: string, key: string) => refuseKey(context, key, message)
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
      return {
        type: 'slack_bot',
        botToken,
        channel: channel ?? '',
        apiUrl,
        sendResolved,
        ...commonSettings(slack)
      }
    }
    return {
      type: 'slack',
      webhookUrl: webhookUrl ?? '',
      channel: channel ?? null,
      username: username ?? null,
      icon: icon ?? null,
      sendResolved: send_resolved ?? false,
      ...commonSettings(slack)
    }
  })
