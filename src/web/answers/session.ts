import type { FastifyInstance, FastifyRequest } from 'fastify'
import { nameOf } from '../../operator/actions.ts'
import { expectedOf } from '../../telemetry/expected.ts'
import { wrongInput } from '../../telemetry/wrong-input.ts'
import type { Access } from '../access/access.ts'
import { createFailures } from '../access/failures.ts'
import { isOwnChange } from '../access/origin.ts'
import type { Requester } from '../access/requester.ts'
import { cookieOf, sessionMs } from '../access/session.ts'
import { routes } from '../api/routes.ts'
import { type SessionAnswer, sessionBody } from '../api/session.ts'
import { bytesOf, jsonOf, refuse, refuseUnverified, type Way } from '../inbound/context.ts'
import { isSame, placeOf } from '../inbound/signatures.ts'
import { badRequest, serve } from './serve.ts'

/** GET /api/session, for those who were let in. */
export function addSession(app: FastifyInstance, way: Way): void {
  serve(app, way, routes.session, async ({ requester }) => viewOf(requester))
}

const viewOf = ({ name, role, by, expiresAt }: Requester): SessionAnswer => ({
  ...{ name, role, by },
  expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString()
})

/** POST and DELETE /api/session: signs in and out. Beside the part that lets in only who has. */
export function addSignIn(app: FastifyInstance, way: Way, access: Access): void {
  const { operating, audit, auditLog } = way
  const failures = createFailures(operating.now)
  const isSecure = ({ protocol }: FastifyRequest) =>
    protocol === 'https' || access.publicUrl?.startsWith('https:') === true

  app.post(routes.signIn.path, { bodyLimit: 4_096 }, async (request, reply) => {
    if (!isOwnChange(request, access.publicUrl))
      return refuseUnverified(way, request, reply, { reason: 'another_origin', code: 403 })
    if (failures.isTooMany(request.ip)) {
      audit.limited(request)
      return refuse(reply.header('retry-after', '60'), 429)
    }
    const sent = jsonOf(bytesOf(request))
    const body = sessionBody.safeParse(sent, { error: expectedOf })
    if (!body.success) return badRequest(reply, wrongInput(body.error, sent))
    const secrets = access.signIn()
    const found =
      secrets[
        placeOf(
          secrets.map(({ secret }) => secret),
          one => isSame(one, body.data.password)
        )
      ]
    if (found === undefined) {
      failures.add(request.ip)
      return refuseUnverified(way, request, reply, { reason: 'wrong_password', code: 401 })
    }
    const { role, secret } = found
    const name = nameOf(body.data.name, 'somebody')
    const expiresAt = operating.now() + sessionMs
    const cookie = access.sessions.sign({ name, role, expiresAt }, secret)
    auditLog.record({
      ...{ action: 'signed_in', at: operating.now(), actor: name, via: 'api', origin: request.ip },
      details: { role }
    })
    return reply
      .header('set-cookie', cookieOf(cookie, { maxAgeMs: sessionMs, isSecure: isSecure(request) }))
      .send(viewOf({ name, role, by: 'password', expiresAt }))
  })

  app.delete(routes.signOut.path, async (request, reply) => {
    if (!isOwnChange(request, access.publicUrl))
      return refuseUnverified(way, request, reply, { reason: 'another_origin', code: 403 })
    return reply.header('set-cookie', cookieOf('', { maxAgeMs: 0, isSecure: isSecure(request) })).send({})
  })
}
