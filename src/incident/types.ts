import type { Anomaly, SegmentShare, Severity } from '../../detectors/types.ts'
import type { Matchers } from '../routing/matchers.ts'
import type { Reason } from './reason.ts'

/**
 * A run of anomalies of one kind and segment. `id` is a name-based UUID of (pipeline, kind, segment, first window
 * end), so that it is the same when it is found again after a crash.
 */
export interface StoredIncident {
  readonly id: string
  readonly pipeline: string
  readonly kind: string
  readonly segment: string
  readonly status: 'open' | 'resolved'
  /** The highest severity so far. */
  readonly severity: Severity
  /** Window times, in milliseconds. */
  readonly openedAt: number
  readonly lastAnomalyAt: number
  readonly resolvedAt: number | null
  /** The end of the last window in this state: a window at or before it changes nothing. */
  readonly lastWindowEnd: number
  /** For messages that are sent when the window itself has no anomaly. */
  readonly lastAnomaly: Anomaly
  /** Judged windows in a row without the condition. */
  readonly clearWindows: number
  /** The end of the latest judged window without the condition; null where there was none. */
  readonly lastClearAt: number | null
  /**
   * The last notification of each channel, by receiver. An incident that opens within the repeat interval of the one
   * before it takes over the notifications of that one, and so stays silent.
   */
  readonly lastNotified: Readonly<Record<string, LastNotified>>
  /** Why a notification was not sent, by receiver. */
  readonly suppressedReasons: Readonly<Record<string, Reason>>
  /** The silence in force, by its id. */
  readonly silencedBy: string | null
  /** Counts the dedup keys at one severity: a key that was resolved is never opened again. */
  readonly pages: number
  /** The dedup key of the open page and the receivers it was opened through; null and empty where none is open. */
  readonly dedupKey: string | null
  readonly dedupReceivers: readonly string[]
  readonly anomalies: number
  /** The worst finding so far: of those with the highest severity, the one farthest from what was expected. */
  readonly peak: Peak
  /** The sum of expected minus actual over its windows; null where the metric does not add up. */
  readonly loss: number | null
  /** How long before the last anomaly the windows of the loss end; absent where they end with it. */
  readonly lossLagMs?: number
  /** The segments that explain the worst finding. */
  readonly explainedBy: readonly SegmentShare[]
  /** Ends when the severity rises above the acknowledged one. */
  readonly acknowledged: Acknowledgement | null
  /** It has opened so often lately that it takes longer to end. */
  readonly flapping: boolean
  /** Window times at which this kind and segment opened lately; the last is that of this incident. */
  readonly openings: readonly number[]
}

export interface LastNotified {
  readonly severity: Severity
  /** Of the finding that it was about. */
  readonly windowEnd: number
  /** When it was decided, by the wall clock. */
  readonly at: number
  /** It said that the condition flaps. */
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
  /** The severity that was acknowledged. */
  readonly severity: Severity
}

export type ActionVia = 'slack' | 'pagerduty' | 'link' | 'cli' | 'api'

/** What a person did. Actions are applied to incidents in the order of `at`. */
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
  /** Of `silence` and `end_silence`: the silence with its end as it is then. */
  readonly silence: Silence | null
}

/** Nobody is notified of incidents that match, from `startsAt` until `endsAt` by the wall clock. */
export interface Silence {
  readonly id: string
  readonly matchers: Matchers
  readonly by: string
  readonly reason: string
  readonly startsAt: number
  readonly endsAt: number
}

/** `acknowledge`: somebody acknowledged the incident. `summary`: a list of incidents that were found too late. */
export type NotificationAction = 'trigger' | 'acknowledge' | 'resolve' | 'summary'
/**
 * `off`: decided with `alerts: off` or without a receiver, never sent. `muted`: suppressed by a silence or an incident
 * that inhibits it, never sent. `expired`: not accepted for 24 h.
 */
export type NotificationOutcome = 'pending' | 'sent' | 'refused' | 'expired' | 'off' | 'muted'

/** One message to one receiver, with its outcome. `id` is a name-based UUID of the decision and the receiver. */
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
  /** The anomalies that it is about: enough to render the message again after a restart. */
  readonly anomalies: readonly Anomaly[]
  readonly reason: Reason
  readonly decidedAt: number
  readonly outcome: NotificationOutcome
  readonly attempts: number
  /** The last answer of the receiver, without secrets. */
  readonly answer: string
  readonly updatedAt: number
  /** The incident as it was at the decision; null in a test message. */
  readonly incident: IncidentFacts | null
  /** The metric over the windows up to the last finding, oldest first; null where a window has no value. */
  readonly recent: readonly (number | null)[]
  /** Findings that this incident inhibits, a line each for a person. */
  readonly inhibits: readonly string[]
  /** What the receiver gave to find the message again; only its channel reads it. */
  readonly messageRef: string | null
  /** The receiver's id of the request that it accepted, where it gives one. */
  readonly requestId: string | null
  /** From the decision until the receiver accepted it. */
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
