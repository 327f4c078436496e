import { Command } from '@commander-js/extra-typings'
import { shortId } from '../explain/words.ts'
import { type Answered, acknowledge } from '../operator/acknowledging.ts'
import { eventOfAction } from '../operator/action-event.ts'
import { nameOf } from '../operator/actions.ts'
import { createOperating } from '../operator/operator.ts'
import type { Routing } from '../routing/router.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { CommandAudit } from './command-audit.ts'
import { findIncident } from './incident-of.ts'
import { overview } from './overview.ts'
import { type OpenStore, onStore, type StoreChoice, UsageError, withStore } from './with-store.ts'

export interface OperatorDeps {
  readonly open: OpenStore
  /** The pipeline of the configuration. */
  readonly pipeline: (options: StoreChoice) => string
  /** Where its routes lead. */
  readonly routing: (options: StoreChoice) => Promise<Routing>
  /** Who is at the command line. */
  readonly user: () => string
  readonly audit: CommandAudit['inStore']
  readonly clock: Clock
  readonly print: (text: string) => void
}

const examples = `
Examples:
  cartwatch ack 3f2a91                 in the name of the logged-in user
  cartwatch ack 3f2a91 --by ann

An acknowledgement stops the reminders of the incident and shows in Slack and PagerDuty. It ends when the incident becomes
more severe. The active instance applies it within seconds.`

export function ackCommand({ open, user, audit, clock, print }: OperatorDeps) {
  const command = new Command('ack')
    .description(overview.ack.summary)
    .argument('<incident>', 'its id, or the first 6 characters or more')
    .option('--by <name>', 'who acknowledges it (default: the logged-in user)')
  return onStore(command, examples).action((text, options) =>
    withStore(open, options, async store => {
      const { id, pipeline } = await findIncident(store, text)
      const operating = createOperating({ pipeline, store, now: clock.now })
      const by = nameOf(options.by ?? user(), 'somebody')
      const asked = { by, via: 'cli', at: clock.now() } as const
      const answered = await acknowledge(operating, id, null, asked)
      print(ackText(answered))
      if (answered.kind === 'done') await audit(store, pipeline, eventOfAction(answered.action))
    })
  )
}

function ackText(answered: Answered): string {
  switch (answered.kind) {
    case 'done': {
      const { incident, action } = answered
      const { acknowledged } = incident
      if (acknowledged !== null)
        return `${action.by} took ${shortId(incident.id)} over from ${acknowledged.by}`
      return `${action.by} acknowledged ${incident.severity} ${incident.kind} of ${incident.segment} (${shortId(incident.id)})`
    }
    case 'acknowledged':
      return `${answered.by} has already acknowledged ${shortId(answered.incident.id)}`
    case 'over':
      throw new UsageError(
        `The incident ${shortId(answered.incident.id)} is resolved: there is nothing to acknowledge`
      )
    case 'unknown':
    case 'ambiguous':
    case 'graver':
      throw new UsageError('The incident has changed meanwhile: try again')
    default:
      throw answered satisfies never
  }
}
