import type { IncidentsSettings } from '../incident/incidents.ts'
import type { IncidentLabel } from '../incident/labels.ts'
import { latestLabels } from '../incident/labels.ts'
import type { StoredIncident } from '../incident/types.ts'
import { createRouting } from '../routing/router.ts'
import type { Facts } from './facts.ts'
import { nextOf } from './next.ts'
import { type Entry, timelineOf } from './timeline.ts'

export interface Explained {
  readonly incident: StoredIncident
  /** The last one. */
  readonly label?: IncidentLabel | undefined
  readonly timeline: readonly Entry[]
  /** What each route does with the incident now. */
  readonly routes: readonly { readonly receiver: string; readonly text: string }[]
  readonly next: readonly string[]
}

/** Why each message of an incident was sent or not, and what comes next. `waits`: what messages wait for. */
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
