export type Severity = 'info' | 'warning' | 'critical' | 'low' | 'medium' | 'high'
type Scalar = string | number | boolean | null
export type Pairs = Readonly<Record<string, Scalar>>
export interface Link {
  readonly title: string
  readonly url: string
}

/** What all alerts may have. */
interface Common {
  readonly severity: Severity
  /** ISO 8601 with a zone. */
  readonly timestamp?: string
  readonly status?: 'firing' | 'resolved'
  readonly details?: Pairs
  readonly labels?: Readonly<Record<string, string>>
  readonly links?: readonly Link[]
  readonly idempotency_key?: string
  readonly skip_rate_limit?: boolean
}

export interface DriftAlert extends Common {
  readonly model_id: string
  readonly model_name?: string
  readonly metric: string
  readonly current_value: number
  readonly baseline_value: number
  readonly threshold?: number
  readonly drift_percentage?: number
}

export interface PolicyViolation extends Common {
  readonly model_id: string
  readonly model_name?: string
  readonly violation_type: string
  readonly description: string
  readonly affected_groups?: readonly string[]
}

export interface SafetyEvent extends Common {
  readonly event_type: string
  readonly model_id: string
  readonly description: string
  readonly metadata?: Pairs
}

export interface ServiceAlert extends Common {
  readonly summary: string
  readonly name?: string
  readonly service?: string
  readonly component?: string
  readonly environment?: string
  readonly instance?: string
  readonly description?: string
  readonly duration?: string
  readonly metrics?: Pairs
  readonly quick_actions?: readonly Link[]
}

export type Alert =
  | ({ readonly kind: 'drift' } & DriftAlert)
  | ({ readonly kind: 'policy_violation' } & PolicyViolation)
  | ({ readonly kind: 'safety_event' } & SafetyEvent)
  | ({ readonly kind: 'alert' } & ServiceAlert)

/** What alerts are counted by: the kind, and the model or the service. */
export function rateKeyOf(alert: Alert): string {
  return `${alert.kind} ${alert.kind === 'alert' ? (alert.service ?? '') : alert.model_id}`
}
