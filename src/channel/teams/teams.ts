import type { Sender } from '../../delivery/channel.ts'
import type { TeamsSettings } from '../../routing/receiver.ts'
import { formsOf } from '../mask.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { HttpChannelDeps } from '../types.ts'
import { plainTeamsMessage, teamsMessage } from './card.ts'

/** A Teams channel, by the webhook of a Power Automate workflow: it gives no message reference, and can edit nothing. */
export function createTeamsChannel({
  webhookUrl: url,
  renderOptions,
  http
}: TeamsSettings & HttpChannelDeps): Sender {
  const secrets = formsOf(url)
  return {
    send(notification) {
      const message = rendered(notification, renderOptions, teamsMessage, plainTeamsMessage)
      return http.post({ url, body: JSON.stringify(message), secrets })
    }
  }
}
