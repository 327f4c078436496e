import type { SendResult } from '../delivery/channel.ts'
import { createOutbound, type Outbound, request } from '../net/outbound.ts'
import { type Acceptance, type Exchange, resultOf } from './http-result.ts'
import { maskAnswer } from './mask.ts'

interface Post {
  readonly url: string
  /** JSON, serialized; what else it is, `headers` say. */
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  /** Kept out of what is answered. */
  readonly secrets: readonly string[]
}

/** Posts JSON over a pool of connections that are kept open, through the environment's proxies. Nothing here rejects. */
export interface Http {
  exchange(post: Post): Promise<Exchange>
  /** The same, judged by its status, and by what its receiver documents as a yes. */
  post(post: Post, acceptance?: Acceptance): Promise<SendResult>
  /** Ends the connections; a later post opens new ones, as the end of a page does after its receiver was changed. */
  close(): Promise<void>
}

/** More of an answer is not read. Slack's Web API repeats the whole message. */
const maxBodyBytes = 262_144

/** `timeoutMs` is from the first byte sent to the last one read. */
export function createHttp({ timeoutMs }: { readonly timeoutMs: number }): Http {
  let agent: Promise<Outbound> | undefined
  const newAgent = () => createOutbound({ timeoutMs, connections: 4, keepAliveMs: 30_000 })

  async function exchange({ url, body, headers = {}, secrets }: Post): Promise<Exchange> {
    agent ??= newAgent()
    try {
      const reply = await request(url, {
        method: 'POST',
        dispatcher: await agent,
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'cartwatch', ...headers },
        body,
        signal: AbortSignal.timeout(timeoutMs)
      })
      const text = await startOf(reply.body)
      const retryAfterMs = parseRetryAfter(reply.headers['retry-after'])
      const requestId = requestIdOf(reply.headers)
      const scopes = firstOf(reply.headers['x-oauth-scopes'])
      return {
        kind: 'reply',
        status: reply.statusCode,
        text,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        ...(requestId !== undefined && { requestId: maskAnswer(requestId, secrets) }),
        ...(scopes !== undefined && { scopes })
      }
    } catch (error) {
      return { kind: 'fault', answer: maskAnswer(faultOf(error, timeoutMs), secrets) }
    }
  }

  return {
    exchange,
    post: async (post, acceptance) => resultOf(await exchange(post), post.secrets, acceptance),
    async close() {
      const closing = agent
      agent = undefined
      // What is under way ends within its own timeout.
      await (await closing)?.close()
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

type Headers = Readonly<Record<string, string | string[] | undefined>>

const firstOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header

const requestIdHeaders = ['x-slack-req-id', 'x-request-id', 'request-id', 'x-ms-request-id'] as const

function requestIdOf(headers: Headers): string | undefined {
  const named = requestIdHeaders.find(name => headers[name] !== undefined)
  return named === undefined ? undefined : firstOf(headers[named])
}

/** Retry-After in seconds; a date is not sent by these receivers and is left out. */
function parseRetryAfter(header: string | string[] | undefined): number | undefined {
  const seconds = Number(firstOf(header) ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1_000) : undefined
}

function faultOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'failed'
  const code = 'code' in error ? String(error.code) : error.name
  if (error.name === 'TimeoutError' || /TIMEOUT/.test(code)) return `no answer within ${timeoutMs} ms`
  return /proxy/i.test(error.message) ? error.message : code
}
