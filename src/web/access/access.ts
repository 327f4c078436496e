import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config/schema.ts'
import { nameOf } from '../../operator/actions.ts'
import { createAddressList } from '../address-list.ts'
import type { Role } from '../api/session.ts'
import { type Guard, headerOf, refuseUnverified } from '../inbound/context.ts'
import { isSame, placeOf } from '../inbound/signatures.ts'
import { isOfThisMachine, isOpen } from './open.ts'
import { isOwnChange } from './origin.ts'
import { type Requester, setRequester } from './requester.ts'
import { cookieIn, createSessions, type SignInSecret } from './session.ts'

export interface AccessOptions {
  /** As it was at the start: which ways are open is decided once. */
  readonly http: Config['http']
  /** As they are now. */
  readonly secrets: () => Pick<Config['http'], 'apiToken' | 'viewToken' | 'password' | 'viewPassword'>
  readonly guard: Guard
  readonly now: () => number
}

export type Access = ReturnType<typeof createAccess>

/** Who may use the API: by a token, a session, a proxy that signed them in, or because only this machine can ask. */
export function createAccess({ http, secrets, guard, now }: AccessOptions) {
  const open = isOpen(http)
  const { userHeader, trustedProxies, operators, publicUrl } = http
  const isProxy = createAddressList(trustedProxies ?? [])
  const signIn = (): readonly SignInSecret[] => {
    const { password, apiToken, viewPassword, viewToken } = secrets()
    return [
      ...[...(password ?? []), ...(apiToken ?? [])].map(secret => ({ secret, role: 'operate' }) as const),
      ...[...(viewPassword ?? []), ...(viewToken ?? [])].map(secret => ({ secret, role: 'view' }) as const)
    ]
  }
  const sessions = createSessions(signIn)

  function byToken(request: FastifyRequest, given: string): Requester | undefined {
    const { apiToken, viewToken } = secrets()
    const ways: readonly [Role, string, readonly string[]][] = [
      ['operate', 'http.api_token', apiToken ?? []],
      ['view', 'http.view_token', viewToken ?? []]
    ]
    const places = ways.map(([, , tokens]) => placeOf(tokens, token => isSame(given, `Bearer ${token}`)))
    const way = places.findIndex(place => place >= 0)
    const [role, key] = ways[way] ?? []
    if (role === undefined || key === undefined) return undefined
    guard.audit.verified(request, key, places[way] ?? 0)
    return { name: null, role, by: 'token', expiresAt: null }
  }

  function byProxy(request: FastifyRequest): Requester | undefined {
    if (userHeader === null || !isProxy(request.socket.remoteAddress ?? '')) return undefined
    const name = nameOf(headerOf(request, userHeader), '')
    if (name === '') return undefined
    const role = operators === null || operators.includes(name) ? 'operate' : 'view'
    return { name, role, by: 'proxy', expiresAt: null }
  }

  function bySession(request: FastifyRequest): Requester | undefined {
    const session = sessions.read(cookieIn(headerOf(request, 'cookie')) ?? '', now())
    return session && { ...session, by: 'password' }
  }

  function requesterIn(request: FastifyRequest): Requester | undefined {
    const given = headerOf(request, 'authorization')
    // Whoever names a token is nobody else.
    if (given?.startsWith('Bearer ')) return byToken(request, given)
    const found = byProxy(request) ?? bySession(request)
    if (found !== undefined) return found
    return open && isOfThisMachine(request)
      ? { name: null, role: 'operate', by: 'open', expiresAt: null }
      : undefined
  }

  return {
    sessions,
    signIn,
    publicUrl,
    /** Nobody could be let in. */
    isOff: !open && userHeader === null && signIn().length === 0,
    /** Refuses who may not ask, or may not change what they ask to change. */
    async check(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
      const requester = requesterIn(request)
      if (requester === undefined) {
        const challenge = reply.header('www-authenticate', 'Bearer')
        return refuseUnverified(guard, request, challenge, { reason: 'unauthorized', code: 401 })
      }
      setRequester(request, requester)
      if (request.method === 'GET' || request.method === 'HEAD') return undefined
      if (requester.by !== 'token' && !isOwnChange(request, publicUrl))
        return refuseUnverified(guard, request, reply, { reason: 'another_origin', code: 403 })
      return undefined
    }
  }
}
