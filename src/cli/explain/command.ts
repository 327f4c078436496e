import { Command } from '@commander-js/extra-typings'
import { type Explained, explanationOf } from '../../explain/explanation.ts'
import { type Facts, readFacts } from '../../explain/facts.ts'
import type { IncidentsSettings } from '../../incident/incidents.ts'
import { viewOfIncident } from '../../store/tables/incidents.ts'
import { versioned } from '../../store/tables/json-version.ts'
import { viewOfNotification } from '../../store/tables/notifications.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { LiveReceivers } from '../../web/types.ts'
import { findIncident } from '../incident-of.ts'
import { overview } from '../overview.ts'
import { jsonLine } from '../rows.ts'
import { type OpenStore, onStore, type StoreChoice, withStore } from '../with-store.ts'
import { explainedText } from './text.ts'
import { waitsOf } from './waits.ts'

export interface ExplainDeps {
  readonly open: OpenStore
  /** What the configuration says of alerts. */
  readonly settings: (options: StoreChoice) => IncidentsSettings
  /** Asks the active instance what messages wait for; only called where some wait. */
  readonly live: (options: StoreChoice) => Promise<LiveReceivers>
  readonly clock: Clock
}

const examples = `
Examples:
  cartwatch explain 3f2a91                 what was found, who was notified or not, why, and what comes next
  cartwatch explain 3f2a91 --json | jq '.timeline[] | select(.event == "notification")'

"What comes next" follows the configuration that this command reads.`

/** `cartwatch explain`: why each notification of an incident was or was not sent. */
export function explainCommand({ open, settings, live, clock }: ExplainDeps) {
  const command = new Command('explain')
    .description(overview.explain.summary)
    .argument('<incident>', 'its id, or the first 6 characters or more')
    .option('--json', 'one JSON object')
  return onStore(command, examples).action((id, options) =>
    withStore(open, options, async store => {
      const facts = await readFacts(store, await findIncident(store, id), clock.now())
      const waiting = facts.records.some(({ outcome }) => outcome === 'pending')
      const waits = waiting ? waitsOf(facts.records, await live(options)) : []
      const explained = explanationOf(facts, settings(options), clock.now(), waits)
      process.stdout.write(
        options.json ? jsonOf(explained, facts) : explainedText(explained, process.stdout.columns ?? 120)
      )
    })
  )
}

function jsonOf({ incident, label, timeline, routes, next }: Explained, { records }: Facts): string {
  const shown = versioned({
    incident: viewOfIncident(incident, label),
    timeline: timeline.map(entry => ({ ...entry, at: new Date(entry.at).toISOString() })),
    notifications: records.map(viewOfNotification),
    routes,
    next
  })
  return jsonLine(shown)
}
