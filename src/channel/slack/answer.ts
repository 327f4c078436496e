import { z } from 'zod'
import type { SendResult } from '../../delivery/channel.ts'
import { parseJson } from '../../source/parse-json.ts'
import { type Acceptance, type Exchange, resultOf } from '../http-result.ts'
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
  readonly messageRef: string | null
}

/** A webhook says `ok` or, where it begins a workflow, as the Web API does `{"ok":true}`. */
const webhookAcceptance: Acceptance = {
  expected: "Slack's ok",
  of: ({ status, text }) => (status === 200 && (text.trim() === 'ok' || isOk(text)) ? 'accepted' : 'unknown')
}

const apiAcceptance: Acceptance = {
  expected: 'an answer of Slack',
  of: ({ text }) => (isOk(text) ? 'accepted' : 'unknown')
}

/** What Slack made of a message; HTTP 429 is in http-result.ts. Its Web API answers 200 to what it refuses: `{"ok":false,"error":"…"}`. */
export function slackAnswerOf(
  exchange: Exchange,
  secrets: readonly string[],
  from: 'webhook' | 'api'
): SlackAnswer {
  const acceptance = from === 'webhook' ? webhookAcceptance : apiAcceptance
  const result = resultOf(exchange, secrets, acceptance)
  const reply = exchange.kind === 'reply' ? replyIn(exchange.text) : null
  if (exchange.kind === 'fault' || !reply || exchange.status < 200 || exchange.status >= 300)
    return { result, error: null, messageRef: null }
  const { channel, ts } = reply
  if (reply.ok === false) {
    const { error = 'no reason given' } = reply
    const answer = maskAnswer(`${error}${problemsOf(reply)}`, secrets)
    const { status, retryAfterMs } = exchange
    const ofError: SendResult = passing.has(error)
      ? { kind: 'retry', answer, status, ...(retryAfterMs !== undefined && { retryAfterMs }) }
      : { kind: 'refused', answer, status }
    return { result: ofError, error, messageRef: null }
  }
  if (result.kind !== 'sent') return { result, error: null, messageRef: null }
  const messageRef = channel !== undefined && ts !== undefined ? `${channel}:${ts}` : null
  return {
    result: { ...result, ...(messageRef !== null && { answer: `ok ${messageRef}` }) },
    error: null,
    messageRef
  }
}

/** Why a layout was refused, as in `invalid_blocks`: the places that Slack names. */
function problemsOf({ response_metadata: metadata }: SlackReply): string {
  const messages = metadata?.messages ?? []
  return messages.length > 0 ? `: ${messages.join('; ')}` : ''
}

const text = z.string().optional().catch(undefined)

/** A field of another type than Slack's counts as absent. */
const slackReply = z.object({
  ok: z.boolean().optional().catch(undefined),
  error: text,
  channel: text,
  ts: text,
  response_metadata: z
    .object({ messages: z.array(z.string()) })
    .optional()
    .catch(undefined)
})
type SlackReply = z.infer<typeof slackReply>

const isOk = (text: string): boolean => replyIn(text)?.ok === true

function replyIn(body: string): SlackReply | null {
  if (!body.trimStart().startsWith('{')) return null
  return slackReply.safeParse(parseJson(body)).data ?? null
}
