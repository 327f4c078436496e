import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  request as httpRequest
} from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { OnTestFinished } from './program.ts'

/** Sees a statement on its way to the store, and then its answer; true keeps it from going on. */
export type StoreTap = (passing: 'statement' | 'answer', sql: string) => boolean

/** Sees what passes between program and broker, by Kafka's number of the request; true keeps it from going on. */
export type KafkaTap = (passing: 'request' | 'answer', apiKey: number, frame: Buffer) => boolean

export const offsetCommit = 8

export interface Proxy {
  /** `host:port` */
  readonly address: string
}

export interface KafkaProxy extends Proxy {
  /** Breaks every connection that is open. */
  cut(): void
}

/** Stands before a ClickHouse server and shows every statement to the tap. */
export async function storeProxy(
  target: string,
  tap: StoreTap,
  onTestFinished: OnTestFinished
): Promise<Proxy> {
  const server = createHttpServer(async (incoming, outgoing) => {
    const body = await text(incoming)
    const sql = `${new URL(incoming.url ?? '/', target).searchParams.get('query') ?? ''}${body}`
    if (tap('statement', sql)) return
    const { method = 'POST', headers } = incoming
    const { 'transfer-encoding': _, ...kept } = headers
    const forwarded = httpRequest(new URL(incoming.url ?? '/', target), {
      method,
      headers: { ...kept, 'content-length': String(Buffer.byteLength(body)) }
    })
    forwarded.on('error', () => outgoing.destroy())
    forwarded.on('response', answer => {
      if (tap('answer', sql)) return
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.end(body)
  })
  return listening(server, onTestFinished)
}

/**
 * Stands before a broker and shows every request and answer to the tap. Where the broker names its own address in an
 * answer, the proxy's stands there instead, so that a client stays with the proxy. With `bytesPerSecond` all answers wait for
 * each other in one slow link.
 */
export async function kafkaProxy(
  bootstrap: string,
  tap: KafkaTap,
  onTestFinished: OnTestFinished,
  { bytesPerSecond = Number.POSITIVE_INFINITY } = {}
): Promise<KafkaProxy> {
  const [host = '', port = ''] = bootstrap.split(':')
  const sockets = new Set<Socket>()
  const send = Number.isFinite(bytesPerSecond) ? slowLink(bytesPerSecond, onTestFinished) : writeAtOnce
  const server = createServer(client => {
    const broker = connect(Number(port), host)
    const asked = new Map<number, number>()
    const own = (server.address() as AddressInfo).port
    for (const socket of [client, broker]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        broker.destroy()
      })
    }
    forEachFrame(client, frame => {
      const apiKey = frame.readInt16BE(lengthBytes)
      asked.set(frame.readInt32BE(lengthBytes + 4), apiKey)
      if (!tap('request', apiKey, frame)) broker.write(frame)
    })
    forEachFrame(broker, frame => {
      const apiKey = asked.get(frame.readInt32BE(lengthBytes)) ?? -1
      if (!tap('answer', apiKey, frame)) send(client, readdressed(frame, host, Number(port), own))
    })
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(cut)
  return { ...(await listening(server, onTestFinished)), cut }
}

type Send = (to: Socket, bytes: Buffer) => void

const writeAtOnce: Send = (to, bytes) => void to.write(bytes)
const linkTickMs = 20

/** Sends what it is given in order, in small pieces. */
function slowLink(bytesPerSecond: number, onTestFinished: OnTestFinished): Send {
  const pieceBytes = Math.ceil((bytesPerSecond * linkTickMs) / 1_000)
  const waiting: { readonly to: Socket; rest: Buffer }[] = []
  const ticking = setInterval(() => {
    for (let budget = pieceBytes; budget > 0 && waiting[0] !== undefined; ) {
      const { to, rest } = waiting[0]
      const piece = rest.subarray(0, to.destroyed ? 0 : budget)
      to.write(piece)
      budget -= piece.length
      if (piece.length === rest.length || to.destroyed) waiting.shift()
      else waiting[0].rest = rest.subarray(piece.length)
    }
  }, linkTickMs)
  onTestFinished(() => clearInterval(ticking))
  return (to, bytes) => void waiting.push({ to, rest: bytes })
}

async function listening(server: HttpServer | Server, onTestFinished: OnTestFinished): Promise<Proxy> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const lengthBytes = 4

/** Kafka's requests and answers each begin with their length. */
function forEachFrame(socket: Socket, take: (frame: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', chunk => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= lengthBytes && rest.length >= lengthBytes + rest.readInt32BE(0)) {
      const end = lengthBytes + rest.readInt32BE(0)
      take(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  })
}

/** The host stands before its port, a number of four bytes. */
function readdressed(frame: Buffer, host: string, port: number, own: number): Buffer {
  const address = Buffer.alloc(host.length + 4)
  address.write(host)
  address.writeInt32BE(port, host.length)
  for (let at = frame.indexOf(address); at >= 0; at = frame.indexOf(address, at + address.length)) {
    frame.writeInt32BE(own, at + host.length)
  }
  return frame
}
