import { Command } from 'commander'
import { type Answered, acknowledge } from '../operator/acknowledging.ts'
import { nameOf } from '../operator/actions.ts'
import { createOperating } from '../operator/operator.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { incidentOf } from './incident-of.ts'
import { shortId } from './incidents.ts'
import { type OpenStore, type StoreOptions, UsageError, withStore } from './with-store.ts'

interface AckOptions extends StoreOptions {
  readonly by?: string
}

export interface OperatorDeps {
  readonly open: OpenStore
  /** The pipeline of the configuration. */
  readonly pipeline: (options: StoreOptions) => string
  /** Who is at the command line. */
  readonly user: () => string
  readonly clock: Clock
  readonly print: (text: string) => void
}

const examples = `
Examples:
  cartwatch ack 3f2a91                 in the name of who is logged in here
  cartwatch ack 3f2a91 --by ann

An acknowledgement ends the reminders of the incident and shows in Slack and PagerDuty. It holds until the incident is
graver than it was. The instance that works takes it over within seconds.`

/** `cartwatch ack`: somebody takes an incident on. */
export function ackCommand(deps: OperatorDeps): Command {
  return new Command('ack')
    .description('acknowledge an incident, as grave as it is')
    .argument('<incident>', 'its id, or the first 6 characters or more')
    .option('--by <name>', 'who takes it on (default: who is logged in here)')
    .option('--config <file>', 'the configuration file')
    .option('--store <folder>', 'a folder with an embedded store, instead of the configured store')
    .addHelpText('after', examples)
    .action((id: string, options: AckOptions) =>
      withStore(deps.open, options, async store => deps.print(await ack(store, id, options, deps)))
    )
}

async function ack(
  store: Store,
  text: string,
  { by }: AckOptions,
  { user, clock }: OperatorDeps
): Promise<string> {
  const { id, pipeline } = await incidentOf(store, text)
  const operating = createOperating({ pipeline, store, now: clock.now })
  const asked = { by: nameOf(by ?? user(), 'somebody'), via: 'cli', at: clock.now() } as const
  return doneText(await acknowledge(operating, id, null, asked))
}

function doneText(answered: Answered): string {
  switch (answered.kind) {
    case 'done': {
      const { incident, action } = answered
      return `${action.by} acknowledged ${incident.severity} ${incident.kind} of ${incident.segment} (${shortId(incident.id)})`
    }
    case 'acknowledged':
      return `${answered.by} has acknowledged ${shortId(answered.incident.id)} already`
    case 'over':
      throw new UsageError(
        `The incident ${shortId(answered.incident.id)} is over: there is nothing to acknowledge`
      )
    case 'unknown':
    case 'ambiguous':
    case 'graver':
      throw new UsageError('The incident changed meanwhile: try again')
    default:
      throw answered satisfies never
  }
}
