import type { EnvHttpProxyAgent, fetch, request as send } from 'undici'
import { proxiesOf } from './proxies.ts'

/** Loaded by the first request: a start makes none. */
const library = () => import('undici')

/** A pool of connections that goes through the proxies of the environment. */
export type Outbound = EnvHttpProxyAgent

export interface OutboundOptions {
  /** Of a connection, of the wait for headers, and of each wait in a body. */
  readonly timeoutMs: number
  /** To one origin. */
  readonly connections: number
  readonly keepAliveMs: number
}

export async function createOutbound({
  timeoutMs,
  connections,
  keepAliveMs
}: OutboundOptions): Promise<Outbound> {
  const { EnvHttpProxyAgent } = await library()
  const { httpProxy = '', httpsProxy = '', noProxy } = proxiesOf(process.env)
  return new EnvHttpProxyAgent({
    // Blank rather than undefined: undici would read the environment itself.
    httpProxy,
    httpsProxy,
    noProxy,
    connections,
    keepAliveTimeout: keepAliveMs,
    connect: { timeout: timeoutMs },
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs
  })
}

export const request = async (...args: Parameters<typeof send>) => (await library()).request(...args)

const bodiless: ReadonlySet<number> = new Set([101, 204, 205, 304])

/**
 * `fetch` through the proxies of the environment, for what is asked now and then: the answer's body is read to its end,
 * and no connection is kept. Its bound is the caller's signal.
 */
export async function fetchOutbound(
  url: string | URL,
  init: Omit<NonNullable<Parameters<typeof fetch>[1]>, 'dispatcher'> = {}
): Promise<Response> {
  const { fetch } = await library()
  const outbound = await createOutbound({ timeoutMs: 30_000, connections: 1, keepAliveMs: 1_000 })
  try {
    const answer = await fetch(url, { ...init, dispatcher: outbound })
    const body = await answer.arrayBuffer()
    const { status, statusText } = answer
    // Made anew, because a Response of undici is none of the platform's, and clients ask for one of these.
    return new Response(bodiless.has(status) ? null : body, {
      status,
      statusText,
      headers: [...answer.headers]
    })
  } finally {
    await outbound.destroy()
  }
}
