import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AuditSink } from '../../audit/instance-audit.ts'
import type { Config } from '../../config/schema.ts'
import type { Logger } from '../../telemetry/types.ts'
import { minuteMs } from '../../time/units.ts'
import { createAddressList } from '../address-list.ts'
import { createAudit } from './audit.ts'
import { type Guard, refuseUnverified } from './context.ts'

const defaultRate = 120

export interface GuardOptions {
  /** Of a way that is not named, any address is let in. */
  readonly allow: Config['http']['allow']
  /** Requests a minute of one remote address and path that nobody signed, until they get 429. */
  readonly ratePerMinute: number | undefined
  readonly log: Logger
  readonly auditLog: AuditSink
  readonly now: () => number
}

/** Guards all ways in of this part of the server. */
export async function createGuard(app: FastifyInstance, options: GuardOptions): Promise<Guard> {
  const { allow, ratePerMinute: max = defaultRate, log, auditLog, now } = options
  await app.register(rateLimit, { global: false })
  // Of requests that nobody signed alone: otherwise they would keep those out who may act.
  const countUnverified = app.createRateLimit({ max, timeWindow: minuteMs, keyGenerator: bucketOf })
  const guard: Guard = {
    audit: createAudit(log, now, auditLog),
    async isTooMany(request) {
      const limit = await countUnverified(request)
      return !limit.isAllowed && limit.isExceeded
    },
    restrict(inner, way, answer) {
      const networks = allow[way]
      if (networks === undefined) return
      const isAllowed = createAddressList(networks)
      inner.addHook('onRequest', async (request, reply) => {
        if (isAllowed(request.ip)) return
        const refusal = { reason: 'address_not_allowed', code: 403, answer }
        return refuseUnverified(guard, request, reply, refusal)
      })
    }
  }
  return guard
}

/** A bucket for each first part of a path and remote address. */
const bucketOf = ({ ip, routeOptions }: FastifyRequest): string =>
  `${routeOptions.url?.split('/')[1] ?? ''} ${ip}`
