import type { Config } from '../../config/schema.ts'
import { createOperating } from '../../operator/operator.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { InboundOptions } from '../../web/inbound/context.ts'
import type { Live } from '../live/types.ts'

export interface InboundParts {
  readonly config: Pick<Config, 'pipeline' | 'http' | 'receivers'>
  readonly store: Store
  readonly live: Pick<Live, 'act'>
  /** The wall clock: signatures carry times by it. */
  readonly clock: Clock
  readonly log: Logger
}

/** What the configuration lets in over HTTP: Slack's buttons, links, PagerDuty's webhook and the API. */
export function inboundOf({ config, store, live, clock, log }: InboundParts): InboundOptions {
  const { pipeline, http, receivers } = config
  const operating = createOperating({ pipeline, store, now: clock.now, onStored: live.act })
  const slackOrigins = new Set(
    [...receivers.values()].flatMap(receiver =>
      receiver.type === 'slack_bot' ? [new URL(receiver.apiUrl).origin] : []
    )
  )
  return { ...http, operating, log, slackOrigins }
}
