import type { NotificationRecord } from '../alert/types.ts'
import type { dashboardPlaceholders } from './types.ts'

type Placeholder = (typeof dashboardPlaceholders)[number]

const placeholder = /\{([^{}]*)\}/g

/** Slack and PagerDuty refuse longer ones. */
const maxUrlLength = 3_000

/** The link of View Dashboard: the template filled in with encoded values; null without one, or where too long. */
export function dashboardUrl(template: string | null, notification: NotificationRecord): string | null {
  const anomaly = notification.anomalies.at(-1)
  if (template === null || !anomaly) return null
  const values: Readonly<Record<Placeholder, string>> = {
    kind: notification.kind,
    segment: notification.segment,
    metric: anomaly.metric,
    severity: notification.severity,
    pipeline: notification.pipeline,
    id: anomaly.id,
    incident: notification.incidentId,
    window_start: new Date(anomaly.windowStart).toISOString(),
    window_end: new Date(anomaly.windowEnd).toISOString(),
    window_start_ms: String(anomaly.windowStart),
    window_end_ms: String(anomaly.windowEnd)
  }
  const url = template.replaceAll(placeholder, (_, name: Placeholder) =>
    encodeURIComponent(values[name].toWellFormed())
  )
  return url.length <= maxUrlLength ? url : null
}
