import type { Silence, StoredIncident } from '../../incident/types.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** An incident as the API shows it; times are ISO 8601 in UTC. */
export const incidentPage = (incident: StoredIncident) => ({
  id: incident.id,
  pipeline: incident.pipeline,
  kind: incident.kind,
  segment: incident.segment,
  status: incident.status,
  severity: incident.severity,
  opened_at: iso(incident.openedAt),
  last_anomaly_at: iso(incident.lastAnomalyAt),
  resolved_at: incident.resolvedAt === null ? null : iso(incident.resolvedAt),
  anomalies: incident.anomalies,
  peak: {
    value: incident.peak.value,
    expected: incident.peak.expected,
    severity: incident.peak.severity,
    window_end: iso(incident.peak.windowEnd)
  },
  loss: incident.loss,
  explained_by: incident.explainedBy.map(({ segment }) => segment),
  flapping: incident.flapping,
  acknowledged: incident.acknowledged && {
    by: incident.acknowledged.by,
    via: incident.acknowledged.via,
    at: iso(incident.acknowledged.at),
    severity: incident.acknowledged.severity
  },
  details: incident.lastAnomaly.details
})

export const silencePage = ({ id, matchers, by, reason, startsAt, endsAt }: Silence) => ({
  id,
  match: {
    ...(matchers.kinds && { kind: matchers.kinds }),
    ...(matchers.severities && { severity: matchers.severities }),
    ...(matchers.segments && { segment: matchers.segments }),
    ...(matchers.pipelines && { pipeline: matchers.pipelines }),
    ...(Object.keys(matchers.labels).length > 0 && { labels: matchers.labels })
  },
  by,
  reason,
  starts_at: iso(startsAt),
  ends_at: iso(endsAt)
})
