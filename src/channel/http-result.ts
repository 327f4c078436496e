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
      /** What Slack lets the token do, such as `chat:write,files:write`. */
      readonly scopes?: string
    }
  | { readonly kind: 'fault'; readonly answer: string }

type Reply = Extract<Exchange, { readonly kind: 'reply' }>

/** How a vendor says that it took a message. */
export interface Acceptance {
  /** What the vendor documents, for an answer that is something else: `ok of Slack`. */
  readonly expected: string
  /** Whether a reply of 2xx is that; `refused`: the vendor's own no. */
  readonly of: (reply: Reply) => 'accepted' | 'refused' | 'passing' | 'unknown'
}

/** Any 2xx, but for a page: those who take JSON answer none, portals and proxies do. */
const anySuccess: Acceptance = {
  expected: 'an answer to a request with JSON',
  of: ({ text }) => (isPage(text) ? 'unknown' : 'accepted')
}

/**
 * What an exchange means for the message. Only the documented yes is one: what else comes with 2xx, such as the page of a
 * captive portal, is tried again, and so are no answer, a temporary redirect, 408, 425, 429 and 5xx.
 */
export function resultOf(
  exchange: Exchange,
  secrets: readonly string[],
  acceptance: Acceptance = anySuccess
): SendResult {
  if (exchange.kind === 'fault') return { kind: 'retry', answer: exchange.answer }
  const { status, text, retryAfterMs, requestId } = exchange
  const answer = maskAnswer(`${status} ${text}`, secrets)
  const again = (why: string): SendResult => ({
    kind: 'retry',
    answer: why,
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs })
  })
  if (passingStatuses.has(status) || status >= 500) return again(answer)
  if (status < 200 || status >= 300) return { kind: 'refused', answer, status }
  const verdict = acceptance.of(exchange)
  switch (verdict) {
    case 'accepted':
      return { kind: 'sent', answer, ...(requestId !== undefined && { requestId }) }
    case 'refused':
      return { kind: 'refused', answer, status }
    case 'passing':
      return again(answer)
    case 'unknown':
      return again(maskAnswer(`${status}, but not ${acceptance.expected}: ${text || 'nothing'}`, secrets))
    default:
      return verdict satisfies never
  }
}

/** A portal that wants a login redirects for now; 301 and 308 say that the address is wrong. */
const passingStatuses: ReadonlySet<number> = new Set([302, 303, 307, 408, 425, 429])

/** The beginning of an HTML page. */
const page =
  /^\uFEFF?\s*(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|title)\b/i
const longestPreamble = 4_096

export const isPage = (text: string): boolean => page.test(text.slice(0, longestPreamble))
