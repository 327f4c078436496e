import type { FastifyRequest } from 'fastify'

/**
 * A change that a browser sends with what it holds (a cookie, an address, a proxy's sign-in) must come from our own page and be
 * JSON, which no form of another site can send. Programs name no origin.
 */
export function isOwnChange(request: FastifyRequest, publicUrl: string | null): boolean {
  const { headers, host, method } = request
  const { origin, 'sec-fetch-site': site } = headers
  // Where a browser says it, it knows better than a host that a proxy may have changed on the way.
  const isOwn =
    site === undefined
      ? origin === undefined || isOwnOrigin(origin, host, publicUrl)
      : site === 'same-origin' || site === 'none'
  return isOwn && (method === 'DELETE' || /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
}

function isOwnOrigin(origin: string, host: string, publicUrl: string | null): boolean {
  const { host: from, origin: whole } = URL.parse(origin) ?? {}
  return (
    from !== undefined && (from === host || (publicUrl !== null && whole === URL.parse(publicUrl)?.origin))
  )
}
