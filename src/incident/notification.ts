import { rank } from '../../detectors/rules/severity.ts'
import type { Sentence } from '../../detectors/types.ts'
import { type Alert, isSameCondition } from './alert.ts'
import { decisionName } from './ids.ts'
import type { IncidentFacts, NotificationAction, NotificationRecord, StoredIncident } from './types.ts'

/** One decided message to one receiver; to `none` where no route leads to a receiver. */
export interface Notification
  extends Pick<
      NotificationRecord,
      | 'kind'
      | 'segment'
      | 'severity'
      | 'incidentId'
      | 'action'
      | 'reason'
      | 'dedupKey'
      | 'anomalies'
      | 'inhibits'
      | 'receiver'
    >,
    Partial<Pick<NotificationRecord, 'inhibitsSaid' | 'escalated'>> {
  /** The name of the decision, the same when it is decided again. */
  readonly name: string
  readonly incident: IncidentFacts
}

export interface NotificationSpec
  extends Pick<Notification, 'reason' | 'dedupKey' | 'receiver'>,
    Partial<Pick<Notification, 'inhibits' | 'inhibitsSaid' | 'escalated'>> {
  readonly action: Exclude<NotificationAction, 'summary'>
}

/** The receiver's name if no route leads to one. */
export const noReceiver = 'none'

/** Of the other alerts in one message; the rest is in the store. */
const maxSymptoms = 20

/** A message about one incident: the latest anomaly of the alert that leads is the last of `anomalies`. */
export function notificationOf(incident: StoredIncident, spec: NotificationSpec): Notification {
  const { id: incidentId, kind, segment, severity, lastAnomaly } = incident
  const symptoms = symptomsOf(incident).slice(0, maxSymptoms)
  return {
    inhibits: [],
    ...spec,
    name: decisionName({
      ...spec,
      incidentId,
      severity,
      notifiedWindowEnd: incident.lastAnomalyAt,
      acknowledgedAt: incident.acknowledged?.at
    }),
    incidentId,
    kind,
    segment,
    severity,
    anomalies: [...symptoms.map(alert => alert.lastAnomaly), lastAnomaly],
    incident: factsOf(incident)
  }
}

/** What a message says of findings that its incident inhibits. */
export function inhibitedIn(
  findings: readonly Sentence[]
): Pick<NotificationRecord, 'inhibits' | 'inhibitsSaid'> {
  const inhibits = findings.map(({ details }) => details)
  return findings.some(({ said }) => said)
    ? { inhibits, inhibitsSaid: findings.map(({ said = null }) => said) }
    : { inhibits }
}

/** The alerts beside the one that leads, those first that are graver. */
const symptomsOf = (incident: StoredIncident): Alert[] =>
  incident.alerts
    .filter(alert => !isSameCondition(alert, incident))
    .sort((a, b) => rank(b.severity) - rank(a.severity))

/** What a record says of its sending when it was just decided. */
export const notYetSent = (decidedAt: number) => ({
  decidedAt,
  updatedAt: decidedAt,
  attempts: 0,
  answer: '',
  messageRef: null,
  requestId: null,
  latencyMs: null
})

/** What a message says of an incident as it is now. */
export function factsOf(incident: StoredIncident): IncidentFacts {
  const { status, severity, openedAt, lastAnomalyAt, resolvedAt, anomalies } = incident
  const { peak, loss, explainedBy, acknowledged, flapping } = incident
  const { conditionFrom, conditionTo, firstAtSeverity, newLevel, lossUnit, cause, escalation } = incident
  return {
    status,
    severity,
    ...(conditionFrom !== undefined && { conditionFrom }),
    ...(conditionTo !== undefined && { conditionTo }),
    ...(firstAtSeverity !== undefined && { firstAtSeverity }),
    ...(newLevel !== undefined && { newLevel }),
    ...(lossUnit !== undefined && { lossUnit }),
    ...(cause !== undefined && { cause }),
    ...(escalation !== undefined && { escalation }),
    openedAt,
    lastAnomalyAt,
    resolvedAt,
    anomalies,
    peak,
    loss,
    explainedBy,
    acknowledged,
    flapping
  }
}

const steps: readonly NotificationAction[] = ['trigger', 'summary', 'acknowledge', 'resolve']

/** The order in which stored notifications were decided. A page that began and ended at the same time begins first. */
export function byDecision(a: NotificationRecord, b: NotificationRecord): number {
  return a.decidedAt - b.decidedAt || steps.indexOf(a.action) - steps.indexOf(b.action)
}
