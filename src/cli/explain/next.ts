import { isAbove } from '../../../detectors/rules/severity.ts'
import { severities } from '../../../detectors/types.ts'
import type { IncidentsSettings } from '../../incident/incidents.ts'
import { clearsNeeded } from '../../incident/lifecycle.ts'
import { noReceiver } from '../../incident/notification.ts'
import type { StoredIncident } from '../../incident/types.ts'
import { createRouting } from '../../routing/router.ts'
import { shownTime } from '../times.ts'
import type { Facts } from './facts.ts'
import { whyText } from './why.ts'

/** What the configuration would do next about an open incident, a line each; none where it is over. */
export function nextOf(facts: Facts, settings: IncidentsSettings, nowMs: number): readonly string[] {
  const { incident } = facts
  if (incident.status !== 'open') return []
  if (incident.pipeline !== settings.context.pipeline)
    return [
      `This configuration is not that of the pipeline ${incident.pipeline}: what comes next is unknown.`
    ]
  return [
    ...(settings.sending ? [] : ['alerts are off: nothing is sent']),
    ...suppressed(facts),
    ...reminders(incident, settings),
    ...rises(incident, settings, nowMs),
    end(incident, settings)
  ]
}

const suppressed = (facts: Facts): readonly string[] =>
  Object.entries(facts.incident.suppressedReasons).map(
    ([receiver, reason]) =>
      `${receiver} is notified once this has ended, if the incident is still open: ${whyText({ action: 'trigger', reason, dedupKey: null }, facts)}`
  )

function reminders(incident: StoredIncident, { rules }: IncidentsSettings): readonly string[] {
  const { acknowledged, lastNotified } = incident
  if (acknowledged !== null)
    return [`no reminders: ${acknowledged.by} acknowledged it at ${acknowledged.severity}`]
  const { remindAfterMs } = rules
  if (remindAfterMs === null) return ['no reminders: alerting.repeat is off']
  return Object.entries(lastNotified)
    .filter(([receiver]) => receiver !== noReceiver)
    .map(
      ([receiver, { at }]) =>
        `${receiver} is reminded from ${shownTime(at + remindAfterMs)} on, while it is open`
    )
}

/** Whom the present routes would notify at each higher severity. */
function rises(incident: StoredIncident, settings: IncidentsSettings, nowMs: number): readonly string[] {
  const routing = createRouting(settings.routes, settings.receivers, settings.context)
  return severities
    .filter(severity => isAbove(severity, incident.severity))
    .map(severity => {
      const names = routing.to({ ...incident, severity }, nowMs).map(({ name }) => name)
      return `at ${severity} it notifies ${names.length === 0 ? 'nobody: no route leads to a receiver' : names.join(', ')}`
    })
}

function end(incident: StoredIncident, { rules }: IncidentsSettings): string {
  const needed = clearsNeeded(incident, rules)
  const because = incident.flapping ? ', more than usual because it comes and goes' : ''
  const page = incident.dedupKey === null ? '' : `; that resolves the page ${incident.dedupKey}`
  return `it is over after ${needed} judged windows in a row without it, ${incident.clearWindows} so far${because}${page}`
}
