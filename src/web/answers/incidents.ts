import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Answered, acknowledge } from '../../operator/acknowledging.ts'
import { escalate, notEscalatedText } from '../../operator/escalating.ts'
import { dayMs } from '../../time/units.ts'
import { routes } from '../api/routes.ts'
import { headerOf, refuse, type Way } from '../inbound/context.ts'
import { readAsked } from './asked.ts'
import { cursorBehind, placeOfCursor } from './cursor.ts'
import { readIncidentPage } from './incident-page.ts'
import { incidentView } from './incident-view.ts'
import { badRequest, type Question, serve } from './serve.ts'

/** Incidents, and what people do with one. */
export function addIncidents(app: FastifyInstance, way: Way): void {
  const { operating, audit, shop } = way

  serve(app, way, routes.incidents, async ({ query, reply }) => {
    const { status, open, since, kind, severity, limit, cursor } = query
    const place = placeOfCursor(cursor)
    if (place === null) return badRequest(reply, 'cursor is not one of ours')
    const found = await operating.incidents({
      status: open === 'true' ? 'open' : status,
      touchedSinceMs: since === undefined ? operating.now() - dayMs : Date.parse(since),
      kind,
      ...(severity && { like: { severity: [severity] } }),
      ...(place && { behind: { openedAt: place[0], id: place[1] } }),
      limit
    })
    const last = found.at(-1)
    const labels = await operating.labels()
    return {
      incidents: found.map(incident => incidentView(incident, shop, labels.get(incident.id))),
      next_cursor: cursorBehind(last && [last.openedAt, last.id], found.length, limit)
    }
  })

  serve(app, way, routes.incident, async ({ params, reply }) => {
    const [incident, ...others] = await operating.matching(params['id'] ?? '')
    if (incident === undefined || others.length > 0) return refuse(reply, 404)
    return readIncidentPage(way, incident)
  })

  serve(app, way, routes.acknowledge, async question => {
    const { request, reply } = question
    const asked = askedIn(question)
    if (asked === undefined) return reply
    const answered = await acknowledge(operating, question.params['id'] ?? '', null, asked)
    if (answered.kind === 'done') audit.taken(request, answered.action)
    else audit.ignored(request, answered.kind)
    return answerOf(answered, reply)
  })

  serve(app, way, routes.escalate, async question => {
    const { request, reply } = question
    const asked = askedIn(question)
    if (asked === undefined) return reply
    const key = headerOf(request, 'idempotency-key') ?? String(asked.at)
    const answer = await escalate(operating, question.params['id'] ?? '', { ...asked, request: key })
    if (answer.kind !== 'done') {
      audit.ignored(request, answer.kind)
      if (answer.kind === 'unknown' || answer.kind === 'ambiguous') return refuse(reply, 404)
      return reply.code(409).send({ error: answer.kind, message: sentence(notEscalatedText(answer)) })
    }
    audit.taken(request, answer.action)
    const { incident, action, level, levels } = answer
    const severity = action.severity ?? incident.severity
    return { incident: incident.id, by: action.by, severity, level, levels }
  })

  /** Who asks; undefined once a wrong body was answered. */
  function askedIn({ sent, requester, request, reply }: Question<unknown>) {
    const read = readAsked(sent, requester, operating.now())
    if (read.kind === 'right') return read.asked
    audit.refused(request, 'bad_request')
    badRequest(reply, read.message)
    return undefined
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

function answerOf(answered: Answered, reply: FastifyReply) {
  switch (answered.kind) {
    case 'done': {
      const { incident, action } = answered
      return { incident: incident.id, by: action.by, severity: action.severity ?? incident.severity }
    }
    case 'acknowledged': {
      const { id, acknowledged, severity } = answered.incident
      return { incident: id, by: answered.by, severity: acknowledged?.severity ?? severity }
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
