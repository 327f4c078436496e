import type { FastifyRequest } from 'fastify'
import type { AuditSink } from '../../audit/instance-audit.ts'
import type { Change } from '../../incident/changes.ts'
import type { OperatorAction } from '../../incident/types.ts'
import { eventOfAction } from '../../operator/action-event.ts'
import { eventOfChange } from '../../operator/changing.ts'
import type { Logger } from '../../telemetry/types.ts'
import { dayMs, minuteMs } from '../../time/units.ts'

/**
 * A line for every request of a person or a service, taken or refused. None holds a secret or a body. What was done, and
 * who was not let in, is in the audit log, too.
 */
export type Audit = ReturnType<typeof createAudit>

export function createAudit(log: Logger, now: () => number, sink: AuditSink) {
  const oldUsedAt = new Map<string, number>()
  const limited = new Map<string, { readonly at: number; count: number }>()

  const line = (request: FastifyRequest) => ({
    remote: request.ip,
    method: request.method,
    // The pattern of the route: the path itself may hold a token.
    route: request.routeOptions.url
  })
  return {
    taken(request: FastifyRequest, taken: OperatorAction) {
      const { id, action, by, via, incidentId, severity, silence } = taken
      const what = { action: id, does: action, by, via, incident: incidentId, severity, silence: silence?.id }
      const correlation = incidentId === null ? {} : { correlation_id: incidentId }
      log.info({ ...line(request), ...what, ...correlation }, 'inbound request taken')
      sink.record({ ...eventOfAction(taken), origin: request.ip })
    },
    /** Somebody told of a change. */
    told(request: FastifyRequest, change: Change, nowMs: number) {
      const { id, kind, by, via } = change
      log.info({ ...line(request), change: id, kind, by, via }, 'inbound request taken')
      sink.record({ ...eventOfChange(change, nowMs), origin: request.ip })
    },
    /** What was asked is no business of ours, or was taken before. */
    ignored: (request: FastifyRequest, reason: string) =>
      log.info({ ...line(request), reason }, 'inbound request ignored'),
    refused: (request: FastifyRequest, reason: string) =>
      log.warn({ ...line(request), reason }, 'inbound request refused'),
    /** By which of the secrets of a key: once a day it is said that an old one is still in use. */
    verified(request: FastifyRequest, key: string, place: number) {
      if (place < 1) return
      const used = `${key} ${place}`
      if (now() - (oldUsedAt.get(used) ?? Number.NEGATIVE_INFINITY) < dayMs) return
      oldUsedAt.set(used, now())
      const fields = { ...line(request), key, place: place + 1 }
      log.info(fields, 'an old secret is still in use: keep it until this line no longer comes')
    },
    /** Whoever sent it may not: the token or the signature is wrong, or the address. */
    unverified(request: FastifyRequest, reason: string) {
      log.warn({ ...line(request), reason }, 'inbound request refused')
      sink.refused({ way: wayOf(request), reason, origin: request.ip })
    },
    /** Too many of one way that nobody signed: a line a minute, with their number since the last one. */
    limited(request: FastifyRequest) {
      sink.refused({ way: wayOf(request), reason: 'too_many_requests', origin: request.ip })
      const { url = '' } = request.routeOptions
      const last = limited.get(url)
      const count = (last?.count ?? 0) + 1
      if (last !== undefined && now() - last.at < minuteMs) {
        last.count = count
        return
      }
      limited.set(url, { at: now(), count: 0 })
      log.warn({ ...line(request), reason: 'too_many_requests', count }, 'inbound request refused')
    }
  }
}

/** Of the pattern of its route. */
function wayOf({ routeOptions: { url = '' } }: FastifyRequest): string {
  if (/^\/api\/(alerts|rate)\b/.test(url)) return 'intake'
  const [, first = ''] = url.split('/')
  return first === 'a' ? 'link' : ways.has(first) ? first : 'operations'
}

const ways: ReadonlySet<string> = new Set(['slack', 'pagerduty', 'api'])
