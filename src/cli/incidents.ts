import { Command } from '@commander-js/extra-typings'
import { shortId } from '../explain/words.ts'
import { levelOf } from '../incident/escalation.ts'
import type { IncidentLabel } from '../incident/labels.ts'
import { kindsOf } from '../incident/one-cause.ts'
import type { StoredIncident } from '../incident/types.ts'
import { verdictText } from '../operator/labelling.ts'
import { viewOfIncident } from '../store/tables/incidents.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import { shownTime } from '../time/shown-time.ts'
import { overview } from './overview.ts'
import { kindOption, segmentOption, severityOption } from './patterns.ts'
import { onRows, printRows, sinceOption } from './rows.ts'
import { textTable } from './table.ts'
import { type OpenStore, withStore } from './with-store.ts'

const examples = `
An incident has the alerts that have one probable cause; an alert is a run of anomalies of one kind and segment. Where a command takes an id, its first 6 characters are enough.

Examples:
  cartwatch incidents                         the 50 latest
  cartwatch incidents --open
  cartwatch incidents --since 24h --severity critical --json
  cartwatch incidents --segment country=DE`

export function incidentsCommand(open: OpenStore, clock: Clock = wallClock) {
  const command = new Command('incidents')
    .description(overview.incidents.summary)
    .option('--open', 'only those that are open')
    .addOption(sinceOption('only those with an anomaly', clock))
    .addOption(kindOption('only those with an alert of these kinds'))
    .addOption(severityOption('only those whose worst severity is one of these'))
    .addOption(segmentOption('only of these segments'))
  return onRows(command, 'incidents', examples).action(options =>
    withStore(open, options, async store => {
      const { json, limit, since: sinceMs, kind, severity, segment } = options
      const status = options.open ? 'open' : undefined
      const incidents = await store.findIncidents({
        limit,
        status,
        sinceMs,
        like: { kind, severity, segment }
      })
      const labels = await store.labels()
      printRows(
        incidents,
        json,
        incident => viewOfIncident(incident, labels.get(incident.id)),
        (rows, width) => incidentsText(rows, width, labels)
      )
    })
  )
}

type Labels = ReadonlyMap<string, IncidentLabel>

/** A narrower terminal has no room for how many windows it was seen in and what was lost. */
const leastWithAmounts = 110

/** A table for a terminal of that many columns, 80 or more. */
export function incidentsText(
  incidents: readonly StoredIncident[],
  width: number,
  labels: Labels = new Map()
): string {
  if (incidents.length === 0) return 'No incidents.\n'
  const isWide = width >= leastWithAmounts
  const head = ['id', 'state', 'severity', 'opened (UTC)', ...(isWide ? ['windows', 'lost'] : []), 'what']
  const rows = incidents.map(incident => [
    shortId(incident.id),
    stateText(incident),
    incident.severity,
    shownTime(incident.openedAt),
    ...(isWide ? [incident.anomalies.toLocaleString('en'), lossText(incident)] : []),
    whatOf(incident, labels.get(incident.id))
  ])
  return `${textTable(head, rows, width)}\n`
}

export function stateText({ status, acknowledged }: StoredIncident): 'open' | 'acknowledged' | 'resolved' {
  return status === 'open' && acknowledged !== null ? 'acknowledged' : status
}

/** In the metric's unit; nothing where the metric is no sum. */
export const lossText = ({ loss }: StoredIncident): string =>
  loss === null || loss <= 0 ? '' : loss.toLocaleString('en', { maximumFractionDigits: 2 })

/** `Payment or checkout fails: checkout_failure, revenue_drop`, or `revenue_drop of category=shoes`. */
export function causeText({ cause, kind, segment, alerts }: StoredIncident): string {
  const lead = segment === 'all' ? kind : `${kind} of ${segment}`
  const others = [...kindsOf(alerts)].filter(other => other !== kind)
  const all = [lead, ...others].join(', ')
  return cause === undefined ? all : `${cause.title}: ${all}`
}

/** `marked as a false alarm by Ann (slack)`. */
export const labelText = ({ verdict, by, via }: IncidentLabel): string =>
  `marked as ${verdictText[verdict]} by ${by} (${via})`

/** `revenue_drop of category=shoes; flapping; acknowledged by Ann (slack)`. */
function whatOf(incident: StoredIncident, label: IncidentLabel | undefined): string {
  const { status, flapping, silencedBy, acknowledged, escalation } = incident
  return [
    causeText(incident),
    flapping ? 'flapping' : '',
    status === 'open' && silencedBy !== null ? `silenced (${shortId(silencedBy)})` : '',
    escalation && levelOf(escalation) > 0 ? `escalated to level ${levelOf(escalation)}` : '',
    acknowledged === null ? '' : `acknowledged by ${acknowledged.by} (${acknowledged.via})`,
    label === undefined ? '' : labelText(label)
  ]
    .filter(part => part !== '')
    .join('; ')
}
