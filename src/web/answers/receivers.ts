import type { FastifyInstance } from 'fastify'
import { routedKinds } from '../../config/routes.ts'
import { withMembers } from '../../routing/group.ts'
import type { Segment } from '../../window/segment.ts'
import { isSegment } from '../../window/segment.ts'
import type { ReceiversAnswer, RoutesTestAnswer } from '../api/receivers.ts'
import { routes } from '../api/routes.ts'
import { refuse, type Way } from '../inbound/context.ts'
import { readAsked } from './asked.ts'
import type { LiveReceiverFacts } from './live-facts.ts'
import { badRequest, serve } from './serve.ts'

/** Receivers, and which way an alert takes to them. */
export function addReceivers(app: FastifyInstance, way: Way): void {
  const { operating, shop, audit, auditLog } = way

  serve(app, way, routes.receivers, async (): Promise<ReceiversAnswer> => {
    const { receivers, alerts } = shop.config()
    const { isActive, receivers: live } = shop.live()
    const byName = new Map(isActive ? live.map(one => [one.name, one]) : [])
    return {
      alerts: alerts ? 'on' : 'off',
      receivers: [...receivers].map(([name, { type }]) => ({ name, type, live: liveOf(byName.get(name)) }))
    }
  })

  serve(app, way, routes.sendTest, async ({ sent, requester, params, request, reply }) => {
    const name = params['name'] ?? ''
    const who = readAsked(sent, requester, operating.now())
    if (who.kind === 'wrong') {
      audit.refused(request, 'bad_request')
      return badRequest(reply, who.message)
    }
    const result = await shop.sendTest(name)
    if (result === undefined) {
      audit.ignored(request, 'unknown')
      return refuse(reply, 404)
    }
    const { by, via, at } = who.asked
    const details = { accepted: result.accepted ? [name] : [] }
    auditLog.record({ action: 'test_sent', at, actor: by, via, origin: request.ip, subject: name, details })
    return { receiver: name, ...result }
  })

  serve(app, way, routes.routesTest, async ({ query, reply }): Promise<RoutesTestAnswer | typeof reply> => {
    const { kind, severity, segment } = query
    if (!routedKinds.includes(kind)) return badRequest(reply, `kind is none of ${routedKinds.join(', ')}`)
    if (!isSegment(segment))
      return badRequest(reply, 'segment is none; expected all, or a value such as country=DE')
    const atMs = query.at === undefined ? operating.now() : Date.parse(query.at)
    return testOf(way, { kind, severity, segment }, atMs)
  })
}

const liveOf = (facts: LiveReceiverFacts | undefined): ReceiversAnswer['receivers'][number]['live'] =>
  facts === undefined
    ? null
    : {
        waiting: facts.waiting,
        next_at: facts.nextAt === null ? null : new Date(facts.nextAt).toISOString(),
        breaker: facts.breaker,
        last: facts.last === undefined ? null : { outcome: facts.last.outcome, answer: facts.last.answer }
      }

interface Tested {
  readonly kind: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  readonly segment: Segment
}

function testOf({ shop }: Way, subject: Tested, atMs: number): RoutesTestAnswer {
  const routing = shop.routing()
  const { groups } = shop.config()
  const policy = routing.policyOf(subject, atMs)
  return {
    at: new Date(atMs).toISOString(),
    labels: { ...routing.labelled(subject).labels },
    routes: routing
      .path(subject, atMs)
      .map(({ receivers, outcome, why }) => ({ receivers: [...receivers], outcome, why })),
    receivers: routing.names(subject, atMs).map(name => withMembers(name, groups)),
    digested: routing.isDigested(subject),
    escalation:
      policy === undefined
        ? null
        : {
            policy,
            levels: routing
              .levelsOf(policy)
              .map(({ afterMs, receivers }) => ({ after_ms: afterMs, receivers: [...receivers] }))
          }
  }
}
