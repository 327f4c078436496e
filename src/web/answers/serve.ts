import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { expectedOf } from '../../telemetry/expected.ts'
import { wrongInput } from '../../telemetry/wrong-input.ts'
import { type Requester, requesterOf } from '../access/requester.ts'
import type { ApiRoute } from '../api/route.ts'
import { bytesOf, jsonOf, refuse, type Way } from '../inbound/context.ts'
import { createTurns } from './turns.ts'

export interface Question<Query> {
  readonly query: Query
  readonly params: Readonly<Record<string, string>>
  /** The body as it was sent, not checked; undefined where it is no JSON. */
  readonly sent: unknown
  readonly requester: Requester
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export type Answered<Answer extends z.ZodType> = z.input<Answer> | FastifyReply

const bodyLimit = 16_384

/** Answers a route of the API; of who may only look, changes are refused. */
const inTurn = createTurns(1)

export function serve<Query extends z.ZodType, Answer extends z.ZodType>(
  app: FastifyInstance,
  { audit }: Pick<Way, 'audit'>,
  { method, path, needs, query, status = 200 }: ApiRoute<Query, Answer>,
  answer: (question: Question<z.output<Query>>) => Promise<Answered<Answer>>
): void {
  app.route({
    method,
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit,
    async handler(request, reply) {
      const requester = requesterOf(request)
      if (needs === 'operate' && requester.role !== 'operate') {
        audit.unverified(request, 'may_only_view')
        return refuse(reply, 403)
      }
      const asked = query?.safeParse(request.query, { error: expectedOf })
      if (asked?.success === false) return badRequest(reply, wrongInput(asked.error, request.query))
      const question = {
        query: asked?.data as z.output<Query>,
        params: request.params as Readonly<Record<string, string>>,
        sent: method === 'POST' ? jsonOf(bytesOf(request)) : undefined,
        requester,
        request,
        reply
      }
      // What people do never waits behind what is drawn.
      const answered = await (method === 'GET' ? inTurn(() => answer(question)) : answer(question))
      return answered === reply ? reply : reply.code(status).send(answered)
    }
  })
}

export const badRequest = (reply: FastifyReply, message: string): FastifyReply =>
  reply.code(400).send({ error: 'bad_request', message })
