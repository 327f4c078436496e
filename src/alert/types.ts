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
  /** The latest anomaly, for messages that are due when a window itself shows none. Stored as JSON. */
  readonly lastAnomaly: Anomaly
  /** Judged windows in a row that did not show the condition; 0 while it lasts. */
  readonly clearWindows: number
  /** The end of the latest judged window that did not show the condition; null where there was none. */
  readonly lastClearAt: number | null
  /**
   * Window time of the anomaly last told to channels, null where none was. An incident that opens within the repeat
   * interval of the one before it takes that over, and so stays silent.
   */
  readonly notifiedAt: number | null
  /** The severity that was told then; null where `notifiedAt` is. */
  readonly notifiedSeverity: Severity | null
  /** PagerDuty: the dedup key that is open, and the receivers it was opened through; null and empty where none is. */
  readonly dedupKey: string | null
  readonly dedupReceivers: readonly string[]
  readonly anomalies: number
}

export type NotificationAction = 'trigger' | 'resolve' | 'summary'
/** `off`: decided while `alerts: off` or for want of a receiver, never sent. `expired`: 24 h without success. */
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
  /**
   * Why it was decided: `opened`, `still_open` (after a catch-up), `severity_rose`, `came_back`, `recovered`,
   * `catch_up`, `refused_elsewhere:RECEIVER`, `test`.
   */
  readonly reason: string
  readonly decidedAt: number
  readonly outcome: NotificationOutcome
  readonly attempts: number
  /** What the receiver answered last: never a secret. */
  readonly answer: string
  readonly updatedAt: number
}
