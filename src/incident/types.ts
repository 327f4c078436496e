import type { Anomaly, SegmentShare, Severity } from '../../detectors/types.ts'
import type { Matchers } from '../routing/matchers.ts'
import type { Reason } from './reason.ts'

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
   * What each channel was last told, by receiver. An incident that opens within the repeat interval of the one before
   * it takes that over, and so stays silent.
   */
  readonly lastNotified: Readonly<Record<string, LastNotified>>
  /** Why a receiver was not told what it would have been, by receiver. */
  readonly suppressedReasons: Readonly<Record<string, Reason>>
  /** The silence in force, by its id. */
  readonly silencedBy: string | null
  /** Counts the keys that PagerDuty was given at one severity: a key that was resolved is never opened again. */
  readonly pages: number
  /** PagerDuty: the dedup key that is open, and the receivers it was opened through; null and empty where none is. */
  readonly dedupKey: string | null
  readonly dedupReceivers: readonly string[]
  readonly anomalies: number
  /** The worst finding so far: of the gravest severity, and of those the one farthest from what was expected. */
  readonly peak: Peak
  /** Expected minus actual, summed over its windows, in the metric's unit; null where the metric is no sum. */
  readonly loss: number | null
  /** The loss is that up to so long before the last anomaly; absent where it is up to that. */
  readonly lossLagMs?: number
  /** The segments that explain the worst finding. */
  readonly explainedBy: readonly SegmentShare[]
  /** Who took it on; a severity above that of the acknowledgement ends it. */
  readonly acknowledged: Acknowledgement | null
  /** Opened so often of late that it takes longer to be over. */
  readonly flapping: boolean
  /** Window times at which this kind and segment opened lately, this incident's own the last. */
  readonly openings: readonly number[]
}

export interface LastNotified {
  readonly severity: Severity
  /** Of the finding that was told. */
  readonly windowEnd: number
  /** When it was decided, by the wall clock. */
  readonly at: number
  /** It was told that the condition flaps. */
  readonly flapping: boolean
}

export interface Peak {
  readonly value: number
  readonly expected: number
  readonly severity: Severity
  readonly windowEnd: number
}

interface Acknowledgement {
  readonly by: string
  readonly via: ActionVia
  /** By the wall clock. */
  readonly at: number
  /** The incident's severity that was acknowledged. */
  readonly severity: Severity
}

export type ActionVia = 'slack' | 'pagerduty' | 'link' | 'cli' | 'api'

/** What a person did, by whatever way it came in; stored as it is, and applied to incidents in the order of `at`. */
export interface OperatorAction {
  readonly id: string
  readonly pipeline: string
  readonly action: 'acknowledge' | 'silence' | 'end_silence'
  /** By the wall clock. */
  readonly at: number
  readonly by: string
  readonly via: ActionVia
  /** Of an acknowledgement; null for others. */
  readonly incidentId: string | null
  /** The severity that the person saw. */
  readonly severity: Severity | null
  /** Of `silence` as it begins, of `end_silence` as it ended. */
  readonly silence: Silence | null
}

/** Incidents that match are told to nobody from `startsAt` until `endsAt`, by the wall clock. */
export interface Silence {
  readonly id: string
  readonly matchers: Matchers
  readonly by: string
  readonly reason: string
  readonly startsAt: number
  readonly endsAt: number
}

/** `acknowledge`: somebody took the incident on. */
export type NotificationAction = 'trigger' | 'acknowledge' | 'resolve' | 'summary'
/**
 * `off`: decided while `alerts: off` or for want of a receiver, never sent. `muted`: for a silence or for what explains
 * it, never sent. `expired`: 24 h without success.
 */
export type NotificationOutcome = 'pending' | 'sent' | 'refused' | 'expired' | 'off' | 'muted'

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
  readonly reason: Reason
  readonly decidedAt: number
  readonly outcome: NotificationOutcome
  readonly attempts: number
  /** What the receiver answered last: never a secret. */
  readonly answer: string
  readonly updatedAt: number
  /** The incident as it was at the decision; null in a test message. */
  readonly incident: IncidentFacts | null
  /** The metric over the windows up to the last finding, oldest first; null where a window has no value. */
  readonly recent: readonly (number | null)[]
  /** Findings that this one explains and that are muted for it, a line each for a person. */
  readonly inhibits: readonly string[]
  /** What the receiver gave to find the message again; only its channel reads it. */
  readonly messageRef: string | null
  /** What the receiver calls the request that it took, where it says. */
  readonly requestId: string | null
  /** From the decision to the receiver's yes. */
  readonly latencyMs: number | null
}

export type IncidentFacts = Pick<
  StoredIncident,
  | 'status'
  | 'severity'
  | 'openedAt'
  | 'lastAnomalyAt'
  | 'resolvedAt'
  | 'anomalies'
  | 'peak'
  | 'loss'
  | 'explainedBy'
  | 'acknowledged'
  | 'flapping'
>
