import type { Anomaly, Severity } from '../detect/types.ts'

/**
 * A run of anomalies of one kind and segment. `id` is a name-based UUID of (pipeline, kind, segment, first window
 * end), so that a re-detection after a crash gives the same one.
 */
export interface StoredIncident {
  readonly id: string
  readonly pipeline: string
  readonly kind: string
  readonly segment: string
  readonly status: 'open' | 'resolved'
  /** The worst severity so far. */
  readonly severity: Severity
  /** Window times, in milliseconds. */
  readonly openedAt: number
  readonly lastAnomalyAt: number
  readonly resolvedAt: number | null
  /** The end of the last window that this state has taken in: a window at or before it changes nothing. */
  readonly lastWindowEnd: number
  /** Window time of the last notification to channels; null where none was due. */
  readonly notifiedAt: number | null
  /** PagerDuty: the dedup key that is open, and the receiver it was opened through; both null where none is. */
  readonly dedupKey: string | null
  readonly dedupReceivers: readonly string[]
  readonly anomalies: number
}

export type NotificationAction = 'trigger' | 'resolve' | 'summary'
/** `off`: decided while `alerts: off`, never sent. `expired`: 24 h without success. */
export type NotificationOutcome = 'pending' | 'sent' | 'refused' | 'expired' | 'off'

/** One message to one receiver, with its outcome. `id` is a name-based UUID of what was decided and for whom. */
export interface NotificationRecord {
  readonly id: string
  readonly pipeline: string
  readonly incidentId: string
  readonly receiver: string
  readonly action: NotificationAction
  readonly kind: string
  readonly segment: string
  readonly severity: Severity
  readonly dedupKey: string | null
  /** The anomalies told of, enough to render the message again after a restart. */
  readonly anomalies: readonly Anomaly[]
  /** Why it was decided, e.g. `opened`, `severity_rose`, `came_back`, `recovered`, `catch_up`, `refused_elsewhere`. */
  readonly reason: string
  readonly decidedAt: number
  readonly outcome: NotificationOutcome
  readonly attempts: number
  /** What the receiver answered last: never a secret. */
  readonly answer: string
  readonly updatedAt: number
}
