import type { Anomaly } from '../../detectors/types.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from '../incident/types.ts'
import type { MetricValue, WindowMetrics } from '../metrics/types.ts'
import { incidentKeys, notificationKeys, toStored } from './stored-keys.ts'

type Cell = string | number | null | readonly string[]
export type Row = readonly Cell[]

/** How one kind of thing becomes rows: the columns of its table, and a row of cells in their order. */
export interface TableRows {
  readonly table: string
  readonly columns: readonly string[]
}

export const windowRows: TableRows = {
  table: 'window_metrics',
  columns: [
    'pipeline',
    'metric',
    'dimension',
    'segment',
    'window_start',
    'window_end',
    'value',
    'numerator',
    'denominator',
    'sample_size',
    'squares',
    'complete',
    'records'
  ]
}

export function* rowsOfWindow(pipeline: string, window: WindowMetrics): Generator<Row> {
  const start = dateTime(window.start)
  const end = dateTime(window.end)
  const complete = window.complete ? 1 : 0
  const row = (metric: string, dimension: string, segment: string, of: MetricValue): Row => [
    pipeline,
    metric,
    dimension,
    segment,
    start,
    end,
    of.value,
    of.numerator,
    of.denominator,
    of.sampleSize,
    of.squares,
    complete,
    window.records
  ]
  for (const [metric, value] of window.values) yield row(metric, 'all', 'all', value)
  for (const segment of window.segments)
    yield row(segment.metric, segment.dimension, segment.segment, segment)
}

export const anomalyRows: TableRows = {
  table: 'anomalies_log',
  columns: [
    'id',
    'pipeline',
    'anomaly_type',
    'severity',
    'metric',
    'segment',
    'metric_value',
    'expected_value',
    'details',
    'window_start',
    'window_end',
    'detected_at',
    'explained_by',
    'evidence',
    'config_hash'
  ]
}

export function rowOfAnomaly(anomaly: Anomaly): Row {
  return [
    anomaly.id,
    anomaly.pipeline,
    anomaly.kind,
    anomaly.severity,
    anomaly.metric,
    anomaly.segment,
    anomaly.value,
    anomaly.expected,
    anomaly.details,
    dateTime(anomaly.windowStart),
    dateTime(anomaly.windowEnd),
    dateTime(anomaly.detectedAt),
    anomaly.explainedBy.map(({ segment }) => segment),
    JSON.stringify({
      ...anomaly.evidence,
      ...(anomaly.explainedBy.length > 0 && { segments: anomaly.explainedBy })
    }),
    anomaly.configHash
  ]
}

export const incidentRows: TableRows = {
  table: 'incidents',
  columns: [
    'id',
    'pipeline',
    'kind',
    'segment',
    'status',
    'severity',
    'opened_at',
    'last_anomaly_at',
    'resolved_at',
    'acknowledged_by',
    'acknowledged_at',
    'last_window_end',
    'clear_windows',
    'last_clear_at',
    'notified_at',
    'notified_severity',
    'dedup_key',
    'dedup_receivers',
    'anomalies',
    'peak_value',
    'peak_expected',
    'loss',
    'explained_by',
    'flapping',
    'state'
  ]
}

export function rowOfIncident(incident: StoredIncident): Row {
  return [
    incident.id,
    incident.pipeline,
    incident.kind,
    incident.segment,
    incident.status,
    incident.severity,
    dateTime(incident.openedAt),
    dateTime(incident.lastAnomalyAt),
    maybeDateTime(incident.resolvedAt),
    incident.acknowledged?.by ?? null,
    maybeDateTime(incident.acknowledged?.at ?? null),
    dateTime(incident.lastWindowEnd),
    incident.clearWindows,
    maybeDateTime(incident.lastClearAt),
    ...lastNotification(incident),
    incident.dedupKey,
    incident.dedupReceivers,
    incident.anomalies,
    incident.peak.value,
    incident.peak.expected,
    incident.loss,
    incident.explainedBy.map(({ segment }) => segment),
    incident.flapping ? 1 : 0,
    toStored(incident, incidentKeys)
  ]
}

/** The last notification, to any receiver: its window time and its severity. */
function lastNotification({ lastNotified }: StoredIncident): [string | null, string | null] {
  const [last] = Object.values(lastNotified).sort((a, b) => b.windowEnd - a.windowEnd)
  return [maybeDateTime(last?.windowEnd ?? null), last?.severity ?? null]
}

export const notificationRows: TableRows = {
  table: 'notifications',
  columns: [
    'id',
    'pipeline',
    'incident_id',
    'receiver',
    'action',
    'kind',
    'segment',
    'severity',
    'dedup_key',
    'anomaly_ids',
    'reason',
    'decided_at',
    'outcome',
    'attempts',
    'answer',
    'latency_ms',
    'request_id',
    'updated_at',
    'state'
  ]
}

export function rowOfNotification(notification: NotificationRecord): Row {
  return [
    notification.id,
    notification.pipeline,
    notification.incidentId,
    notification.receiver,
    notification.action,
    notification.kind,
    notification.segment,
    notification.severity,
    notification.dedupKey,
    notification.anomalies.map(anomaly => anomaly.id),
    notification.reason,
    dateTime(notification.decidedAt),
    notification.outcome,
    notification.attempts,
    notification.answer,
    notification.latencyMs,
    notification.requestId,
    dateTime(notification.updatedAt),
    toStored(notification, notificationKeys)
  ]
}

export const actionRows: TableRows = {
  table: 'actions',
  columns: [
    'id',
    'pipeline',
    'action',
    'at',
    'by',
    'via',
    'incident_id',
    'silence_id',
    'silence_ends_at',
    'reason',
    'state'
  ]
}

export function rowOfAction(action: OperatorAction): Row {
  const { silence } = action
  return [
    action.id,
    action.pipeline,
    action.action,
    dateTime(action.at),
    action.by,
    action.via,
    action.incidentId,
    silence?.id ?? null,
    maybeDateTime(silence?.endsAt ?? null),
    silence?.reason ?? '',
    JSON.stringify(action)
  ]
}

/** Milliseconds since the epoch as a DateTime64(3, 'UTC') is written. */
function dateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, -1)
}

function maybeDateTime(ms: number | null): string | null {
  return ms === null ? null : dateTime(ms)
}
