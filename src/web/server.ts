import { type FastifyInstance, fastify } from 'fastify'
import { visibleJson } from '../telemetry/visible-text.ts'
import { boundConnections } from './connections.ts'
import { WebError, type WebErrorCode } from './errors.ts'

export interface ServerOptions {
  /** Proxies in front of the port: their X-Forwarded-For names the remote address. */
  readonly trustedProxies: readonly string[] | null
  /** What a person may try where nothing is. */
  readonly known: string
}

/** A server that slow, idle and hostile connections keep from nobody, and that answers in JSON a terminal can show. */
export function createServer({ trustedProxies, known }: ServerOptions): FastifyInstance {
  const app = fastify({
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
    reply.code(404).send({ error: 'not_found', message: `There are ${known}.` })
  )

  app.setErrorHandler(async (error: { readonly statusCode?: number }, _request, reply) => {
    // The message of a fault within may name what is no reader's business.
    const code = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
    return reply.code(code).send({ error: code === 500 ? 'internal' : 'bad_request' })
  })
  return app
}

/** Resolves with the address it listens on; rejects with a WebError. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number }
): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (cause) {
    throw listenError(cause, host, port)
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
