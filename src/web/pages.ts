import type { FastifyInstance } from 'fastify'
import type { SendFigures } from '../delivery/send-figures.ts'
import { healthPage, readinessPage } from './readiness.ts'
import { shareRunning } from './share-running.ts'
import type { Readiness } from './types.ts'

export interface PagesOptions {
  readonly readiness: () => Readiness
  /** How sending went. */
  readonly sends: () => SendFigures
  /** The status page as JSON: of the whole group, or what this instance knows of itself. Never rejects. */
  readonly status: (of: 'group' | 'own') => Promise<string>
  readonly metrics: () => Promise<string>
  /** Of what `metrics` gives. */
  readonly metricsType: string
}

/** GET /health, /healthz, /readyz, /status and /metrics: what an instance says of itself. */
export function addPages(app: FastifyInstance, options: PagesOptions): void {
  const { readiness, sends, status, metrics, metricsType } = options

  app.get('/healthz', async () => ({ status: 'alive' }))

  app.get('/readyz', async (_request, reply) => {
    const page = readinessPage(readiness())
    return reply.code(page.status === 'ready' ? 200 : 503).send(page)
  })

  app.get('/health', async (_request, reply) => {
    const page = healthPage(readiness(), sends())
    return reply.code(page.overall_status === 'unhealthy' ? 503 : 200).send(page)
  })

  const ofGroup = shareRunning(() => status('group'))
  app.get<{ Querystring: { readonly of?: unknown } }>('/status', async (request, reply) =>
    reply.type(json).send(await (request.query.of === 'own' ? status('own') : ofGroup()))
  )

  app.get('/metrics', async (_request, reply) => reply.type(metricsType).send(await metrics()))
}

const json = 'application/json; charset=utf-8'
