import type { MetricsJson } from '../telemetry/tenant-metrics.ts'
import type { HealthPage, ReadinessPage } from '../web/readiness.ts'

/** What a tenant's process answers to its parent, by what it is asked. */
export interface Answers {
  readonly metrics: MetricsJson
  /** The page as JSON, secrets masked. */
  readonly status: string
  readonly health: { readonly readiness: ReadinessPage; readonly health: HealthPage }
}
export type Ask = keyof Answers

export interface Question {
  readonly id: number
  readonly ask: Ask
}

export type FromTenant =
  | { readonly type: 'listening'; readonly address: string }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'no_answer'; readonly id: number; readonly why: string }
