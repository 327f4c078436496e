import { fastify } from 'fastify'
import type { Config } from '../config/schema.ts'
import { visibleJson } from '../telemetry/visible-text.ts'
import { boundConnections } from './connections.ts'
import { WebError, type WebErrorCode } from './errors.ts'
import type { InboundOptions } from './inbound/context.ts'
import { createGuard } from './inbound/guard.ts'
import { addInbound } from './inbound/inbound.ts'
import { addPages, type PagesOptions } from './pages.ts'
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
  const { host, port, trustedProxies, allow, inbound } = options
  const app = fastify({
    // Whose X-Forwarded-For names the remote address.
    trustProxy: trustedProxies === null ? false : [...trustedProxies],
    bodyLimit: 1_024,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: 2 * requestTimeoutMs,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    // Node looks for requests that take too long every 30 s otherwise.
    http: { connectionsCheckingInterval: checkMs, headersTimeout: headersMs },
    return503OnClosing: false,
    // The token of a link is longer than what a parameter is expected to be.
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (_error, _request, reply) => {
      reply.hijack()
      reply.raw.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"bad_request"}')
    }
  })
  boundConnections(app.server, maxConnections)
  // What a receiver or a store answered stands on a page that people read in a terminal.
  app.setReplySerializer(page => visibleJson(JSON.stringify(page)))

  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({
      error: 'not_found',
      message: 'There are GET /health, /healthz, /readyz, /status and /metrics.'
    })
  )

  app.setErrorHandler(async (error: { readonly statusCode?: number }, _request, reply) => {
    // The message of a fault within may name what is no reader's business.
    const code = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
    return reply.code(code).send({ error: code === 500 ? 'internal' : 'bad_request' })
  })

  app.register(async guarded => {
    const { log, operating, ratePerMinute } = inbound
    const guard = await createGuard(guarded, { allow, ratePerMinute, log, now: operating.now })
    await guarded.register(async inner => {
      guard.restrict(inner, 'operations')
      addPages(inner, options)
    })
    await guarded.register(inner => addInbound(inner, { ...inbound, ...guard }))
  })

  return {
    listen: async () => {
      try {
        return await app.listen({ host, port })
      } catch (cause) {
        throw listenError(cause, host, port)
      }
    },
    close: () => app.close()
  }
}

const requestTimeoutMs = 10_000
const headersMs = 5_000
const checkMs = 1_000
const maxConnections = 64

function listenError(cause: unknown, host: string, port: number): WebError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const error = (name: WebErrorCode, message: string) => new WebError(name, message, { cause })
  switch (code) {
    case 'EADDRINUSE':
      return error('PORT_TAKEN', `port ${port} on ${host} is taken: another program listens there`)
    case 'EACCES':
      return error('PORT_FORBIDDEN', `port ${port} on ${host} may not be opened by this user`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return error('HOST_UNKNOWN', `${host} is no address of this machine`)
    default:
      return error('LISTEN_FAILED', `can't listen on ${host}, port ${port}`)
  }
}
