import type { Config } from '../config/schema.ts'
import { createOperating } from '../operator/operating.ts'
import type { Operating } from '../operator/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import type { InboundOptions } from '../web/inbound/way.ts'

export interface InboundParts {
  readonly config: Pick<Config, 'pipeline' | 'http' | 'receivers'>
  readonly store: Store
  /** The wall clock: others sign by theirs. */
  readonly clock: Clock
  readonly log: Logger
}

/** The ways in that a configuration opens, onto its store. */
export function inboundOf({ config, store, clock, log }: InboundParts): InboundOptions {
  const { pipeline, http, receivers } = config
  const operating: Operating = createOperating({ pipeline, store, now: clock.now })
  const slackOrigins = new Set(
    [...receivers.values()].flatMap(receiver =>
      'apiUrl' in receiver ? [new URL(String(receiver.apiUrl)).origin] : []
    )
  )
  return { ...http, operating, log, slackOrigins }
}
