import type { Explained } from '../../explain/explanation.ts'
import { conditionOf } from '../../incident/impact.ts'
import type { IncidentLabel } from '../../incident/labels.ts'
import type { StoredIncident } from '../../incident/types.ts'
import { visible } from '../../telemetry/visible-text.ts'
import { shownTime } from '../../time/shown-time.ts'
import { causeText, labelText, lossText, stateText } from '../incidents.ts'
import { textTable } from '../table.ts'

/** An incident and its notifications, for a terminal of at least 80 columns. */
export function explainedText({ incident, label, timeline, routes, next }: Explained, width: number): string {
  const rows = timeline.map(({ at, event, receiver, text }) => [
    shownTime(at),
    receiver ?? event.replace('_', ' '),
    text
  ])
  const parts = [
    headOf(incident, label).map(visible).join('\n'),
    textTable(['time (UTC)', 'what, or whom', 'what happened, and why'], rows, width, 1),
    routes.length === 0
      ? ''
      : `Where routes lead now:\n${routes.map(({ receiver, text }, at) => `  ${at + 1}. ${visible(receiver)}: ${visible(text)}`).join('\n')}`,
    next.length === 0 ? '' : `What comes next:\n${next.map(line => `  ${visible(line)}`).join('\n')}`
  ]
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

function headOf(incident: StoredIncident, label: IncidentLabel | undefined): readonly string[] {
  const { id, severity, pipeline, anomalies, lastAnomalyAt } = incident
  const { conditionFrom } = conditionOf(incident)
  const { peak, lastAnomaly, explainedBy, flapping } = incident
  const lost = lossText(incident)
  const windows = anomalies === 1 ? 'one window' : `${anomalies.toLocaleString('en')} windows`
  const amount = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 4 })
  return [
    `${severity} ${causeText(incident)}, ${stateText(incident)}${flapping ? ', flapping' : ''}${label ? `, ${labelText(label)}` : ''}`,
    ...(incident.cause ? [incident.cause.text] : []),
    `incident ${id} of the pipeline ${pipeline}`,
    `found in ${windows} from ${shownTime(conditionFrom)} to ${shownTime(lastAnomalyAt)}; at its worst ${lastAnomaly.metric} was ` +
      `${amount(peak.value)} instead of ${amount(peak.expected)}${lost === '' ? '' : `; lost so far: ${lost}`}`,
    ...(explainedBy.length === 0
      ? []
      : [`where: ${explainedBy.map(one => `${one.segment} (${Math.round(one.share * 100)} %)`).join(', ')}`])
  ]
}
