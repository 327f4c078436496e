import { Agent, request } from 'undici'
import { maskAnswer } from './mask.ts'
import type { SendResult } from './types.ts'

export interface HttpOptions {
  /** From the first byte sent to the last one read. */
  readonly timeoutMs: number
}

/** Posts JSON over a pool of connections that are kept open. */
export interface Http {
  /** Never rejects; `secrets` are kept out of the answer. */
  post(url: string, body: unknown, secrets: readonly string[]): Promise<SendResult>
  /** Ends the connections; a later post opens new ones, as the end of a page does after its receiver was changed. */
  close(): Promise<void>
}

/** An answer's text is for people; more of it is not read. */
const maxBodyBytes = 4_096

export function createHttp({ timeoutMs }: HttpOptions): Http {
  let agent: Agent | undefined
  const newAgent = () =>
    new Agent({
      connections: 4,
      keepAliveTimeout: 30_000,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs
    })
  return {
    async post(url, body, secrets) {
      const dispatcher = agent ?? newAgent()
      agent = dispatcher
      try {
        const {
          statusCode,
          headers,
          body: answer
        } = await request(url, {
          method: 'POST',
          dispatcher,
          headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'cartwatch' },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(timeoutMs)
        })
        const text = await startOf(answer)
        return resultOf(statusCode, headers['retry-after'], text, secrets)
      } catch (error) {
        return { kind: 'retry', answer: maskAnswer(faultOf(error, timeoutMs), secrets) }
      }
    },
    async close() {
      const closing = agent
      agent = undefined
      // What is under way ends within its own timeout.
      await closing?.close()
    }
  }
}

async function startOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= maxBodyBytes) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, maxBodyBytes)
}

/** What a status means for the message: only 429, 408 and 5xx may be tried again. */
export function resultOf(
  status: number,
  retryAfter: string | string[] | undefined,
  text: string,
  secrets: readonly string[] = []
): SendResult {
  const answer = maskAnswer(`${status} ${text}`, secrets)
  if (status >= 200 && status < 300) return acceptedBy(text, answer)
  if (status === 429 || status === 408 || status >= 500) {
    const retryAfterMs = parseRetryAfter(retryAfter)
    return { kind: 'retry', answer, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  }
  return { kind: 'refused', answer }
}

/** Slack's Web API answers 200 to what it refuses: `{"ok":false,"error":"…"}`. */
function acceptedBy(text: string, answer: string): SendResult {
  if (!/^\s*\{\s*"ok"\s*:\s*false\b/.test(text)) return { kind: 'sent', answer }
  return { kind: /"error"\s*:\s*"(ratelimited|rate_limited)"/.test(text) ? 'retry' : 'refused', answer }
}

/** Retry-After in seconds; a date is not sent by these receivers and is left out. */
function parseRetryAfter(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : (header ?? Number.NaN))
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1_000) : undefined
}

function faultOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'failed'
  const code = 'code' in error ? String(error.code) : error.name
  if (error.name === 'TimeoutError' || /TIMEOUT/.test(code)) return `no answer within ${timeoutMs} ms`
  return code
}
