import type { FastifyRequest } from 'fastify'
import type { Role, SessionAnswer } from '../api/session.ts'

/** Who asks, and what they may. */
export interface Requester {
  /** Null of a program, and of somebody at this machine: such a request says itself who it is. */
  readonly name: string | null
  readonly role: Role
  readonly by: SessionAnswer['by']
  /** Of a session; null of others. */
  readonly expiresAt: number | null
}

/** Its own, as the hook of the guarded part found them: a request without one never reaches a handler there. */
const requesters = new WeakMap<FastifyRequest, Requester>()

export const setRequester = (request: FastifyRequest, requester: Requester): void =>
  void requesters.set(request, requester)

export function requesterOf(request: FastifyRequest): Requester {
  const requester = requesters.get(request)
  if (requester === undefined) throw new Error('a handler outside of the guarded part asks who it is')
  return requester
}
