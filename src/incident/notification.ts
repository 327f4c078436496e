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
  > {
  /** The name of the decision, the same when it is decided again. */
  readonly name: string
  readonly incident: IncidentFacts
}

export interface NotificationSpec
  extends Pick<Notification, 'reason' | 'dedupKey' | 'receiver'>,
    Partial<Pick<Notification, 'inhibits'>> {
  readonly action: Exclude<NotificationAction, 'summary'>
}

/** The receiver's name if no route leads to one. */
export const noReceiver = 'none'

/** A message about one incident, with its latest anomaly. */
export function notificationOf(incident: StoredIncident, spec: NotificationSpec): Notification {
  const { id: incidentId, kind, segment, severity, lastAnomaly } = incident
  return {
    inhibits: [],
    ...spec,
    name: decisionName({
      ...spec,
      incidentId,
      severity,
      notifiedWindowEnd: lastAnomaly.windowEnd,
      acknowledgedAt: incident.acknowledged?.at
    }),
    incidentId,
    kind,
    segment,
    severity,
    anomalies: [lastAnomaly],
    incident: factsOf(incident)
  }
}

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
  const { conditionFrom, conditionTo, firstAtSeverity } = incident
  return {
    status,
    severity,
    ...(conditionFrom !== undefined && { conditionFrom }),
    ...(conditionTo !== undefined && { conditionTo }),
    ...(firstAtSeverity !== undefined && { firstAtSeverity }),
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
