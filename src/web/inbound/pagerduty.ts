import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type Severity, severities } from '../../../detectors/types.ts'
import { acknowledge } from '../../operator/acknowledging.ts'
import { nameOf } from '../../operator/actions.ts'
import { dayMs } from '../../time/units.ts'
import { bytesOf, headerOf, jsonOf, type Rotating, refuseUnverified, type Way } from './context.ts'
import { createSeen } from './replay-guard.ts'
import { verifyPagerDuty } from './signatures.ts'

/** As much of an event of webhooks v3 as is read here. */
const eventSchema = z.object({
  event: z.object({
    id: z.string().min(1).max(255),
    event_type: z.string(),
    agent: z.object({ type: z.string(), summary: z.string().nullish() }).nullish(),
    data: z.object({ incident_key: z.string().nullish() })
  })
})

const maxBytes = 262_144
/** Longer than PagerDuty repeats an event. */
const rememberedMs = 2 * dayMs
const actingTypes: ReadonlySet<string> = new Set(['incident.acknowledged', 'incident.resolved'])

/**
 * POST /pagerduty/webhook: an incident that a person acknowledges or resolves in PagerDuty is acknowledged here. Other
 * events are ignored: our own come back this way.
 */
export function addPagerDuty(app: FastifyInstance, way: Way, { key: secretKey, secrets }: Rotating): void {
  const { operating, audit } = way
  const seen = createSeen({ forMs: rememberedMs, most: 10_000 })

  app.post('/pagerduty/webhook', { bodyLimit: maxBytes }, async (request, reply) => {
    const body = bytesOf(request)
    const verified = verifyPagerDuty(secrets(), body, headerOf(request, 'x-pagerduty-signature'))
    if (verified.kind === 'wrong')
      return refuseUnverified(way, request, reply, { reason: verified.reason, code: 401 })
    audit.verified(request, secretKey, verified.place)
    const ignore = (reason: string) => {
      audit.ignored(request, reason)
      return { status: 'ignored' }
    }
    const parsed = eventSchema.safeParse(jsonOf(body))
    if (!parsed.success) return ignore('another_event')
    const { id, event_type: type, agent, data } = parsed.data.event
    if (!actingTypes.has(type)) return ignore('another_event')
    if (agent?.type !== 'user_reference') return ignore('no_person')
    const key = readKey(data.incident_key ?? '')
    if (key === undefined) return ignore('not_ours')
    const nowMs = operating.now()
    if (!seen.add(id, nowMs)) return ignore('seen_before')
    try {
      const by = nameOf(agent.summary ?? undefined, 'somebody in PagerDuty')
      const asked = { by, via: 'pagerduty', at: nowMs, request: id } as const
      const answered = await acknowledge(operating, key.incidentId, key.severity, asked)
      if (answered.kind !== 'done') return ignore(answered.kind)
      audit.taken(request, answered.action)
      return { status: 'taken' }
    } catch (error) {
      seen.forget(id)
      throw error
    }
  })
}

const keyPattern = new RegExp(`^cartwatch-(.+)-(${severities.join('|')})(?:-\\d+)?$`)

/** The incident and severity of one of our dedup keys; undefined for any other. */
function readKey(key: string): { incidentId: string; severity: Severity } | undefined {
  const [, incidentId, severity] = keyPattern.exec(key) ?? []
  return incidentId === undefined ? undefined : { incidentId, severity: severity as Severity }
}
