import type { FastifyInstance } from 'fastify'
import { label, labelOf } from '../../operator/labelling.ts'
import { routes } from '../api/routes.ts'
import { headerOf, refuse, type Way } from '../inbound/context.ts'
import { readAsked } from './asked.ts'
import { badRequest, serve } from './serve.ts'

/** What people say that an incident was. */
export function addLabels(app: FastifyInstance, way: Way): void {
  const { operating, audit } = way

  serve(app, way, routes.label, async ({ sent, requester, params, request, reply }) => {
    function refused(message: string) {
      audit.refused(request, 'bad_request')
      return badRequest(reply, message)
    }
    const who = readAsked(sent, requester, operating.now())
    const said = labelOf(sent)
    if (who.kind === 'wrong') return refused(who.message)
    if (said.kind === 'wrong') return refused(said.message)
    const key = headerOf(request, 'idempotency-key') ?? String(who.asked.at)
    const answer = await label(operating, params['id'] ?? '', said.label, { ...who.asked, request: key })
    if (answer.kind !== 'done') {
      audit.ignored(request, answer.kind)
      return refuse(reply, 404)
    }
    audit.taken(request, answer.action)
    const { verdict, reason } = said.label
    return { incident: answer.incident.id, by: who.asked.by, label: verdict, reason }
  })
}
