import { isAbove } from '../../detectors/rules/severity.ts'
import { type Severity, severities } from '../../detectors/types.ts'
import type { IncidentsSettings } from '../incident/incidents.ts'
import { clearsNeeded } from '../incident/lifecycle.ts'
import { noReceiver } from '../incident/notification.ts'
import type { Silence, StoredIncident } from '../incident/types.ts'
import { createRouting, type Routing } from '../routing/router.ts'
import { shownTime } from '../time/shown-time.ts'
import { nextLevels } from './escalation.ts'
import type { Facts } from './facts.ts'
import { silenceText, whyText } from './why.ts'

/** What the configuration would do next about an open incident, a line each; none where it is over. */
export function nextOf(facts: Facts, settings: IncidentsSettings, nowMs: number): readonly string[] {
  const { incident } = facts
  if (incident.status !== 'open') return []
  if (incident.pipeline !== settings.context.pipeline)
    return [
      `This configuration is not that of the pipeline ${incident.pipeline}: what comes next is unknown.`
    ]
  const routing = createRouting(settings.routes, settings.receivers, settings.context, settings.groups)
  const silenceOf = (severity: Severity): Silence | undefined =>
    facts.lasting.find(
      ({ startsAt, matchers }) => startsAt <= nowMs && routing.matches(matchers, { ...incident, severity })
    )
  const silence = silenceOf(incident.severity)
  return [
    ...(settings.sending ? [] : ['alerts are off: nothing is sent']),
    ...(silence === undefined ? [] : [`nobody is notified, not of its end either: ${silenceText(silence)}`]),
    ...suppressed(facts),
    ...(silence === undefined ? reminders(incident, settings) : []),
    ...nextLevels({
      incident,
      routing,
      silences: facts.ofPipeline,
      isSilenced: silence !== undefined,
      nowMs
    }),
    ...rises(incident, routing, silenceOf, nowMs),
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
function rises(
  incident: StoredIncident,
  routing: Routing,
  silenceOf: (severity: Severity) => Silence | undefined,
  nowMs: number
): readonly string[] {
  return severities
    .filter(severity => isAbove(severity, incident.severity))
    .map(severity => {
      const silence = silenceOf(severity)
      if (silence !== undefined) return `at ${severity} it notifies nobody: ${silenceText(silence)}`
      const names = routing.names({ ...incident, severity }, nowMs)
      return `at ${severity} it notifies ${names.length === 0 ? 'nobody: no route leads to a receiver' : names.join(', ')}`
    })
}

function end(incident: StoredIncident, { rules }: IncidentsSettings): string {
  const needed = clearsNeeded(incident, rules)
  const because = incident.flapping ? ', more than usual because it comes and goes' : ''
  const page = incident.dedupKey === null ? '' : `; that resolves the page ${incident.dedupKey}`
  return `it is over after ${needed} judged windows in a row without it, ${incident.clearWindows} so far${because}${page}`
}
