import type { Server } from 'node:http'
import { type FastifyInstance, fastify } from 'fastify'
import { visibleJson } from '../telemetry/visible-text.ts'

export interface ServerOptions {
  /** Of the port that it answers on. */
  readonly server: Server
  /** Proxies in front of the port: their X-Forwarded-For names the remote address. */
  readonly trustedProxies: readonly string[] | null
  /** What a person may try where nothing is. */
  readonly known: string
}

/** Answers in JSON that a terminal can show. */
export function createServer({ server, trustedProxies, known }: ServerOptions): FastifyInstance {
  const app = fastify({
    serverFactory: () => server,
    trustProxy: trustedProxies === null ? false : [...trustedProxies],
    bodyLimit: 1_024,
    return503OnClosing: false,
    // The token of a link is longer than what a parameter is expected to be.
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (_error, _request, reply) => {
      reply.hijack()
      reply.raw.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"bad_request"}')
    }
  })
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
