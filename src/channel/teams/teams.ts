import type { Sender } from '../../delivery/channel.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { TeamsSettings } from '../../routing/receiver.ts'
import { secretFormsOf } from '../../telemetry/url-secrets.ts'
import { type Acceptance, isPage } from '../http-result.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { Pictures } from '../picture/pictures.ts'
import type { Own } from '../template/own.ts'
import type { HttpChannelDeps } from '../types.ts'
import { hasPicture, plainTeamsMessage, type TeamsMessage, teamsMessage } from './card.ts'

/** A Teams channel, by the webhook of a Power Automate workflow: it gives no message reference, and can edit nothing. */
export function createTeamsChannel({
  webhookUrl: url,
  renderOptions,
  http,
  pictures,
  own
}: TeamsSettings &
  HttpChannelDeps & { readonly pictures?: Pictures; readonly own?: Own<TeamsMessage> }): Sender {
  const secrets = secretFormsOf(url)

  async function usual(notification: NotificationRecord): Promise<TeamsMessage> {
    const picture = (await pictures?.of(notification)) ?? null
    const render = () => teamsMessage(notification, renderOptions, picture)
    const message = rendered(notification, renderOptions, render, plainTeamsMessage)
    if (picture && !hasPicture(message)) pictures?.missed('too_large', `${picture.length} bytes`)
    return message
  }

  return {
    async send(notification) {
      const message = own?.(notification) ?? (await usual(notification))
      return await http.post({ url, body: JSON.stringify(message), secrets }, acceptance)
    }
  }
}

/** A workflow says 202, or 200 with nothing in it; a connector of Office 365 says `1`, and its failures with 200 too. */
const acceptance: Acceptance = {
  expected: 'an answer of Teams (202, nothing or 1)',
  of({ status, text }) {
    const code = Number(connectorFailure.exec(text)?.[1] ?? Number.NaN)
    if (!Number.isNaN(code)) return code === 429 || code >= 500 ? 'passing' : 'refused'
    const said = text.trim()
    return said === '' || said === '1' || (status === 202 && !isPage(said)) ? 'accepted' : 'unknown'
  }
}

const connectorFailure = /delivery failed with error:.*?HTTP error (\d{3})/s
