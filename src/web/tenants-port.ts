import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { createPort } from './port.ts'
import type { HealthPage, ReadinessPage } from './readiness.ts'
import { createServer } from './server.ts'
import { shareRunning } from './share-running.ts'
import type { Web } from './types.ts'

/** What GET /status says of one tenant. */
export interface TenantStatus {
  readonly tenant: string
  /** `refused`: its configuration has an error. `waiting`: its process ended and is started again after a pause. */
  readonly status: string
  readonly since: string | null
  readonly restarts: number
  readonly pid: number | null
  /** Its own operations port. */
  readonly address: string | null
  /** What is wrong with its configuration, or how its process ended last. */
  readonly error: string | null
  /** Its own /status; null where it does not answer. */
  readonly instance: unknown
}

/** What is shown of all tenants, by name; null of one that does not run or does not answer. */
export interface TenantsPages {
  readonly statuses: () => Promise<readonly TenantStatus[]>
  readonly health: () => Promise<
    ReadonlyMap<string, { readonly readiness: ReadinessPage; readonly health: HealthPage } | null>
  >
  readonly metrics: () => Promise<string>
  readonly metricsType: string
}

export interface TenantsPortOptions extends TenantsPages {
  readonly host: string
  readonly port: number
}

/** The port of all tenants: the pages of an instance, each by tenant. Ways in are open on the tenants' own ports alone. */
export const createTenantsPort = (options: TenantsPortOptions): Web =>
  createPort(options, async server => answering(server, options))

function answering(server: Server, options: TenantsPages): FastifyInstance {
  const { statuses, metrics, metricsType } = options
  const app = createServer({
    server,
    trustedProxies: null,
    known: 'GET /health, /healthz, /readyz, /status and /metrics, each of all tenants'
  })
  const health = shareRunning(options.health)
  const status = shareRunning(statuses)
  const page = shareRunning(metrics)

  app.get('/healthz', async () => ({ status: 'alive' }))

  app.get('/readyz', async (_request, reply) => {
    const tenants = Object.fromEntries(
      [...(await health())].map(([tenant, one]) => [tenant, one?.readiness.status ?? 'not_ready'])
    )
    const isReady = Object.values(tenants).every(one => one === 'ready')
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not_ready', tenants })
  })

  app.get('/health', async (_request, reply) => {
    const pages = [...(await health())].map(([tenant, one]) => [tenant, one?.health ?? noAnswer] as const)
    const all = new Set<string>(pages.map(([, one]) => one.overall_status))
    const worst = ['unhealthy', 'degraded'].find(one => all.has(one)) ?? 'healthy'
    const answer = { overall_status: worst, tenants: Object.fromEntries(pages) }
    return reply.code(worst === 'unhealthy' ? 503 : 200).send(answer)
  })

  app.get('/status', async () => ({ tenants: await status() }))

  app.get('/metrics', async (_request, reply) => reply.type(metricsType).send(await page()))

  return app
}

const noAnswer = { overall_status: 'unhealthy' } as const
