import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface TokenRequest {
  readonly authorization: string | undefined
  /** The form that was sent. */
  readonly form: Readonly<Record<string, string>>
}

export interface TokenAnswer {
  readonly status?: number
  readonly headers?: IncomingHttpHeaders
  /** A text as it is, anything else as JSON. */
  readonly body: unknown
}

export interface TokenEndpoint {
  readonly url: string
  readonly requests: readonly TokenRequest[]
  close(): Promise<void>
}

/** An OAuth token endpoint on loopback that answers what it is told to. */
export async function startTokenEndpoint(answer: () => TokenAnswer): Promise<TokenEndpoint> {
  const requests: TokenRequest[] = []
  const server = createServer(async (incoming, outgoing) => {
    const form = Object.fromEntries(new URLSearchParams(await text(incoming)))
    requests.push({ authorization: incoming.headers.authorization, form })
    const { status = 200, headers = {}, body } = answer()
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers })
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

/** What a token endpoint answers where it gives one: a JSON web token that nobody signed. */
export function unsignedToken(nowMs: number, lifeSeconds = 300): TokenAnswer {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const iat = Math.floor(nowMs / 1_000)
  const token = `${encode({ alg: 'none' })}.${encode({ sub: 'cartwatch', iat, exp: iat + lifeSeconds })}.`
  return { body: { access_token: token, token_type: 'Bearer', expires_in: Math.max(0, lifeSeconds) } }
}
