import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'

/** A request as it came to a receiver, whatever was answered. */
export interface Arrival {
  /** The name of the receiver. */
  readonly to: string
  readonly at: number
  readonly path: string
  readonly body: string
  /** 0 if it was never answered. */
  readonly status: number
}

export interface Front {
  readonly origin: string
  readonly arrivals: readonly Arrival[]
  close(): Promise<void>
}

const hangsOf = 0.01

/**
 * A proxy in front of the receivers of an inbox: it answers a third of the requests 429 or 500, one in a hundred never,
 * and forwards the rest. `onArrival` is called after each answer.
 */
export async function openFront(inbox: string, random: () => number, onArrival: () => void): Promise<Front> {
  const arrivals: Arrival[] = []

  async function answer(path: string, body: string, incoming: IncomingMessage) {
    const chance = random()
    if (chance < 1 / 6) return { status: 429, text: 'rate_limited', headers: { 'retry-after': '1' } }
    if (chance < 1 / 3) return { status: 500, text: 'internal error', headers: {} }
    if (chance < 1 / 3 + hangsOf) return undefined
    const { authorization, 'content-type': type = '' } = incoming.headers
    const reply = await request(`${inbox}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, ...(authorization !== undefined && { authorization }) }
    })
    return { status: reply.statusCode, text: await reply.body.text(), headers: {} }
  }

  const server = createServer(async (incoming, outgoing) => {
    const at = performance.now()
    const path = incoming.url ?? ''
    const body = await textOf(incoming)
    const answered = await answer(path, body, incoming)
    arrivals.push({ to: receiverOf(path), at, path, body, status: answered?.status ?? 0 })
    if (answered) outgoing.writeHead(answered.status, answered.headers).end(answered.text)
    onArrival()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

function receiverOf(path: string): string {
  if (path.startsWith('/api/')) return 'slack-bot'
  if (path.startsWith('/v2/')) return 'pagerduty'
  return /([a-z]+-\d)-0123456789abcdef$/.exec(path)?.[1] ?? path
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
