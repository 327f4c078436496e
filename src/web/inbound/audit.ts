import type { FastifyRequest } from 'fastify'
import type { OperatorAction } from '../../incident/types.ts'
import type { Logger } from '../../telemetry/types.ts'
import { minuteMs } from '../../time/units.ts'

/** A line for every request of a person or a service, taken or refused. None holds a secret or a body. */
export type Audit = ReturnType<typeof createAudit>

export function createAudit(log: Logger, now: () => number) {
  const limited = new Map<string, { readonly at: number; count: number }>()

  const line = (request: FastifyRequest) => ({
    remote: request.ip,
    method: request.method,
    // The pattern of the route: the path itself may hold a token.
    route: request.routeOptions.url
  })
  return {
    taken(request: FastifyRequest, { id, action, by, via, incidentId, severity, silence }: OperatorAction) {
      const what = { action: id, does: action, by, via, incident: incidentId, severity, silence: silence?.id }
      const correlation = incidentId === null ? {} : { correlation_id: incidentId }
      log.info({ ...line(request), ...what, ...correlation }, 'inbound request taken')
    },
    /** What was asked is no business of ours, or was taken before. */
    ignored: (request: FastifyRequest, reason: string) =>
      log.info({ ...line(request), reason }, 'inbound request ignored'),
    refused: (request: FastifyRequest, reason: string) =>
      log.warn({ ...line(request), reason }, 'inbound request refused'),
    /** Too many of one way that nobody signed: a line a minute, with their number since the last one. */
    limited(request: FastifyRequest) {
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
