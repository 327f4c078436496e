import type { FastifyInstance } from 'fastify'
import { version } from '../../telemetry/version.ts'
import type { Access } from '../access/access.ts'
import { addChanges } from '../answers/changes.ts'
import { addDeliveries } from '../answers/deliveries.ts'
import { addEvents } from '../answers/events.ts'
import { addIncidents } from '../answers/incidents.ts'
import { addLabels } from '../answers/labels.ts'
import { addMetrics } from '../answers/metrics.ts'
import { addNow } from '../answers/now.ts'
import { addReceivers } from '../answers/receivers.ts'
import { addSeries } from '../answers/series.ts'
import { serve } from '../answers/serve.ts'
import { addSession, addSignIn } from '../answers/session.ts'
import { addSilences } from '../answers/silences.ts'
import { addTune } from '../answers/tune.ts'
import { openApiOf } from '../api/openapi.ts'
import { routes } from '../api/routes.ts'
import type { Way } from './context.ts'

/** Where nobody could be let in, the API is off, and says so. */
export function refuseApi(app: FastifyInstance): void {
  const message =
    'The API is off: http.api_token (CARTWATCH_API_TOKEN) turns it on for programs, http.password (CARTWATCH_PASSWORD) for people.'
  app.all('/api/*', async (_request, reply) => reply.code(404).send({ error: 'not_found', message }))
}

/** The API under /api, for those whom `access` lets in. */
export function addApi(app: FastifyInstance, way: Way, access: Access): void {
  addSignIn(app, way, access)
  app.register(async inner => {
    inner.addHook('onRequest', access.check)
    addSession(inner, way)
    addNow(inner, way)
    addEvents(inner, way)
    addIncidents(inner, way)
    addLabels(inner, way)
    addChanges(inner, way)
    addSilences(inner, way)
    addSeries(inner, way)
    addMetrics(inner, way)
    addDeliveries(inner, way)
    addReceivers(inner, way)
    addTune(inner, way)
    const description = openApiOf(Object.values(routes), version)
    serve(inner, way, routes.openapi, async () => description as { openapi: string })
  })
}
