import { Argument, Command } from '@commander-js/extra-typings'
import { shortId } from '../explain/words.ts'
import { verdicts } from '../incident/label.ts'
import { eventOfAction } from '../operator/action-event.ts'
import { nameOf } from '../operator/actions.ts'
import { label, reasonOf, verdictText } from '../operator/labelling.ts'
import { createOperating } from '../operator/operator.ts'
import type { OperatorDeps } from './ack.ts'
import { findIncident } from './incident-of.ts'
import { overview } from './overview.ts'
import { onStore, UsageError, withStore } from './with-store.ts'

const examples = `
Examples:
  cartwatch label 3f2a91 real
  cartwatch label 3f2a91 false --by ann --reason "a test order"
  cartwatch label 3f2a91 expected --reason "the spring sale"

The last label counts; an incident that is over can be marked too. The windows of an incident that was expected are not
learned: the active instance learns its past again without them, within seconds. cartwatch quality counts labels.`

export function labelCommand({ open, user, audit, clock, print }: OperatorDeps) {
  const command = new Command('label')
    .description(overview.label.summary)
    .argument('<incident>', 'its id, or the first 6 characters or more')
    .addArgument(new Argument('<verdict>', 'what it was').choices(verdicts))
    .option('--by <name>', 'who says so (default: the logged-in user)')
    .option('--reason <text>', 'why')
  return onStore(command, examples).action((text, verdict, options) =>
    withStore(open, options, async store => {
      const { id, pipeline } = await findIncident(store, text)
      const operating = createOperating({ pipeline, store, now: clock.now })
      const by = nameOf(options.by ?? user(), 'somebody')
      const at = clock.now()
      const said = { verdict, reason: reasonOf(options.reason) }
      const answer = await label(operating, id, said, { by, via: 'cli', at, request: String(at) })
      if (answer.kind !== 'done') throw new UsageError('The incident has changed meanwhile: try again')
      const { severity, kind, segment } = answer.incident
      print(`${by} marked ${severity} ${kind} of ${segment} (${shortId(id)}) as ${verdictText[verdict]}`)
      await audit(store, pipeline, eventOfAction(answer.action))
    })
  )
}
