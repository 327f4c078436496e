import type { SendResult } from '../../delivery/notifier.ts'
import { type Exchange, resultOf } from '../http.ts'
import { maskAnswer } from '../mask.ts'

/** Errors of Slack's Web API that pass; every other one is permanent. */
const passing: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org'
])

export interface SlackAnswer {
  readonly result: SendResult
  /** The Web API's error, where it gave one. */
  readonly error: string | null
  /** `channel:ts` of the message, where it names them. */
  readonly receipt: string | null
}

/** What Slack made of a message. Its Web API answers 200 to what it refuses: `{"ok":false,"error":"…"}`. */
export function slackAnswerOf(exchange: Exchange, secrets: readonly string[]): SlackAnswer {
  const result = resultOf(exchange, secrets)
  const reply = exchange.kind === 'reply' ? objectIn(exchange.text) : null
  if (!reply || result.kind !== 'sent') return { result, error: null, receipt: null }
  if (reply['ok'] === false) {
    const error = String(reply['error'] ?? 'no reason given')
    const answer = maskAnswer(`${error}${problemsOf(reply)}`, secrets)
    const retryAfterMs = exchange.kind === 'reply' ? exchange.retryAfterMs : undefined
    return passing.has(error)
      ? {
          result: { kind: 'retry', answer, ...(retryAfterMs !== undefined && { retryAfterMs }) },
          error,
          receipt: null
        }
      : { result: { kind: 'refused', answer }, error, receipt: null }
  }
  const { channel, ts } = reply as { channel?: unknown; ts?: unknown }
  const receipt = typeof channel === 'string' && typeof ts === 'string' ? `${channel}:${ts}` : null
  return { result: { ...result, ...(receipt !== null && { answer: `ok ${receipt}` }) }, error: null, receipt }
}

/** Why a layout was refused, as in `invalid_blocks`: the places that Slack names. */
function problemsOf(reply: Readonly<Record<string, unknown>>): string {
  const metadata = reply['response_metadata']
  const messages =
    typeof metadata === 'object' && metadata !== null && 'messages' in metadata && metadata.messages
  return Array.isArray(messages) && messages.length > 0 ? `: ${messages.map(String).join('; ')}` : ''
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  if (!text.trimStart().startsWith('{')) return null
  try {
    return JSON.parse(text)
  } catch {
    // Cut where it was too long to read, or no JSON: the status alone counts.
    return null
  }
}
