import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { OnTestFinished } from './program.ts'

export interface ForwardProxy {
  readonly url: string
  /** `POST http://host/path` of plain HTTP, `CONNECT host:port` of a tunnel. */
  readonly passed: readonly string[]
}

/** A proxy as companies have them. Every name leads to loopback, so that only the proxy can reach it. */
export async function openForwardProxy(onTestFinished: OnTestFinished): Promise<ForwardProxy> {
  const passed: string[] = []
  const server = createServer((incoming, outgoing) => {
    passed.push(`${incoming.method} ${incoming.url}`)
    const { port, pathname, search } = new URL(incoming.url ?? '')
    const { method, headers } = incoming
    const onward = request({ host: '127.0.0.1', port, path: pathname + search, method, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(onward)
  })
  server.on('connect', (incoming, client) => {
    passed.push(`CONNECT ${incoming.url}`)
    const onward = connect(Number(incoming.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.pipe(client).pipe(onward)
    })
    for (const socket of [client, onward]) {
      socket.on('error', () => {
        client.destroy()
        onward.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, passed }
}
