import type { FastifyInstance } from 'fastify'
import { expectedOf } from '../../telemetry/expected.ts'
import { wrongInput } from '../../telemetry/wrong-input.ts'
import { routes } from '../api/routes.ts'
import { type TuneAnswer, tuneBody } from '../api/tune.ts'
import type { Way } from '../inbound/context.ts'
import { badRequest, serve } from './serve.ts'

/** Thresholds that are tried on the stored past, one kind at a time. */
export interface TuneTrials {
  state(): TuneAnswer
  /** Tries a kind on so many days before now: other values than before where `value` is given. Gives why it cannot. */
  start(kind: string, days: number, value: number | undefined): TuneRefusal | undefined
  /** Ends what is under way; what was tried before stays. */
  stop(): void
}

export interface TuneRefusal {
  readonly code: 400 | 409
  /** A sentence for a person. */
  readonly message: string
}

export function addTune(app: FastifyInstance, way: Way): void {
  const { shop, audit } = way
  const { tune } = shop

  serve(app, way, routes.tune, async () => tune.state())

  serve(app, way, routes.tryThreshold, async ({ sent, request, reply }) => {
    const read = tuneBody.safeParse(sent, { error: expectedOf })
    if (!read.success) {
      audit.refused(request, 'bad_request')
      return badRequest(reply, wrongInput(read.error, sent))
    }
    const { kind, days, value } = read.data
    const refused = tune.start(kind, days, value)
    if (refused === undefined) return tune.state()
    audit.refused(request, refused.code === 409 ? 'conflict' : 'bad_request')
    if (refused.code === 400) return badRequest(reply, refused.message)
    return reply.code(409).send({ error: 'conflict', message: refused.message })
  })

  serve(app, way, routes.stopTrial, async () => {
    tune.stop()
    return tune.state()
  })
}
