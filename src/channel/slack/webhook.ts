import type { Sender } from '../../delivery/channel.ts'
import type { SlackWebhookSettings } from '../../routing/receiver.ts'
import { secretFormsOf } from '../../telemetry/url-secrets.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { Own } from '../template/own.ts'
import type { HttpChannelDeps } from '../types.ts'
import { slackAnswerOf } from './answer.ts'
import { plainSlackMessage, type SlackMessage, slackMessage } from './message.ts'

/** A Slack incoming webhook: it gives no message reference, and can edit nothing. */
export function createSlackChannel({
  renderOptions,
  http,
  own,
  ...settings
}: SlackWebhookSettings & HttpChannelDeps & { readonly own?: Own<SlackMessage> }): Sender {
  const { webhookUrl: url } = settings
  const secrets = secretFormsOf(url)
  const from = senderOf(settings)
  return {
    async send(notification) {
      const message =
        own?.(notification) ?? rendered(notification, renderOptions, slackMessage, plainSlackMessage)
      const body = JSON.stringify({ ...message, ...from })
      return slackAnswerOf(await http.exchange({ url, body, secrets }), secrets, 'webhook').result
    }
  }
}

function senderOf({ channel, username, icon }: SlackWebhookSettings) {
  const isEmoji = icon?.startsWith(':')
  return {
    ...(channel !== null && { channel }),
    ...(username !== null && { username }),
    ...(icon !== null && (isEmoji ? { icon_emoji: icon } : { icon_url: icon }))
  }
}
