import type { Config } from '../config/schema.ts'
import type { InboundOptions } from './inbound/context.ts'
import { createGuard } from './inbound/guard.ts'
import { addInbound } from './inbound/inbound.ts'
import { addPages, type PagesOptions } from './pages.ts'
import { createServer, listen } from './server.ts'
import type { Web } from './types.ts'

export interface WebOptions extends PagesOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Addresses and networks of proxies in front of this port. */
  readonly trustedProxies: readonly string[] | null
  /** Who may use each way in; anybody where it is not named. */
  readonly allow: Config['http']['allow']
  /** The ways by which people and services act on incidents. */
  readonly inbound: InboundOptions
}

/** The one port of an instance: GET /health, /healthz, /readyz, /status and /metrics, and the ways in that are open. */
export function createWeb(options: WebOptions): Web {
  const { trustedProxies, allow, inbound } = options
  const app = createServer({
    trustedProxies,
    known: 'GET /health, /healthz, /readyz, /status and /metrics'
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
    await guarded.register(inner => addInbound(inner, { ...inbound, ...guard }))
  })

  return { listen: () => listen(app, options), close: () => app.close() }
}
