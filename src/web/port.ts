import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server as SocketServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { createServer } from '../net/node-http.ts'
import { boundConnections } from './connections.ts'
import { WebError, type WebErrorCode } from './errors.ts'
import type { Web } from './types.ts'

export interface PortOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
}

const requestTimeoutMs = 10_000
const headersMs = 5_000
const checkMs = 1_000
const maxConnections = 64

/**
 * A port that slow, idle and hostile connections keep from nobody. It is open at once; what answers on it is loaded with
 * the first request, because that takes a fifth of a start.
 */
export function createPort(
  { host, port }: PortOptions,
  load: (server: Server) => Promise<FastifyInstance>
): Web {
  let loading: Promise<FastifyInstance> | undefined
  const server = createServer(
    {
      keepAliveTimeout: 30_000,
      requestTimeout: requestTimeoutMs,
      headersTimeout: headersMs,
      // Node looks for requests that take too long every 30 s otherwise.
      connectionsCheckingInterval: checkMs
    },
    (request, response) => {
      loading ??= loaded(server, load)
      loading.then(
        app => app.routing(request, response),
        () => refuse(response)
      )
    }
  )
  server.setTimeout(2 * requestTimeoutMs)
  boundConnections(server, maxConnections)
  const further: SocketServer[] = []

  return {
    async listen() {
      try {
        const bound = await bind(server, host, port)
        if (host === 'localhost') further.push(...(await bindFurther(server, bound)))
        return urlOf(bound)
      } catch (cause) {
        throw listenError(cause, host, port)
      }
    },
    async close() {
      const closed = [server, ...further].map(one => new Promise(resolve => one.close(resolve)))
      await loading?.then(
        app => app.close(),
        () => {}
      )
      server.closeAllConnections()
      await Promise.all(closed)
    }
  }
}

async function loaded(
  server: Server,
  load: (server: Server) => Promise<FastifyInstance>
): Promise<FastifyInstance> {
  const app = await load(server)
  await app.ready()
  return app
}

const refuse = (response: ServerResponse): void =>
  void response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"internal"}')

async function bind(server: SocketServer, host: string, port: number): Promise<AddressInfo> {
  server.listen({ host, port })
  await once(server, 'listening')
  return server.address() as AddressInfo
}

/** `localhost` can be two addresses, of which a client may take either; where the other is not to be had, one has to do. */
async function bindFurther(server: Server, { address: bound, port }: AddressInfo): Promise<SocketServer[]> {
  const addresses = await lookup('localhost', { all: true })
  const others = addresses
    .filter(({ address }) => address !== bound)
    .map(async ({ address }) => {
      const other = createSocketServer(socket => void server.emit('connection', socket))
      await bind(other, address, port)
      return other
    })
  return (await Promise.allSettled(others)).flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
}

function urlOf({ address, family, port }: AddressInfo): string {
  if (family === 'IPv6') return `http://[${address}]:${port}`
  // Of all addresses, the one that this machine itself takes.
  return `http://${address === '0.0.0.0' ? '127.0.0.1' : address}:${port}`
}

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
