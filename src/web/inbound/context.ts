import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditSink } from '../../audit/instance-audit.ts'
import type { WayIn } from '../../config/http.ts'
import type { Config } from '../../config/schema.ts'
import type { Intake } from '../../intake/intake.ts'
import type { Operating } from '../../operator/operator.ts'
import { parseJson } from '../../source/parse-json.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { Shop, ShopParts } from '../answers/shop.ts'
import type { Feed } from '../events/feed.ts'
import type { Audit } from './audit.ts'
import { isSame, placeOf } from './signatures.ts'

/** The secrets of each way in; null closes it, and its paths then do not exist. */
type InboundSecrets = Pick<
  Config['http'],
  | 'linkSecret'
  | 'slackSigningSecret'
  | 'pagerdutyWebhookSecret'
  | 'apiToken'
  | 'viewToken'
  | 'password'
  | 'viewPassword'
  | 'intakeToken'
>

/** The secrets of a way that take old and new ones during a change. */
export interface Rotating {
  /** As the configuration writes it, such as `http.api_token`. */
  readonly key: string
  /** As they are now, the newest first. */
  readonly secrets: () => readonly string[]
}

export interface InboundOptions {
  /** As they are now. Which ways are open is decided once. */
  readonly secrets: () => InboundSecrets
  readonly operating: Operating
  /** What the API shows beside what people did. */
  readonly shop: ShopParts
  /** What has changed, for those who look. */
  readonly feed: Feed
  readonly clock: Clock
  /** Takes alerts of other services. */
  readonly intake: Intake
  readonly log: Logger
  /** Keeps who did what, and who was not let in. */
  readonly auditLog: AuditSink
  /** Origins of a `response_url` that are accepted beside Slack's own. */
  readonly slackOrigins: ReadonlySet<string>
  /** Requests a minute of one remote address and path that nobody signed, until they get 429. */
  readonly ratePerMinute?: number
}

/** Writes down who comes in, and keeps out who may not. */
export interface Guard {
  readonly audit: Audit
  /** Counts a request that nobody signed, and says whether there are too many. */
  readonly isTooMany: (request: FastifyRequest) => Promise<boolean>
  /** Lets only the addresses into this part of the server that the configuration allows for the way. */
  readonly restrict: (app: FastifyInstance, way: WayIn, answer?: Answer) => void
}

/** What each way in is given. */
export interface Way extends Omit<InboundOptions, 'shop'>, Guard {
  readonly shop: Shop
}

type Answer = (reply: FastifyReply, code: number) => FastifyReply

interface Refusal {
  /** For the log. */
  readonly reason: string
  readonly code: number
  readonly answer?: Answer | undefined
}

/** Lets only requests with a token into this part of the server. */
export function requireToken(app: FastifyInstance, guard: Guard, { key, secrets }: Rotating): void {
  app.addHook('onRequest', async (request, reply) => {
    const given = headerOf(request, 'authorization') ?? ''
    const place = placeOf(secrets(), token => isSame(given, `Bearer ${token}`))
    guard.audit.verified(request, key, place)
    if (place >= 0) return
    const challenge = reply.header('www-authenticate', 'Bearer')
    return refuseUnverified(guard, request, challenge, { reason: 'unauthorized', code: 401 })
  })
}

/** Answers a request that nobody signed, or that comes from an address that is not allowed. */
export async function refuseUnverified(
  { audit, isTooMany }: Guard,
  request: FastifyRequest,
  reply: FastifyReply,
  { reason, code, answer = refuse }: Refusal
): Promise<FastifyReply> {
  if (await isTooMany(request)) {
    audit.limited(request)
    return answer(reply.header('retry-after', '60'), 429)
  }
  audit.unverified(request, reason)
  return answer(reply, code)
}

/** What a JSON text holds; undefined where it is none. */
export const jsonOf = (text: Buffer | string): unknown => parseJson(text.toString())

/** Answers with one word; the reason is in the log. */
export const refuse = (reply: FastifyReply, code: number): FastifyReply =>
  reply.code(code).send({ error: words.get(code) ?? 'bad_request' })

/** The body of a request; empty where there was none. */
export const bytesOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0))

export const headerOf = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const value = headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

export interface Faulty {
  readonly statusCode?: number
  readonly retryable?: boolean
}

/** 503 for a fault of the store, which may pass; 500 for any other of ours. */
export function codeOf({ statusCode, retryable }: Faulty): number {
  if (retryable !== undefined) return 503
  return statusCode !== undefined && statusCode < 500 ? statusCode : 500
}

export const words: ReadonlyMap<number, string> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [409, 'conflict'],
  [413, 'too_large'],
  [415, 'unsupported_content_type'],
  [429, 'too_many_requests'],
  [500, 'internal'],
  [503, 'unavailable']
])
