import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { messageOf } from '../../telemetry/message.ts'
import { minuteMs } from '../../time/units.ts'
import { addApi } from './api.ts'
import { createAudit } from './audit.ts'
import { codeOf, type Faulty, type InboundOptions, refuse, type Way, words } from './context.ts'
import { addIntake, refuseIntake } from './intake-routes.ts'
import { addLinks } from './link-routes.ts'
import { addPagerDuty } from './pagerduty.ts'
import { addSlack } from './slack.ts'

const defaultRate = 120

/**
 * The ways by which people and services act on incidents. Bodies come as bytes: signatures are of bytes. Every request
 * of these paths is logged, accepted or refused.
 */
export async function addInbound(app: FastifyInstance, options: InboundOptions): Promise<void> {
  const { ratePerMinute: max = defaultRate, log } = options
  const audit = createAudit(log, () => options.operating.now())
  await app.register(rateLimit, { global: false })
  // Of requests that nobody signed alone: otherwise they would keep those out who may act.
  const countUnverified = app.createRateLimit({ max, timeWindow: minuteMs, keyGenerator: bucketOf })
  const way: Way = {
    ...options,
    audit,
    async isTooMany(request) {
      const limit = await countUnverified(request)
      return !limit.isAllowed && limit.isExceeded
    }
  }
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

  if (way.slackSigningSecret !== null) addSlack(app, way, way.slackSigningSecret)
  if (way.pagerdutyWebhookSecret !== null) addPagerDuty(app, way, way.pagerdutyWebhookSecret)
  if (way.linkSecret !== null)
    await app.register(async inner => addLinks(inner, way, way.linkSecret as string))
  await app.register(async inner => {
    if (way.intakeToken === null) refuseIntake(inner)
    else addIntake(inner, way, way.intake, way.intakeToken)
  })
  await app.register(async inner => addApi(inner, way))
}

/** A bucket for each way and remote address. */
const bucketOf = ({ ip, routeOptions }: FastifyRequest): string =>
  `${routeOptions.url?.split('/')[1] ?? ''} ${ip}`
