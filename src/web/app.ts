import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/schema.ts'
import { createShop } from './answers/shop.ts'
import type { InboundOptions } from './inbound/context.ts'
import { createGuard } from './inbound/guard.ts'
import { addInbound } from './inbound/inbound.ts'
import { addPage } from './page.ts'
import { addPages, type PagesOptions } from './pages.ts'
import { createServer } from './server.ts'

export interface AppOptions extends PagesOptions {
  /** As it was at the start. */
  readonly http: Config['http']
  /** The ways by which people and services act on incidents. */
  readonly inbound: InboundOptions
}

/** What answers on the port of an instance: the page, GET /health, /healthz, /readyz, /status and /metrics, and the ways in that are open. */
export function createApp(server: Server, options: AppOptions): FastifyInstance {
  const { http, inbound } = options
  const { trustedProxies, allow } = http
  const app = createServer({
    server,
    trustedProxies,
    known:
      'the page at /, its API (GET /api/openapi.json), and GET /health, /healthz, /readyz, /status and /metrics'
  })

  app.register(async guarded => {
    const { log, auditLog, operating, ratePerMinute } = inbound
    const guard = await createGuard(guarded, {
      ...{ allow, ratePerMinute, log, auditLog },
      now: operating.now
    })
    await guarded.register(async inner => {
      guard.restrict(inner, 'operations')
      addPages(inner, options)
    })
    await guarded.register(async inner => {
      guard.restrict(inner, 'api')
      addPage(inner)
    })
    await guarded.register(inner =>
      addInbound(inner, { ...inbound, ...guard, shop: createShop(inbound.shop) }, http)
    )
  })

  return app
}
