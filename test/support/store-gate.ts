import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request as httpRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Embedded, openEmbedded } from '../../src/store/embedded/open.ts'

/** How the store behaves to what asks it from now on. */
export type StoreMood =
  | { readonly kind: 'well' }
  /** Connections break at once. */
  | { readonly kind: 'away' }
  /** Statements arrive and are never answered. */
  | { readonly kind: 'silent' }
  /** Every answer comes this much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Inserts are refused with an error of ClickHouse's own, by its status and text. */
  | {
      readonly kind: 'refuses'
      readonly status: number
      readonly text: string
      /** Beside the code of the exception. */
      readonly headers?: Readonly<Record<string, string>>
    }

/** A real engine behind an address that stays when the engine is killed and started again. */
export interface StoreGate {
  /** The `store:` section that names it. */
  readonly section: Readonly<Record<string, string>>
  readonly engine: () => Embedded
  mood(mood: StoreMood): void
  /** Sees each statement before it goes on, and its answer before it comes back; true keeps it from doing so. */
  tap(tap: (passing: 'statement' | 'answer', sql: string) => boolean): void
  signalEngine(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
  /** Opens the engine again after it was killed. */
  reopen(): Promise<void>
  close(): Promise<void>
}

const user = 'through-the-gate'
const password = 'as-the-gate-knows'

/** Serves the engine of a folder through a gate that can fail as a ClickHouse server fails. */
export async function openStoreGate(folder: string): Promise<StoreGate> {
  let engine = await openEmbedded(folder)
  let mood: StoreMood = { kind: 'well' }
  let onPassing: (passing: 'statement' | 'answer', sql: string) => boolean = () => false
  const delays = new Set<NodeJS.Timeout>()

  const server = createServer(async (incoming, outgoing) => {
    if (mood.kind === 'away') return incoming.socket.resetAndDestroy()
    const body = await text(incoming).catch(() => undefined)
    if (body === undefined || mood.kind === 'silent') return
    const sql = `${new URL(incoming.url ?? '/', engine.url).searchParams.get('query') ?? ''}${body}`
    if (mood.kind === 'refuses' && sql.startsWith('INSERT')) return refuse(outgoing, mood)
    if (onPassing('statement', sql)) return
    const { 'transfer-encoding': _, authorization: _given, ...kept } = incoming.headers
    const basic = Buffer.from(`${engine.user}:${engine.password}`).toString('base64')
    const forwarded = httpRequest(new URL(incoming.url ?? '/', engine.url), {
      method: incoming.method ?? 'POST',
      headers: {
        ...kept,
        authorization: `Basic ${basic}`,
        'content-length': String(Buffer.byteLength(body))
      }
    })
    forwarded.on('error', () => outgoing.destroy())
    forwarded.on('response', answer => {
      if (onPassing('answer', sql)) return
      const pass = () => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.on('error', () => outgoing.destroy()).pipe(outgoing)
      }
      if (mood.kind !== 'slow') return pass()
      const delay = setTimeout(() => {
        delays.delete(delay)
        pass()
      }, mood.delayMs)
      delays.add(delay)
    })
    forwarded.end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const pidOf = () =>
    (JSON.parse(readFileSync(join(folder, 'endpoint.json'), 'utf8')) as { readonly pid: number }).pid

  return {
    section: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, user, password },
    engine: () => engine,
    mood(next) {
      mood = next
      // What was silent or slow is not answered any more: its asker has given up, or does so now.
      if (next.kind === 'well') server.closeAllConnections()
    },
    tap(next) {
      onPassing = next
    },
    signalEngine: signal => void process.kill(pidOf(), signal),
    async reopen() {
      engine = await openEmbedded(folder)
    },
    async close() {
      for (const delay of delays) clearTimeout(delay)
      server.close()
      server.closeAllConnections()
      await engine.close()
    }
  }
}

function refuse(outgoing: ServerResponse, { status, text: said, headers = {} }: Refusal): void {
  const code = /^Code: (\d+)/.exec(said)?.[1]
  const coded = code !== undefined && status !== 200 && { 'X-ClickHouse-Exception-Code': code }
  outgoing.writeHead(status, { ...headers, ...coded })
  outgoing.end(said)
}

type Refusal = Extract<StoreMood, { kind: 'refuses' }>
