import type { SendFigures } from '../delivery/send-figures.ts'
import type { Component, ComponentStatus, Readiness } from './types.ts'

export interface ReadinessPage {
  readonly status: 'ready' | 'not_ready'
  readonly components: Readonly<Record<string, Component | Readonly<Record<string, Component>>>>
}

/** What /readyz answers: ready where every component is, whatever the receivers say. */
export function readinessPage({ components, receivers }: Readiness): ReadinessPage {
  const isReady = Object.values(components).every(component => readyStatuses.has(component.status))
  return { status: isReady ? 'ready' : 'not_ready', components: { ...components, receivers } }
}

const readyStatuses: ReadonlySet<ComponentStatus> = new Set<ComponentStatus>(['ok', 'standby', 'warming_up'])

export interface HealthPage extends Pick<ReadinessPage, 'components'> {
  /** `unhealthy`: some component is not ready. `degraded`: all are, but a receiver did not accept the last message. */
  readonly overall_status: 'healthy' | 'degraded' | 'unhealthy'
  /** Since the start of the process: those that were sent, refused or expired. */
  readonly total_notifications: number
  /** The share of them that was sent, from 0 to 1; null before the first. */
  readonly success_rate: number | null
  /** How long receivers took to answer, over the last thousand tries; null before the first. */
  readonly avg_response_time_ms: number | null
  readonly p95_response_time_ms: number | null
}

/** What /health answers. */
export function healthPage(readiness: Readiness, { total, sent, averageMs, p95Ms }: SendFigures): HealthPage {
  const { status, components } = readinessPage(readiness)
  const isSending = Object.values(readiness.receivers).every(receiver => receiver.status === 'ok')
  const rounded = (ms: number | null) => (ms === null ? null : Math.round(ms * 10) / 10)
  return {
    overall_status: status === 'not_ready' ? 'unhealthy' : isSending ? 'healthy' : 'degraded',
    components,
    total_notifications: total,
    success_rate: total === 0 ? null : Math.round((sent / total) * 10_000) / 10_000,
    avg_response_time_ms: rounded(averageMs),
    p95_response_time_ms: rounded(p95Ms)
  }
}
