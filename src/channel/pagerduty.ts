import type { NotificationRecord } from '../alert/types.ts'
import type { Anomaly, Evidence, Severity } from '../detect/types.ts'
import { dashboardUrl } from './dashboard.ts'
import { amountOf, type Locale, reasonText, spanOf, subjectOf, whereOf } from './describe.ts'
import type { Http } from './http.ts'
import { cut, plain } from './text.ts'
import type { Channel } from './types.ts'

export interface PagerDutyOptions extends Locale {
  readonly url: string
  readonly integrationKey: string
  readonly dashboardTemplate: string | null
  readonly http: Http
}

/** A service's Events API v2 integration. */
export function createPagerDutyChannel(options: PagerDutyOptions): Channel {
  const { url, integrationKey, http } = options
  return {
    type: 'pagerduty',
    address: `${url} ${integrationKey}`,
    async send(notification) {
      const event = pagerDutyEvent(notification, options)
      if (!event) return { kind: 'sent', answer: 'nothing is open here to resolve' }
      return http.post(url, { routing_key: integrationKey, ...event }, [integrationKey])
    }
  }
}

const severities: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info'
}

/** Characters; the API refuses a summary over 1,024, a key over 255 and a body over 512 KB. */
const max = { summary: 1_024, key: 255, name: 255, details: 4_000, evidence: 100, value: 500 }

export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'resolve'
  readonly dedup_key: string
  readonly [field: string]: unknown
}

export type PagerDutyLook = Locale & Pick<PagerDutyOptions, 'dashboardTemplate'>

/** The event for a notification, without its routing key; null where there is nothing to resolve. */
export function pagerDutyEvent(notification: NotificationRecord, look: PagerDutyLook): PagerDutyEvent | null {
  const { action, dedupKey, severity, anomalies, kind, segment, pipeline } = notification
  if (action === 'resolve') {
    return dedupKey === null ? null : { event_action: 'resolve', dedup_key: dedupKey }
  }
  const anomaly = anomalies.at(-1)
  const url = dashboardUrl(look.dashboardTemplate, notification)
  const title =
    action === 'summary' ? `Caught up: ${anomalies.length} incidents found late` : subjectOf(notification)
  const test = notification.reason === 'test' ? '[TEST] ' : ''
  const details = anomaly && action === 'trigger' ? `: ${plain(anomaly.details)}` : ''
  return {
    event_action: 'trigger',
    // Without a key of an incident, as for a message passed on, the notification itself is what is opened.
    dedup_key: cut(dedupKey ?? `cartwatch-${notification.id}`, max.key),
    payload: {
      summary: cut(`${test}${title}${details}`, max.summary),
      source: cut(`cartwatch ${plain(pipeline)}`, max.name),
      severity: severities[severity],
      ...(anomaly && { timestamp: new Date(anomaly.windowEnd).toISOString() }),
      component: cut(plain(componentOf(segment, anomaly)), max.name),
      group: cut(plain(pipeline), max.name),
      class: cut(plain(kind), max.name),
      custom_details: anomaly ? customDetails(notification, anomaly, look) : {}
    },
    client: 'cartwatch',
    ...(url && { client_url: url, links: [{ href: url, text: 'View Dashboard' }] })
  }
}

/** The part of the shop that is concerned: that of the finding, or the one that explains most of it. */
function componentOf(segment: string, anomaly: Anomaly | undefined): string {
  return segment === 'all' ? (anomaly?.explainedBy?.[0]?.segment ?? segment) : segment
}

function customDetails(notification: NotificationRecord, anomaly: Anomaly, look: Locale) {
  const { metric, value, expected, windowStart, windowEnd, evidence } = anomaly
  const note = reasonText(notification)
  const where = whereOf(anomaly, look)
  return {
    details: cut(plain(anomaly.details), max.details),
    ...(note && { note }),
    severity: notification.severity,
    metric: cut(plain(metric), max.name),
    current: amountOf(metric, value, look),
    expected: amountOf(metric, expected, look),
    time: spanOf(windowStart, windowEnd, look),
    segment: cut(plain(anomaly.segment), max.name),
    ...(where.length > 0 && { where }),
    incident: notification.incidentId,
    evidence: shortened(evidence)
  }
}

function shortened(evidence: Evidence): Evidence {
  const entries = Object.entries(evidence).slice(0, max.evidence)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      cut(plain(name), max.name),
      typeof value === 'string' ? cut(plain(value), max.value) : value
    ])
  )
}
