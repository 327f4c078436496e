import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTokenBucket, type TokenBucket } from '../../delivery/token-bucket.ts'
import type { Rate } from '../../routing/receiver.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { answersOf, type Reply, uploadMethod } from './answers.ts'
import { type Json, parseJson } from './json.ts'
import { maxBodyBytes, type Page, type PageEffect } from './pagerduty-rules.ts'
import type { Post } from './slack-api.ts'
import type { SharedFile } from './slack-files.ts'
import type { InboxType } from './types.ts'

/** A message as it came, whether it was taken or not. */
export interface InboxMessage {
  /** The name of the Slack webhook, of the Teams or generic one, `slack-bot` or `pagerduty`. */
  readonly to: string
  readonly type: InboxType
  readonly at: number
  readonly status: number
  /** What was answered. */
  readonly answer: string
  readonly accepted: boolean
  readonly body: Json | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** PagerDuty: what the event did. */
  readonly effect?: PageEffect
}

/** How a receiver is to behave: as the real one, or broken in a given way. */
export type Behaviour =
  | 'real'
  | 'hang'
  | 'reset'
  | { readonly status: number; readonly body?: string; readonly retryAfterS?: number }

export interface InboxOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Messages that each webhook takes; null for no limit. One a second with a short burst, as Slack has it. */
  readonly rate?: Rate | null
  readonly onMessage?: (message: InboxMessage) => void
  /** What the bot's token may do. */
  readonly slackScopes?: readonly string[]
}

export interface Inbox {
  slackUrl(name: string): string
  teamsUrl(name: string): string
  webhookUrl(name: string): string
  /** Of Slack's Web API, where a bot of that token is in the channel `#alerts`. */
  readonly slackApiUrl: string
  readonly slackBotToken: string
  readonly pagerdutyUrl: string
  readonly pagerdutyKey: string
  /** All that came, in order. */
  readonly messages: readonly InboxMessage[]
  pages(): readonly Page[]
  /** What the bot's channel shows. */
  posts(): readonly Post[]
  /** What the bot put into threads. */
  files(): readonly SharedFile[]
  /** As if somebody had deleted a message of the bot's channel. */
  removePost(ts: string): void
  /** `to` as in a message. */
  behave(to: string, behaviour: Behaviour): void
  close(): Promise<void>
}

const slackRate: Rate = { perSecond: 1, burst: 6 }
const pagerdutyRate: Rate = { perSecond: 2, burst: 120 }
const pagerdutyPath = '/v2/enqueue'
const pagerdutyKey = 'cartwatchlocalinbox0123456789abc'
const slackBotToken = 'xoxb-local-0123456789abcdef'
const slackPath = /^\/services\/T0LOCAL\/B0LOCAL\/([\w.-]+)-0123456789abcdef$/
const slackApiPath = /^\/api\/([\w.]+)$/
const slackUploadPath = /^\/upload\/v1\/(\w+)$/
const teamsPath = /^\/workflows\/([\w.-]+)-0123456789abcdef$/
const webhookPath = /^\/hooks\/([\w.-]+)-0123456789abcdef$/

/** Who is meant by a path; `method` is that of Slack's Web API. */
interface Addressee {
  readonly to: string
  readonly type: InboxType
  readonly method?: string
  /** Of an upload to the address that Slack gave. */
  readonly file?: string
}

function addresseeOf(path: string): Addressee | undefined {
  if (path === pagerdutyPath) return { to: 'pagerduty', type: 'pagerduty' }
  const method = slackApiPath.exec(path)?.[1]
  if (method !== undefined) return { to: 'slack-bot', type: 'slack_bot', method }
  const file = slackUploadPath.exec(path)?.[1]
  if (file !== undefined) return { to: 'slack-bot', type: 'slack_bot', method: uploadMethod, file }
  const named: readonly (readonly [InboxType, RegExp])[] = [
    ['slack', slackPath],
    ['teams', teamsPath],
    ['webhook', webhookPath]
  ]
  for (const [type, pattern] of named) {
    const to = pattern.exec(path)?.[1]
    if (to !== undefined) return { to, type }
  }
  return undefined
}

/** Opens a receiver on loopback that refuses what Slack, PagerDuty's Events API and Teams refuse. */
export async function openInbox({
  clock,
  rate = slackRate,
  onMessage,
  slackScopes
}: InboxOptions): Promise<Inbox> {
  const messages: InboxMessage[] = []
  const behaviours = new Map<string, Behaviour>()
  const waitSeconds = createLimits(rate, clock)
  const answers = answersOf({ slackBotToken, pagerdutyKey, ...(slackScopes && { slackScopes }) })

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const addressee = addresseeOf(path)
    const { raw, bytes } = await read(request)
    const isFile = addressee?.method !== undefined && fileMethods.has(addressee.method)
    const text = raw.toString('utf8')
    const behaviour = (addressee && behaviours.get(addressee.to)) || 'real'
    const body = isForm(request) ? fieldsOf(text) : parseJson(text)
    const headers = headersOf(request)
    const keep = ({ status, text: answer, accepted, effect }: Reply) => {
      // A file is no message.
      if (isFile) return
      const { to, type } = addressee ?? { to: path, type: 'slack' as const }
      const fields = { to, type, at: clock.now(), status, answer, accepted, body, headers }
      const message: InboxMessage = { ...fields, ...(effect && { effect }) }
      messages.push(message)
      onMessage?.(message)
    }
    const answer = (reply: Reply) => {
      keep(reply)
      response.writeHead(reply.status, reply.headers).end(reply.text)
    }
    const refuse = (status: number, refusal: string, more = {}) =>
      answer({ status, text: refusal, accepted: status >= 200 && status < 300, headers: more })
    if (addressee === undefined || request.method !== 'POST') return refuse(404, 'no_service')
    if (behaviour === 'hang') return keep({ status: 0, text: 'never answered', accepted: false })
    if (behaviour === 'reset') {
      keep({ status: 0, text: 'connection reset', accepted: false })
      request.socket.resetAndDestroy()
      return
    }
    if (behaviour !== 'real') {
      const { status, body: said = '', retryAfterS } = behaviour
      return refuse(status, said, retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) })
    }
    const waitS = isFile ? 0 : waitSeconds(addressee.to)
    if (waitS > 0) {
      const isApi = addressee.type === 'slack_bot'
      const said = isApi ? '{"ok":false,"error":"ratelimited"}' : 'rate_limited'
      return refuse(429, said, { 'retry-after': String(waitS) })
    }
    const { type, method = '', file = '' } = addressee
    const { authorization, host = '' } = headers
    answer(answers[type]({ body, bytes, raw, method, file, authorization, host }))
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...addressesAt(origin),
    slackBotToken,
    pagerdutyKey,
    messages,
    pages: answers.pages,
    posts: answers.posts,
    files: answers.files,
    removePost: answers.removePost,
    behave: (to, behaviour) => void behaviours.set(to, behaviour),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

const addressesAt = (
  origin: string
): Pick<Inbox, 'slackUrl' | 'teamsUrl' | 'webhookUrl' | 'slackApiUrl' | 'pagerdutyUrl'> => ({
  slackUrl: name => `${origin}/services/T0LOCAL/B0LOCAL/${name}-0123456789abcdef`,
  teamsUrl: name => `${origin}/workflows/${name}-0123456789abcdef`,
  webhookUrl: name => `${origin}/hooks/${name}-0123456789abcdef`,
  slackApiUrl: `${origin}/api`,
  pagerdutyUrl: `${origin}${pagerdutyPath}`
})

/** Those that Slack limits by themselves. */
const fileMethods: ReadonlySet<string> = new Set([
  'files.getUploadURLExternal',
  uploadMethod,
  'files.completeUploadExternal'
])

const isForm = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true

const fieldsOf = (text: string): Json => Object.fromEntries(new URLSearchParams(text))

/** Gives the seconds until a receiver accepts a message again; 0 if it does now. */
function createLimits(rate: Rate | null, clock: Pick<Clock, 'now'>): (to: string) => number {
  const buckets = new Map<string, TokenBucket>()
  return function waitSeconds(to) {
    if (rate === null) return 0
    const bucket = buckets.get(to) ?? createTokenBucket(to === 'pagerduty' ? pagerdutyRate : rate)
    buckets.set(to, bucket)
    const waitMs = bucket.waitMs(clock.now())
    if (waitMs === 0) bucket.take(clock.now())
    return Math.ceil(waitMs / 1_000)
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
  )
}

/** Reads at most a little more than any receiver takes. */
async function read(request: IncomingMessage): Promise<{ raw: Buffer; bytes: number }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= 2 * maxBodyBytes) chunks.push(chunk)
  }
  return { raw: Buffer.concat(chunks), bytes }
}
