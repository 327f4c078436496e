import { z } from 'zod'
import type { SlackBotSettings } from '../../routing/receiver.ts'
import { parseJson } from '../../source/parse-json.ts'
import type { Http } from '../http.ts'
import { maskAnswer } from '../mask.ts'
import { slackAnswerOf } from './answer.ts'

const identity = z.object({ user: z.string().catch('the bot'), team: z.string().catch('a workspace') })

/** Asks Slack whose token this is; sends no message. Rejects where the token is refused or nothing answers. */
export async function probeBot(
  { apiUrl, botToken, picture }: Pick<SlackBotSettings, 'apiUrl' | 'botToken' | 'picture'>,
  http: Http
): Promise<string> {
  const secrets = [botToken]
  const headers = { authorization: `Bearer ${botToken}` }
  const exchange = await http.exchange({ url: `${apiUrl}/auth.test`, headers, body: '{}', secrets })
  const { result } = slackAnswerOf(exchange, secrets, 'api')
  if (result.kind !== 'sent' || exchange.kind !== 'reply') throw new Error(`auth.test: ${result.answer}`)
  const { user, team } = identity.parse(parseJson(exchange.text))
  const mayUpload = exchange.scopes?.split(',').some(scope => scope.trim() === 'files:write') ?? true
  const lacking =
    mayUpload || picture === 'off' ? '' : '; without the scope files:write its messages have no pictures'
  return maskAnswer(`Slack knows ${user} in ${team}${lacking}`, secrets)
}
