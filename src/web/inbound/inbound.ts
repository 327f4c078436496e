import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WayIn } from '../../config/http.ts'
import type { Config } from '../../config/schema.ts'
import { messageOf } from '../../telemetry/message.ts'
import { createAccess } from '../access/access.ts'
import { addApi, refuseApi } from './api.ts'
import { codeOf, type Faulty, refuse, type Way, words } from './context.ts'
import { addIntake, refuseIntake } from './intake-routes.ts'
import { addLinks } from './link-routes.ts'
import { addPagerDuty } from './pagerduty.ts'
import { addSlack } from './slack.ts'

/**
 * The ways by which people and services act on incidents. Bodies come as bytes: signatures are of bytes. Every request
 * of these paths is logged, accepted or refused.
 */
export async function addInbound(app: FastifyInstance, way: Way, http: Config['http']): Promise<void> {
  const { audit, log, secrets } = way
  const { linkSecret, slackSigningSecret, pagerdutyWebhookSecret, intakeToken } = secrets()
  app.removeAllContentTypeParsers()
  const taken = ['application/json', 'application/x-www-form-urlencoded']
  app.addContentTypeParser(
    taken,
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => body
  )

  app.setErrorHandler(async (error: Faulty, request, reply) => {
    const code = codeOf(error)
    audit.refused(request, words.get(code) ?? 'bad_request')
    if (code >= 500)
      log.error({ error: messageOf(error), route: request.routeOptions.url }, 'inbound request failed')
    return refuse(reply, code)
  })

  const add = (name: WayIn, routes: (inner: FastifyInstance) => void) =>
    app.register(async inner => {
      way.restrict(inner, name)
      routes(inner)
    })
  const slack = { key: 'http.slack_signing_secret', secrets: () => secrets().slackSigningSecret ?? [] }
  if (slackSigningSecret !== null) await add('slack', inner => addSlack(inner, way, slack))
  const pagerduty = {
    key: 'http.pagerduty_webhook_secret',
    secrets: () => secrets().pagerdutyWebhookSecret ?? []
  }
  if (pagerdutyWebhookSecret !== null) await add('pagerduty', inner => addPagerDuty(inner, way, pagerduty))
  if (linkSecret !== null) await app.register(async inner => addLinks(inner, way, linkSecret))
  await add('intake', inner => {
    const tokens = { key: 'http.intake_token', secrets: () => secrets().intakeToken ?? [] }
    if (intakeToken === null) refuseIntake(inner)
    else addIntake(inner, way, way.intake, tokens)
  })
  await add('api', inner => {
    const access = createAccess({ http, secrets, guard: way, now: way.operating.now })
    if (access.isOff) refuseApi(inner)
    else addApi(inner, way, access)
  })
}
