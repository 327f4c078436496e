import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { rateKeyOf } from '../../incident/service-alert.ts'
import { readAlertmanager } from '../../intake/alertmanager.ts'
import { id, kindNames, type ReadAlert, readAlert, type SentAlert } from '../../intake/format.ts'
import type { Accepted, Intake } from '../../intake/intake.ts'
import { expectedOf } from '../../telemetry/expected.ts'
import { wrongInput } from '../../telemetry/wrong-input.ts'
import { secondMs } from '../../time/units.ts'
import { bytesOf, jsonOf, type Rotating, requireToken, type Way } from './context.ts'

const options = { bodyLimit: 262_144 }
const mostAlerts = 100

const rateQuery = z.object({
  kind: z.enum(kindNames),
  model_id: id
})

/** Alerts of other services, under /api/alerts, for requests with a token that can do nothing else. */
export function addIntake(app: FastifyInstance, way: Way, intake: Intake, tokens: Rotating): void {
  const { audit } = way

  requireToken(app, way, tokens)

  const badRequest = (request: FastifyRequest, reply: FastifyReply, message: string): FastifyReply => {
    audit.refused(request, 'bad_request')
    return reply.code(400).send({ error: 'bad_request', message })
  }

  app.post('/api/alerts', options, async (request, reply) => {
    const sent = jsonOf(bytesOf(request))
    if (sent === undefined) return badRequest(request, reply, 'expected JSON')
    if (!Array.isArray(sent)) {
      const read = readAlert(sent)
      if (read.kind === 'wrong') return badRequest(request, reply, read.message)
      const [result] = await intake.accept([read.alert])
      return answerOne(reply, result as Accepted)
    }
    if (sent.length === 0 || sent.length > mostAlerts)
      return badRequest(request, reply, `expected 1 to ${mostAlerts} alerts in the list`)
    const read = sent.map((one, index): ReadAlert => readAlert(one, [index]))
    const wrong = read.flatMap(one => (one.kind === 'wrong' ? [one.message] : []))
    if (wrong.length > 0) return badRequest(request, reply, wrong.join('. '))
    return answerAll(reply, await intake.accept(read.flatMap(alertIn)))
  })

  app.post('/api/alerts/alertmanager', options, async (request, reply) => {
    const read = readAlertmanager(jsonOf(bytesOf(request)))
    if (read.kind === 'wrong') return badRequest(request, reply, read.message)
    return answerAll(reply, await intake.accept(read.alerts))
  })

  app.get('/api/rate', async (request, reply) => {
    const query = rateQuery.safeParse(request.query, { error: expectedOf })
    if (!query.success) return badRequest(request, reply, wrongInput(query.error, request.query))
    const { kind, model_id: model } = query.data
    const named = kind === 'faves' ? 'policy_violation' : kind
    const segment = named === 'alert' ? (`service=${model}` as const) : (`model=${model}` as const)
    const waitMs = await intake.waitMs(rateKeyOf({ kind: named, segment }))
    return { allowed: waitMs === 0, retry_after_s: secondsOf(waitMs) }
  })
}

const alertIn = (read: ReadAlert): SentAlert[] => (read.kind === 'right' ? [read.alert] : [])

const secondsOf = (ms: number): number => Math.ceil(ms / secondMs)

function answerOne(reply: FastifyReply, result: Accepted): FastifyReply {
  if (result.status !== 'rate_limited') return reply.code(202).send(viewOf(result))
  const seconds = secondsOf(result.retryAfterMs)
  return refuseRate(reply, seconds, {
    message: `Too many alerts of this kind and model: the next one is accepted in ${seconds} s.`
  })
}

/** 429 only where none was accepted: else a sender would send them again. */
function answerAll(reply: FastifyReply, results: readonly Accepted[]): FastifyReply {
  const waits = results.map(result => (result.status === 'rate_limited' ? result.retryAfterMs : 0))
  const views = { results: results.map(viewOf) }
  return results.length > 0 && waits.every(wait => wait > 0)
    ? refuseRate(reply, secondsOf(Math.min(...waits)), views)
    : reply.code(202).send(views)
}

const refuseRate = (reply: FastifyReply, seconds: number, more: object): FastifyReply =>
  reply
    .header('retry-after', String(seconds))
    .code(429)
    .send({ error: 'rate_limited', retry_after_s: seconds, ...more })

const viewOf = (result: Accepted) =>
  result.status === 'rate_limited'
    ? { status: result.status, retry_after_s: secondsOf(result.retryAfterMs) }
    : { status: result.status, incident: result.incidentId }

/** Without a token the intake is off, and says so. */
export function refuseIntake(app: FastifyInstance): void {
  const message = 'The intake of alerts is off: http.intake_token (CARTWATCH_INTAKE_TOKEN) turns it on.'
  for (const url of ['/api/alerts', '/api/alerts/alertmanager'])
    app.post(url, options, async (_request, reply) => reply.code(404).send({ error: 'not_found', message }))
}
