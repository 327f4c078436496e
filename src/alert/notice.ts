import type { Anomaly } from '../detect/types.ts'
import { decisionName } from './identity.ts'
import type { Subject } from './route.ts'
import type { NotificationAction, StoredIncident } from './types.ts'

/** Who is to be told now; receivers by name. */
export interface Told {
  channels(subject: Subject): readonly string[]
  /** Channels that also want to hear of the end. */
  endChannels(subject: Subject): readonly string[]
  pagers(subject: Subject): readonly string[]
}

/** One decided message for all its receivers, which may be none. */
export interface Notice extends Subject {
  /** The same when it is decided again. */
  readonly name: string
  readonly incidentId: string
  readonly action: NotificationAction
  readonly reason: string
  readonly dedupKey: string | null
  readonly anomalies: readonly Anomaly[]
  readonly receivers: readonly string[]
}

/** A message about one incident, told by its latest anomaly. */
export function noticeOf(
  incident: StoredIncident,
  action: 'trigger' | 'resolve',
  reason: string,
  dedupKey: string | null,
  receivers: readonly string[]
): Notice {
  const { id: incidentId, kind, segment, severity, lastAnomaly } = incident
  const toldWindowEnd = lastAnomaly.windowEnd
  return {
    name: decisionName({ incidentId, action, severity, reason, dedupKey, toldWindowEnd }),
    incidentId,
    kind,
    segment,
    severity,
    action,
    reason,
    dedupKey,
    anomalies: [lastAnomaly],
    receivers
  }
}

/** Why a page is due at this window. */
export function pageReason(incident: StoredIncident, windowEnd: number): string {
  if (incident.dedupKey !== null) return 'severity_rose'
  return incident.openedAt === windowEnd ? 'opened' : 'still_open'
}
