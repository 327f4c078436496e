import type { Anomaly, Evidence, Severity } from '../../../detectors/types.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { detailsOf } from '../message/details.ts'
import { environmentMark, formatAmount, subjectOf } from '../message/format.ts'
import { composeMessage, type Message } from '../message/message.ts'
import { plainlyOf } from '../message/plain-fallback.ts'
import { cut, plain } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'

export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve'
  readonly dedup_key: string
  /** Of a trigger. */
  readonly payload?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

export const withSource = (event: PagerDutyEvent, source: string): PagerDutyEvent =>
  event.payload === undefined ? event : { ...event, payload: { ...event.payload, source } }

const severities: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info'
}

/** Characters; the API refuses a summary over 1,024, a key over 255 and a body over 512 KB. */
const max = {
  summary: 1_024,
  key: 255,
  name: 255,
  text: 1_000,
  details: 4_000,
  lines: 20,
  evidence: 100,
  value: 500
}

/** The event for a notification, without its routing key; null where nothing can be open. */
export function pagerDutyEvent(
  notification: NotificationRecord,
  renderOptions: RenderOptions
): PagerDutyEvent | null {
  const { action, dedupKey } = notification
  if (action === 'resolve' || action === 'acknowledge') {
    return dedupKey === null ? null : { event_action: action, dedup_key: cut(dedupKey, max.key) }
  }
  return { event_action: 'trigger', dedup_key: keyOf(notification), ...trigger(notification, renderOptions) }
}

export const plainPagerDutyEvent = (notification: NotificationRecord, problem: string): PagerDutyEvent => ({
  event_action: 'trigger',
  dedup_key: keyOf(notification),
  payload: payloadOf(notification, plainlyOf(notification, problem))
})

/** Without a key of an incident, as for a message passed on, the notification itself is what is opened. */
const keyOf = ({ id, dedupKey }: NotificationRecord): string => cut(dedupKey ?? `cartwatch-${id}`, max.key)

function trigger(notification: NotificationRecord, renderOptions: RenderOptions) {
  const message = composeMessage(notification, renderOptions)
  const anomaly = notification.anomalies.at(-1)
  const links = message.links
    .filter(({ id }) => id !== 'acknowledge_link')
    .map(({ url, text }) => ({ href: url, text }))
    .concat(message.parts.flatMap(part => part.links.map(href => ({ href, text: part.heading ?? href }))))
  const dashboard = message.links.find(({ id }) => id === 'view_dashboard')
  return {
    payload: {
      ...payloadOf(notification, summaryOf(notification, message, renderOptions)),
      ...(anomaly && { timestamp: new Date(anomaly.windowEnd).toISOString() }),
      component: cut(plain(componentOf(notification.segment, anomaly)), max.name),
      custom_details: anomaly ? customDetails(notification, message, anomaly, renderOptions) : {}
    },
    client: 'cartwatch',
    ...(dashboard && { client_url: dashboard.url }),
    ...(links.length > 0 && { links })
  }
}

function payloadOf({ severity, pipeline, kind }: NotificationRecord, summary: string) {
  return {
    summary: cut(summary, max.summary),
    source: cut(`cartwatch ${plain(pipeline)}`, max.name),
    severity: severities[severity],
    group: cut(plain(pipeline), max.name),
    class: cut(plain(kind), max.name)
  }
}

/** Without the severity, which PagerDuty shows by itself. */
function summaryOf(
  notification: NotificationRecord,
  { title, t }: Message,
  renderOptions: RenderOptions
): string {
  const { action, reason, anomalies } = notification
  if (action === 'summary') return title
  const test = reason.type === 'test' ? `[${t('title.test')}] ` : ''
  const anomaly = anomalies.at(-1)
  const details = anomaly ? detailsOf(anomaly, renderOptions) : ''
  return `${environmentMark(renderOptions)}${test}${t('title.headline', { title: subjectOf(notification, t), details })}`
}

/** The part of the shop that is concerned: that of the finding, or the one that explains most of it. */
function componentOf(segment: string, anomaly: Anomaly | undefined): string {
  return segment === 'all' ? (anomaly?.explainedBy?.[0]?.segment ?? segment) : segment
}

function customDetails(
  notification: NotificationRecord,
  message: Message,
  anomaly: Anomaly,
  renderOptions: RenderOptions
) {
  const { metric, unit, value, expected, evidence } = anomaly
  const facts = message.facts.map(({ key, text }) => [key, cut(text, max.text)])
  const parts = message.parts
    .filter(({ key }) => key !== 'details')
    .map(({ key, lines }) => [key, shownLines(lines, message)])
  return {
    details: cut(detailsOf(anomaly, renderOptions), max.details),
    ...(message.notes.length > 0 && { note: cut(message.notes.join(' '), max.text) }),
    ...Object.fromEntries(facts),
    metric: cut(plain(metric), max.name),
    current: formatAmount(unit, value, renderOptions),
    metric_value: value,
    expected_value: expected,
    segment: cut(plain(anomaly.segment), max.name),
    ...Object.fromEntries(parts),
    incident: notification.incidentId,
    evidence: shortened(evidence)
  }
}

function shownLines(lines: readonly string[], { t }: Message): string | readonly string[] {
  const [first = ''] = lines
  if (lines.length <= 1) return cut(first, max.text)
  const rest = lines.length - max.lines
  const shown = lines.slice(0, max.lines).map(line => cut(line, max.text))
  return rest > 0 ? [...shown, t('part.more', { count: rest })] : shown
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
