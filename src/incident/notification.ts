import type { Anomaly, Severity } from '../../detectors/types.ts'
import { decisionName } from './ids.ts'
import type { Reason } from './reason.ts'
import type { IncidentFacts, NotificationAction, NotificationRecord, StoredIncident } from './types.ts'

/** One decided message to one receiver; to `none` where no route leads to a receiver. */
export interface Notification {
  readonly kind: string
  readonly segment: string
  readonly severity: Severity
  /** The name of the decision, the same when it is decided again. */
  readonly name: string
  readonly incidentId: string
  readonly action: NotificationAction
  readonly reason: Reason
  readonly dedupKey: string | null
  readonly anomalies: readonly Anomaly[]
  readonly incident: IncidentFacts
  readonly inhibits: readonly string[]
  readonly receiver: string
}

export interface NotificationSpec {
  readonly action: 'trigger' | 'acknowledge' | 'resolve'
  readonly reason: Reason
  readonly dedupKey: string | null
  readonly receiver: string
  readonly inhibits?: readonly string[]
}

/** Stands for the receiver where no route leads to one. */
export const noReceiver = 'none'

/** A message about one incident, with its latest anomaly. */
export function notificationOf(incident: StoredIncident, spec: NotificationSpec): Notification {
  const { id: incidentId, kind, segment, severity, lastAnomaly } = incident
  const { action, reason, dedupKey, receiver, inhibits = [] } = spec
  const notifiedWindowEnd = lastAnomaly.windowEnd
  return {
    name: decisionName({ incidentId, action, severity, reason, dedupKey, notifiedWindowEnd }),
    incidentId,
    kind,
    segment,
    severity,
    action,
    reason,
    dedupKey,
    anomalies: [lastAnomaly],
    incident: factsOf(incident),
    inhibits,
    receiver
  }
}

/** What a message says of an incident as it is now. */
export function factsOf(incident: StoredIncident): IncidentFacts {
  const { status, severity, openedAt, lastAnomalyAt, resolvedAt, anomalies } = incident
  const { peak, loss, explainedBy, acknowledged, flapping } = incident
  return {
    status,
    severity,
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
