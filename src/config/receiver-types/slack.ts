import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import type { SlackBotSettings, SlackWebhookSettings } from '../../routing/receiver.ts'
import { httpUrl, orNull, refuseKey } from '../schema-parts.ts'
import { commonKeys, picture, sendResolved } from './parts.ts'

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
    channel: orNull(line),
    username: orNull(line),
    icon: orNull(
      z.string().regex(/^(:[\w+-]+:|https?:\/\/\S+)$/, {
        error: 'a name such as :rotating_light: or the URL of a picture'
      })
    ),
    api_url: httpUrl.optional(),
    send_resolved: sendResolved.optional(),
    picture,
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
      if (slack.channel === null) refuse('is missing; a bot needs the channel: its name or its id', 'channel')
      for (const key of ['username', 'icon'] as const) {
        if (slack[key] !== null) refuse('is only for webhooks; a bot shows those of its app', key)
      }
    } else if (slack.picture !== undefined) {
      refuse('is only for bots; a webhook takes no files', 'picture')
    } else if (slack.api_url !== undefined) {
      refuse('is only for bots; a webhook has its whole URL in webhook_url', 'api_url')
    }
  })
  .transform((slack): SlackWebhookSettings | SlackBotSettings => {
    const { webhookUrl = '', botToken, apiUrl = 'https://slack.com/api', ...rest } = camelcaseKeys(slack)
    const { channel, username, icon, sendResolved, picture: shown, ...common } = rest
    if (botToken === undefined)
      return {
        ...common,
        channel,
        username,
        icon,
        type: 'slack',
        webhookUrl,
        sendResolved: sendResolved ?? false
      }
    return {
      ...common,
      type: 'slack_bot',
      ...(shown !== undefined && { picture: shown }),
      botToken,
      channel: channel ?? '',
      apiUrl: apiUrl.replace(/\/+$/, ''),
      sendResolved: sendResolved ?? true
    }
  })
