import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { acknowledge, lookForAcknowledging } from '../../operator/acknowledging.ts'
import { nameOf } from '../../operator/actions.ts'
import { bytesOf, codeOf, type Faulty, type Way } from './context.ts'
import { contentPolicy, linkPage, type PageState } from './link-page.ts'
import { readToken } from './tokens.ts'

const maxBytes = 2_048

type WithToken = { Params: { token: string } }

/**
 * /a/TOKEN: GET shows the incident and a form and changes nothing, since link previews send GET; the form's POST
 * acknowledges.
 */
export function addLinks(app: FastifyInstance, way: Way, secret: string): void {
  const { operating, audit, log, isTooMany } = way
  // People see this in a browser.
  way.restrict(app, 'links', (reply, code) =>
    show(reply, code, { kind: code === 403 ? 'forbidden' : 'refused' })
  )
  app.setErrorHandler(async (error: Faulty, request, reply) => {
    const code = codeOf(error)
    audit.refused(request, code === 503 ? 'unavailable' : String(code))
    if (code >= 500) log.error({ error }, 'the page of a link failed')
    return show(reply, code, { kind: code === 503 ? 'unavailable' : 'refused' })
  })

  app.get<WithToken>('/a/:token', async (request, reply) => {
    const read = readToken(secret, request.params.token, operating.now())
    if (read.kind !== 'good') return refused(request, reply, read)
    const { incidentId, severity } = read.claim
    const looked = await lookForAcknowledging(operating, incidentId, severity)
    return show(reply, looked.kind === 'unknown' ? 404 : 200, looked)
  })

  app.post<WithToken>('/a/:token', { bodyLimit: maxBytes }, async (request, reply) => {
    const nowMs = operating.now()
    const read = readToken(secret, request.params.token, nowMs)
    if (read.kind !== 'good') return refused(request, reply, read)
    const name = new URLSearchParams(bytesOf(request).toString()).get('by') ?? undefined
    const asked = { by: nameOf(name, 'somebody with the link'), via: 'link', at: nowMs } as const
    const { incidentId, severity } = read.claim
    const answered = await acknowledge(operating, incidentId, severity, asked)
    if (answered.kind === 'done') {
      audit.taken(request, answered.action)
      return show(reply, 200, { ...answered, by: asked.by })
    }
    audit.ignored(request, answered.kind)
    return show(reply, answered.kind === 'unknown' ? 404 : 409, answered)
  })

  async function refused(
    request: FastifyRequest,
    reply: FastifyReply,
    { kind }: { kind: 'bad' | 'expired' }
  ) {
    if (await isTooMany(request)) {
      audit.limited(request)
      return show(reply.header('retry-after', '60'), 429, { kind: 'refused' })
    }
    audit.unverified(request, `${kind}_link`)
    return kind === 'expired' ? show(reply, 410, { kind }) : show(reply, 404, { kind: 'bad_link' })
  }
}

function show(reply: FastifyReply, code: number, state: PageState): FastifyReply {
  return reply
    .code(code)
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': contentPolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex'
    })
    .serializer((page: string) => page)
    .send(linkPage(state))
}
