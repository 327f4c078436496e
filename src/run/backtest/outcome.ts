import { sourceOf } from '../../../detectors/kind-of.ts'
import type { Severity } from '../../../detectors/types.ts'
import type { Decision } from '../../decide/decision.ts'
import { noReceiver } from '../../incident/notification.ts'
import { isReroute } from '../../incident/reason.ts'
import type { NotificationRecord, StoredIncident } from '../../incident/types.ts'
import type { Store } from '../../store/types.ts'
import type { Segment } from '../../window/segment.ts'

/** [fromMs, toMs). */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

export interface FoundAnomaly {
  readonly id: string
  readonly kind: string
  readonly segment: Segment
  readonly severity: Severity
  readonly windowEnd: number
}

/** One message to one receiver that is sent, or would be with `alerts: on`. */
export interface Message {
  readonly receiver: string
  readonly incidentId: string
  /** Of a page that it opens; null of any other message. */
  readonly page: string | null
}

/** What windows of a time led to: found, opened and sent. */
export interface Outcome {
  readonly anomalies: ReadonlyMap<string, FoundAnomaly>
  /** By their ids, each as it was last. */
  readonly incidents: ReadonlyMap<string, StoredIncident>
  readonly messages: readonly Message[]
}

/** Takes up what is decided, and keeps what is of the span. */
export function createOutcome({ fromMs, toMs }: Span) {
  const anomalies = new Map<string, FoundAnomaly>()
  const incidents = new Map<string, StoredIncident>()
  const notifications: NotificationRecord[] = []
  return {
    add(decision: Pick<Decision, 'anomalies' | 'incidents' | 'notifications'>): void {
      for (const { id, kind, segment, severity, windowEnd } of decision.anomalies)
        if (windowEnd > fromMs && windowEnd <= toMs)
          anomalies.set(id, { id, kind, segment, severity, windowEnd })
      for (const incident of decision.incidents)
        if (incident.openedAt > fromMs && incident.openedAt <= toMs) incidents.set(incident.id, incident)
      for (const one of decision.notifications) if (incidents.has(one.incidentId)) notifications.push(one)
    },
    outcome: (): Outcome => ({ anomalies, incidents, messages: messagesOf(notifications) })
  }
}

/** What the live run stored of a span: of windows, not of the pipeline itself or of other services. */
export async function storedOutcome(
  store: Pick<Store, 'anomalies' | 'findIncidents' | 'findNotifications'>,
  pipeline: string,
  { fromMs, toMs }: Span
): Promise<Outcome> {
  const rows = await store.anomalies({ pipeline, endsFromMs: fromMs + 1, endsToMs: toMs })
  const incidents = (await store.findIncidents({ pipeline, sinceMs: fromMs })).filter(
    ({ openedAt, alerts }) =>
      openedAt > fromMs && openedAt <= toMs && alerts.some(({ kind }) => isOfWindows(kind))
  )
  const ids = new Set(incidents.map(({ id }) => id))
  const notifications = await store.findNotifications({ pipeline, sinceMs: fromMs })
  return {
    anomalies: new Map(
      rows
        .filter(row => isOfWindows(row.anomaly_type))
        .map(row => [
          row.id,
          {
            id: row.id,
            kind: row.anomaly_type,
            segment: row.segment as Segment,
            severity: row.severity as Severity,
            windowEnd: Date.parse(row.window_end)
          }
        ])
    ),
    incidents: new Map(incidents.map(one => [one.id, one])),
    messages: messagesOf(notifications.filter(({ incidentId }) => ids.has(incidentId)))
  }
}

const isOfWindows = (kind: string): boolean => sourceOf(kind) === 'windows'

/** What is suppressed, or went to a fallback receiver, is none of its own. */
function messagesOf(notifications: readonly NotificationRecord[]): readonly Message[] {
  return notifications
    .filter(
      ({ outcome, receiver, reason, report }) =>
        outcome !== 'muted' && receiver !== noReceiver && report === undefined && !isReroute(reason)
    )
    .map(({ receiver, incidentId, action, dedupKey }) => ({
      receiver,
      incidentId,
      page: action === 'trigger' ? dedupKey : null
    }))
}
