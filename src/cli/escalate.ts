import { Command } from '@commander-js/extra-typings'
import { shortId } from '../explain/words.ts'
import { eventOfAction } from '../operator/action-event.ts'
import { nameOf } from '../operator/actions.ts'
import { escalate, notEscalatedText } from '../operator/escalating.ts'
import { createOperating } from '../operator/operator.ts'
import type { OperatorDeps } from './ack.ts'
import { findIncident } from './incident-of.ts'
import { overview } from './overview.ts'
import { onStore, UsageError, withStore } from './with-store.ts'

const examples = `
Examples:
  cartwatch escalate 3f2a91             the next level of its policy is notified now
  cartwatch escalate 3f2a91 --by ann
  cartwatch explain 3f2a91              which level comes next, whom it notifies, and when

The policy is the one that its route names (escalate: NAME). The active instance applies it within seconds. An incident that
somebody has acknowledged can be escalated too.`

export function escalateCommand({ open, user, audit, clock, print }: OperatorDeps) {
  const command = new Command('escalate')
    .description(overview.escalate.summary)
    .argument('<incident>', 'its id, or the first 6 characters or more')
    .option('--by <name>', 'who asks for it (default: the logged-in user)')
  return onStore(command, examples).action((text, options) =>
    withStore(open, options, async store => {
      const { id, pipeline } = await findIncident(store, text)
      const operating = createOperating({ pipeline, store, now: clock.now })
      const by = nameOf(options.by ?? user(), 'somebody')
      const answer = await escalate(operating, id, {
        by,
        via: 'cli',
        at: clock.now(),
        request: String(clock.now())
      })
      if (answer.kind !== 'done')
        throw new UsageError(`${shortId(id)} is not escalated: ${notEscalatedText(answer)}`)
      const { incident, level, levels } = answer
      print(
        `${by} escalated ${incident.severity} ${incident.kind} of ${incident.segment} (${shortId(id)}) to level ${level} of ${levels}`
      )
      await audit(store, pipeline, eventOfAction(answer.action))
    })
  )
}
