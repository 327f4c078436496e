import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Answered, acknowledge } from '../../operator/acknowledging.ts'
import { type Asked, nameOf, silenceEnding, silencing } from '../../operator/actions.ts'
import { escalate, notEscalatedText } from '../../operator/escalating.ts'
import { silenceJson } from '../../operator/silence-json.ts'
import { silencingOf } from '../../operator/silencing.ts'
import { viewOfIncident } from '../../store/tables/incidents.ts'
import { expectedOf } from '../../telemetry/expected.ts'
import { wrongInput } from '../../telemetry/wrong-input.ts'
import { dayMs } from '../../time/units.ts'
import { bytesOf, headerOf, jsonOf, type Rotating, refuse, requireToken, type Way } from './context.ts'

const options = { bodyLimit: 16_384 }

const byBody = z.object({ by: z.string().min(1).max(200) })
const listQuery = z.object({
  status: z.enum(['open', 'resolved']).optional(),
  since: z.iso
    .datetime({ offset: true, error: 'a time with its zone, such as 2026-11-28T20:00:00Z' })
    .optional()
})

type WithId = { Params: { id: string } }

/** Without a token the API is off, and says so. */
export function refuseApi(app: FastifyInstance): void {
  const message = 'The API is off: http.api_token (CARTWATCH_API_TOKEN) turns it on.'
  app.all('/api/*', async (_request, reply) => reply.code(404).send({ error: 'not_found', message }))
}

/** The API under /api, for requests with a token. */
export function addApi(app: FastifyInstance, way: Way, tokens: Rotating): void {
  const { operating, audit } = way
  requireToken(app, way, tokens)

  app.get('/api/incidents', async (request, reply) => {
    const query = listQuery.safeParse(request.query, { error: expectedOf })
    if (!query.success) return badRequest(reply, wrongInput(query.error, request.query))
    const { status, since } = query.data
    const sinceMs = since === undefined ? operating.now() - dayMs : Date.parse(since)
    const incidents = await operating.incidents(sinceMs)
    const wanted = incidents.filter(incident => status === undefined || incident.status === status)
    return { incidents: wanted.map(viewOfIncident) }
  })

  app.get<WithId>('/api/incidents/:id', async (request, reply) => {
    const [incident, ...others] = await operating.matching(request.params.id)
    if (incident === undefined || others.length) return refuse(reply, 404)
    return viewOfIncident(incident)
  })

  /** Who asks, by the body; undefined once a wrong one was answered. */
  function askedIn(request: FastifyRequest, reply: FastifyReply): Asked | undefined {
    const sent = jsonOf(bytesOf(request))
    const body = byBody.safeParse(sent, { error: expectedOf })
    if (body.success) return askedBy(body.data.by, operating.now())
    audit.refused(request, 'bad_request')
    badRequest(reply, wrongInput(body.error, sent))
    return undefined
  }

  app.post<WithId>('/api/incidents/:id/acknowledge', options, async (request, reply) => {
    const asked = askedIn(request, reply)
    if (asked === undefined) return reply
    const answered = await acknowledge(operating, request.params.id, null, asked)
    if (answered.kind === 'done') audit.taken(request, answered.action)
    else audit.ignored(request, answered.kind)
    return answerOf(answered, reply)
  })

  app.post<WithId>('/api/incidents/:id/escalate', options, async (request, reply) => {
    const asked = askedIn(request, reply)
    if (asked === undefined) return reply
    const key = headerOf(request, 'idempotency-key') ?? String(asked.at)
    const answer = await escalate(operating, request.params.id, { ...asked, request: key })
    if (answer.kind !== 'done') {
      audit.ignored(request, answer.kind)
      if (answer.kind === 'unknown' || answer.kind === 'ambiguous') return refuse(reply, 404)
      return reply.code(409).send({ error: answer.kind, message: sentence(notEscalatedText(answer)) })
    }
    audit.taken(request, answer.action)
    const { incident, action, level, levels } = answer
    return { incident: incident.id, by: action.by, severity: action.severity, level, levels }
  })

  addSilences(app, way)
}

function addSilences(app: FastifyInstance, { operating, audit }: Way): void {
  app.get('/api/silences', async () => ({ silences: (await operating.silences()).map(silenceJson) }))

  app.post('/api/silences', options, async (request, reply) => {
    const nowMs = operating.now()
    const read = silencingOf(jsonOf(bytesOf(request)), nowMs)
    if (read.kind === 'wrong') {
      audit.refused(request, 'bad_request')
      return badRequest(reply, read.message)
    }
    const key = headerOf(request, 'idempotency-key')
    const asked = { ...askedBy(read.by, nowMs), ...(key && { request: key }) }
    const action = silencing(operating.pipeline, read.silencing, asked)
    await operating.act(action)
    audit.taken(request, action)
    return reply.code(201).send(action.silence && silenceJson(action.silence))
  })

  app.delete<WithId & { Querystring: { by?: unknown } }>('/api/silences/:id', async (request, reply) => {
    const { id } = request.params
    const silence = (await operating.silences()).find(one => one.id === id)
    if (silence === undefined) {
      audit.refused(request, 'unknown')
      return refuse(reply, 404)
    }
    const { by } = request.query
    const at = operating.now()
    const action = silenceEnding(operating.pipeline, silence, askedBy(by, at))
    await operating.act(action)
    audit.taken(request, action)
    return silenceJson({ ...silence, endsAt: at })
  })
}

const askedBy = (name: unknown, at: number): Asked => ({
  by: nameOf(typeof name === 'string' ? name : undefined, 'somebody'),
  via: 'api',
  at
})

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const badRequest = (reply: FastifyReply, message: string): FastifyReply =>
  reply.code(400).send({ error: 'bad_request', message })

function answerOf(answered: Answered, reply: FastifyReply) {
  switch (answered.kind) {
    case 'done':
      return { incident: answered.incident.id, by: answered.action.by, severity: answered.action.severity }
    case 'acknowledged': {
      const { id, acknowledged } = answered.incident
      return { incident: id, by: answered.by, severity: acknowledged?.severity }
    }
    case 'unknown':
    case 'ambiguous':
      return refuse(reply, 404)
    case 'over':
    case 'graver':
      return refuse(reply, 409)
    default:
      throw answered satisfies never
  }
}
