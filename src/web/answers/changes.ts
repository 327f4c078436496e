import type { FastifyInstance } from 'fastify'
import type { Change } from '../../incident/changes.ts'
import { changeOf } from '../../operator/changing.ts'
import { dayMs } from '../../time/units.ts'
import { routes } from '../api/routes.ts'
import { headerOf, type Way } from '../inbound/context.ts'
import { readAsked } from './asked.ts'
import { badRequest, serve } from './serve.ts'

/** Deploys, campaigns and the like: told and listed. */
export function addChanges(app: FastifyInstance, way: Way): void {
  const { operating, audit } = way

  serve(app, way, routes.changes, async ({ query: { from, to } }) => {
    const fromMs = from === undefined ? operating.now() - dayMs : Date.parse(from)
    const changes = await operating.changes(fromMs, to === undefined ? undefined : Date.parse(to))
    return { changes: changes.map(changeView) }
  })

  serve(app, way, routes.tellChange, async ({ sent, requester, request, reply }) => {
    const nowMs = operating.now()
    const who = readAsked(sent, requester, nowMs)
    const key = headerOf(request, 'idempotency-key')
    const read =
      who.kind === 'wrong'
        ? who
        : changeOf(sent, operating.pipeline, { ...who.asked, via: 'api', ...(key && { request: key }) })
    if (read.kind === 'wrong') {
      audit.refused(request, 'bad_request')
      return badRequest(reply, read.message)
    }
    await operating.tell(read.change)
    audit.told(request, read.change, nowMs)
    return changeView(read.change)
  })
}

export const changeView = ({ id, at, kind, what, by, link }: Change) => ({
  ...{ id, kind, what, by, link },
  at: new Date(at).toISOString()
})
