import type { FastifyInstance } from 'fastify'
import type { Silence } from '../../incident/types.ts'
import { silenceEnding, silencing } from '../../operator/actions.ts'
import { coveredBy } from '../../operator/silence-cover.ts'
import { silenceJson } from '../../operator/silence-json.ts'
import { type ReadSilence, silencingOf } from '../../operator/silencing.ts'
import type { Requester } from '../access/requester.ts'
import { routes } from '../api/routes.ts'
import type { PreviewAnswer, SilenceAnswer } from '../api/silences.ts'
import { headerOf, refuse, type Way } from '../inbound/context.ts'
import { askedBy } from './asked.ts'
import { incidentView } from './incident-view.ts'
import { badRequest, serve } from './serve.ts'

/** Silences: listed, tried, made and ended. */
export function addSilences(app: FastifyInstance, way: Way): void {
  const { operating, audit, shop } = way

  serve(app, way, routes.silences, async () => ({ silences: (await operating.silences()).map(viewOf) }))

  serve(app, way, routes.silence, async ({ sent, requester, request, reply }) => {
    const nowMs = operating.now()
    const read = readSilence(sent, requester, nowMs)
    if (read.kind === 'wrong') {
      audit.refused(request, 'bad_request')
      return badRequest(reply, read.message)
    }
    const key = headerOf(request, 'idempotency-key')
    const asked = { ...askedBy(read.by, nowMs), ...(key && { request: key }) }
    const action = silencing(operating.pipeline, read.silencing, asked)
    await operating.act(action)
    audit.taken(request, action)
    return viewOf(action.silence as Silence)
  })

  serve(
    app,
    way,
    routes.previewSilence,
    async ({ sent, requester, reply }): Promise<PreviewAnswer | typeof reply> => {
      const nowMs = operating.now()
      const read = readSilence({ by: 'preview', reason: 'preview', ...Object(sent) }, requester, nowMs)
      if (read.kind === 'wrong') return badRequest(reply, read.message)
      const { matchers, startsAt, endsAt } = read.silencing
      const covered = await coveredBy(matchers, operating, shop.routing())
      return {
        starts_at: new Date(startsAt).toISOString(),
        ends_at: new Date(endsAt).toISOString(),
        incidents: covered.map(({ incident, receivers }) => {
          const { id, severity, segment } = incident
          return {
            ...{ id, severity, segment, receivers: [...receivers] },
            title: incidentView(incident, shop).title
          }
        }),
        receivers: [...new Set(covered.flatMap(({ receivers }) => receivers))].sort()
      }
    }
  )

  serve(app, way, routes.endSilence, async ({ query, params, requester, request, reply }) => {
    const silence = (await operating.silences()).find(one => one.id === params['id'])
    if (silence === undefined) {
      audit.refused(request, 'unknown')
      return refuse(reply, 404)
    }
    const at = operating.now()
    const action = silenceEnding(operating.pipeline, silence, askedBy(requester.name ?? query.by, at))
    await operating.act(action)
    audit.taken(request, action)
    return viewOf({ ...silence, endsAt: at })
  })
}

/** Whoever signed in makes it, whatever the body says; at this machine nobody has to say who they are. */
function readSilence(sent: unknown, { name, by }: Requester, nowMs: number): ReadSilence {
  const said: object = typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? sent : {}
  if (by === 'token') return silencingOf(sent, nowMs)
  return silencingOf(name === null ? { by: 'somebody', ...said } : { ...said, by: name }, nowMs)
}

/** A list in it may be changed by nobody here; the schema's type does not say so. */
const viewOf = (silence: Silence) => silenceJson(silence) as SilenceAnswer
