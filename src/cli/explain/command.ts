import { Command } from '@commander-js/extra-typings'
import type { IncidentsSettings } from '../../incident/incidents.ts'
import { latestLabels } from '../../incident/labels.ts'
import type { StoredIncident } from '../../incident/types.ts'
import { createRouting } from '../../routing/router.ts'
import { viewOfIncident } from '../../store/tables/incidents.ts'
import { versioned } from '../../store/tables/json-version.ts'
import { viewOfNotification } from '../../store/tables/notifications.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { LiveReceivers } from '../../web/types.ts'
import { findIncident } from '../incident-of.ts'
import { overview } from '../overview.ts'
import { jsonLine } from '../rows.ts'
import { type OpenStore, onStore, type StoreChoice, withStore } from '../with-store.ts'
import { type Facts, readFacts } from './facts.ts'
import { nextOf } from './next.ts'
import { type Explained, explainedText } from './text.ts'
import { timelineOf } from './timeline.ts'
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

export function explanationOf(
  facts: Facts,
  settings: IncidentsSettings,
  nowMs: number,
  waits: readonly string[]
): Explained {
  return {
    incident: facts.incident,
    label: latestLabels(facts.labels).get(facts.incident.id),
    timeline: timelineOf(facts),
    routes: routesOf(facts.incident, settings, nowMs),
    next: [...waits, ...nextOf(facts, settings, nowMs)]
  }
}

/** What each route does with the incident as it is; none where it is over or of another pipeline. */
function routesOf(
  incident: StoredIncident,
  { routes, receivers, context, groups }: IncidentsSettings,
  nowMs: number
): Explained['routes'] {
  if (incident.status !== 'open' || incident.pipeline !== context.pipeline) return []
  const words = { matched: 'matches', not_matched: 'does not match', not_reached: 'is not reached' }
  return createRouting(routes, receivers, context, groups)
    .path(incident, nowMs)
    .map(({ receivers: names, outcome, why }) => ({
      receiver: names.join(', '),
      text: why === '' ? words[outcome] : `${words[outcome]}: ${why}`
    }))
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
