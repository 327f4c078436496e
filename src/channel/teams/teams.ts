import type { Sender } from '../../delivery/notifier.ts'
import type { TeamsSettings } from '../../routing/receiver.ts'
import type { Http } from '../http.ts'
import { formsOf } from '../mask.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { RenderOptions } from '../types.ts'
import { plainTeamsMessage, teamsMessage } from './card.ts'

export interface TeamsOptions extends TeamsSettings {
  readonly renderOptions: RenderOptions
  readonly http: Http
}

/** A Teams channel, by the webhook of a Power Automate workflow: it gives no message reference, and can edit nothing. */
export function createTeamsChannel({ webhookUrl: url, renderOptions, http }: TeamsOptions): Sender {
  const secrets = formsOf(url)
  return {
    send(notification) {
      const message = rendered(
        () => teamsMessage(notification, renderOptions),
        problem => plainTeamsMessage(notification, problem)
      )
      return http.post({ url, body: JSON.stringify(message), secrets })
    }
  }
}
