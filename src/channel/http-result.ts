import type { SendResult } from '../delivery/channel.ts'
import { maskAnswer } from './mask.ts'

/** What came back: a reply, or why none did. */
export type Exchange =
  | {
      readonly kind: 'reply'
      readonly status: number
      readonly text: string
      readonly retryAfterMs?: number
      readonly requestId?: string
    }
  | { readonly kind: 'fault'; readonly answer: string }

/** What an exchange means for the message: only no answer, 429, 408 and 5xx may be tried again. */
export function resultOf(exchange: Exchange, secrets: readonly string[]): SendResult {
  if (exchange.kind === 'fault') return { kind: 'retry', answer: exchange.answer }
  const { status, text, retryAfterMs, requestId } = exchange
  const answer = maskAnswer(`${status} ${text}`, secrets)
  if (status >= 200 && status < 300) {
    return { kind: 'sent', answer, ...(requestId !== undefined && { requestId }) }
  }
  if (status === 429 || status === 408 || status >= 500) {
    return { kind: 'retry', answer, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  }
  return { kind: 'refused', answer }
}
