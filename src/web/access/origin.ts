import type { FastifyRequest } from 'fastify'

/**
 * A change that a browser sends with what it holds (a cookie, an address, a proxy's sign-in) must come from our own page and be
 * JSON, which no form of another site can send. Programs name no origin.
 */
export function isOwnChange(request: FastifyRequest, publicUrl: string | null): boolean {
  const { headers, host, method } = request
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin } = headers
  if (origin !== undefined && !isOwnOrigin(origin, host, publicUrl)) return false
  return method === 'DELETE' || /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')
}

function isOwnOrigin(origin: string, host: string, publicUrl: string | null): boolean {
  const { host: from, origin: whole } = URL.parse(origin) ?? {}
  return (
    from !== undefined && (from === host || (publicUrl !== null && whole === URL.parse(publicUrl)?.origin))
  )
}
