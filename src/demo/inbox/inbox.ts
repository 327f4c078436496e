import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Bucket, createBucket, type Rate } from '../../alert/bucket.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { isObject, type Json, parseJson } from './json.ts'
import { createPages, maxBodyBytes, type Page, type PageEffect, pagerDutyFaults } from './pagerduty-rules.ts'
import { slackFault } from './slack-rules.ts'

/** A message as it came, whether it was taken or not. */
export interface InboxMessage {
  /** The name of the Slack webhook, or `pagerduty`. */
  readonly to: string
  readonly type: 'slack' | 'pagerduty'
  readonly at: number
  readonly status: number
  /** What was answered. */
  readonly answer: string
  readonly accepted: boolean
  readonly body: Json | undefined
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
}

export interface Inbox {
  slackUrl(name: string): string
  readonly pagerdutyUrl: string
  readonly pagerdutyKey: string
  /** All that came, in order. */
  readonly messages: readonly InboxMessage[]
  pages(): readonly Page[]
  /** `to` is the name of a Slack webhook, or `pagerduty`. */
  behave(to: string, behaviour: Behaviour): void
  close(): Promise<void>
}

const slackRate: Rate = { perSecond: 1, burst: 6 }
const pagerdutyRate: Rate = { perSecond: 2, burst: 120 }
const pagerdutyPath = '/v2/enqueue'
const pagerdutyKey = 'cartwatchlocalinbox0123456789abc'
const slackPath = /^\/services\/T0LOCAL\/B0LOCAL\/([\w.-]+)-0123456789abcdef$/

/** Opens a receiver on loopback that refuses what Slack's webhooks and PagerDuty's Events API refuse. */
export async function openInbox({ clock, rate = slackRate, onMessage }: InboxOptions): Promise<Inbox> {
  const messages: InboxMessage[] = []
  const behaviours = new Map<string, Behaviour>()
  const buckets = new Map<string, Bucket>()
  const pages = createPages()
  const keys = new Set([pagerdutyKey])

  /** Seconds until the receiver takes a message again; 0 where it does now. */
  function limit(to: string): number {
    if (rate === null) return 0
    const bucket = buckets.get(to) ?? createBucket(to === 'pagerduty' ? pagerdutyRate : rate)
    buckets.set(to, bucket)
    const waitMs = bucket.waitMs(clock.now())
    if (waitMs === 0) bucket.take(clock.now())
    return Math.ceil(waitMs / 1_000)
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const name = slackPath.exec(path)?.[1]
    const to = path === pagerdutyPath ? 'pagerduty' : name
    const { text, bytes } = await read(request)
    const behaviour = (to !== undefined && behaviours.get(to)) || 'real'
    const body = parseJson(text)
    const keep = (status: number, answer: string, effect?: PageEffect) => {
      const type: InboxMessage['type'] = to === 'pagerduty' ? 'pagerduty' : 'slack'
      const accepted = status >= 200 && status < 300
      const message = {
        to: to ?? path,
        type,
        at: clock.now(),
        status,
        answer,
        accepted,
        body,
        ...(effect && { effect })
      }
      messages.push(message)
      onMessage?.(message)
    }
    const answer = (status: number, text: string, headers = {}, effect?: PageEffect) => {
      keep(status, text, effect)
      response.writeHead(status, headers).end(text)
    }
    if (to === undefined || request.method !== 'POST') return answer(404, 'no_service')
    if (behaviour === 'hang') return keep(0, 'never answered')
    if (behaviour === 'reset') {
      keep(0, 'connection reset')
      request.socket.resetAndDestroy()
      return
    }
    if (behaviour !== 'real') {
      const { status, body: text = '', retryAfterS } = behaviour
      return answer(status, text, retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) })
    }
    const waitS = limit(to)
    if (waitS > 0) return answer(429, 'rate_limited', { 'retry-after': String(waitS) })
    if (to !== 'pagerduty') {
      const fault = body === undefined ? 'invalid_payload' : slackFault(body)
      return fault ? answer(400, fault) : answer(200, 'ok')
    }
    if (bytes > maxBodyBytes) return answer(413, 'Payload Too Large')
    const faults = pagerDutyFaults(body, keys)
    if (faults.length || !isObject(body)) {
      const message = 'Event object is invalid'
      return answer(400, JSON.stringify({ status: 'invalid event', message, errors: faults }))
    }
    const dedupKey = String(body.dedup_key ?? `inbox-${messages.length}`)
    const effect = pages.apply(String(body.routing_key), String(body.event_action), dedupKey)
    const success = { status: 'success', message: 'Event processed', dedup_key: dedupKey }
    answer(202, JSON.stringify(success), { 'content-type': 'application/json' }, effect)
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    slackUrl: name => `${origin}/services/T0LOCAL/B0LOCAL/${name}-0123456789abcdef`,
    pagerdutyUrl: `${origin}${pagerdutyPath}`,
    pagerdutyKey,
    messages,
    pages: pages.all,
    behave: (to, behaviour) => void behaviours.set(to, behaviour),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

/** Reads at most a little more than any receiver takes. */
async function read(request: IncomingMessage): Promise<{ text: string; bytes: number }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= 2 * maxBodyBytes) chunks.push(chunk)
  }
  return { text: Buffer.concat(chunks).toString('utf8'), bytes }
}
