import { z } from 'zod'
import { type Alert, alertState, isSameCondition } from '../../incident/alert.ts'
import { levelOf } from '../../incident/escalation.ts'
import { conditionOf } from '../../incident/impact.ts'
import type { IncidentLabel } from '../../incident/labels.ts'
import { kindsOf } from '../../incident/one-cause.ts'
import { formatReason, parseReason } from '../../incident/reason.ts'
import { type Escalation, incidentState, type StoredIncident } from '../../incident/types.ts'
import { ofIncidents, timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { anomalyOfStored, storedAnomaly } from './anomaly-json.ts'
import { stateReader } from './checked.ts'
import { versioned } from './json-version.ts'
import { fromStored, toStored } from './stored-keys.ts'
import { dateTime, maybeDateTime, type Table, viewOf } from './table.ts'

const keys = { lastNotified: 'told', suppressedReasons: 'mutedFor' } as const

const columns = {
  id: ({ id }) => id,
  pipeline: ({ pipeline }) => pipeline,
  kind: ({ kind }) => kind,
  segment: ({ segment }) => segment,
  cause: ({ cause }) => cause?.title ?? '',
  alert_kinds: ({ alerts }) => [...kindsOf(alerts)],
  status: ({ status }) => status,
  severity: ({ severity }) => severity,
  opened_at: ({ openedAt }) => dateTime(openedAt),
  last_anomaly_at: ({ lastAnomalyAt }) => dateTime(lastAnomalyAt),
  resolved_at: ({ resolvedAt }) => maybeDateTime(resolvedAt),
  acknowledged_by: ({ acknowledged }) => acknowledged?.by ?? null,
  acknowledged_at: ({ acknowledged }) => maybeDateTime(acknowledged?.at ?? null),
  escalation_level: ({ escalation }) => (escalation ? levelOf(escalation) : 0),
  escalated_at: ({ escalation }) => maybeDateTime(escalation?.taken.at(-1)?.at ?? null),
  last_window_end: ({ lastWindowEnd }) => dateTime(lastWindowEnd),
  clear_windows: ({ clearWindows }) => clearWindows,
  last_clear_at: ({ lastClearAt }) => maybeDateTime(lastClearAt),
  notified_at: incident => maybeDateTime(lastNotification(incident)?.windowEnd ?? null),
  notified_severity: incident => lastNotification(incident)?.severity ?? null,
  dedup_key: ({ dedupKey }) => dedupKey,
  dedup_receivers: ({ dedupReceivers }) => dedupReceivers,
  anomalies: ({ anomalies }) => anomalies,
  peak_value: ({ peak }) => peak.value,
  peak_expected: ({ peak }) => peak.expected,
  loss: ({ loss }) => loss,
  explained_by: ({ explainedBy }) => explainedBy.map(({ segment }) => segment),
  flapping: ({ flapping }) => (flapping ? 1 : 0),
  state: ({ alerts, ...incident }) => {
    const suppressedReasons = mapValues(incident.suppressedReasons, formatReason)
    return toStored({ ...incident, suppressedReasons, ...asOneAlert(incident, alerts), alerts }, keys)
  }
} satisfies Table<StoredIncident>['columns']

/** What versions read that have one alert an incident: that of the alert that leads. */
function asOneAlert(lead: Pick<Alert, 'kind' | 'segment'>, alerts: readonly Alert[]) {
  const { openings, lossLagMs, gapWindows } = alerts.find(alert => isSameCondition(alert, lead)) ?? {}
  return { openings, lossLagMs, gapWindows }
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

/** To any receiver. */
const lastNotification = ({ lastNotified }: StoredIncident) =>
  Object.values(lastNotified).sort((a, b) => b.windowEnd - a.windowEnd)[0]

export const incidentTable = { name: 'incidents', columns }

/**
 * An incident as JSON, for the command line and the API: the columns of `realtime.incidents`, the time of the condition
 * itself, what was worst, how it was acknowledged and labelled, and what its last anomaly says.
 */
export function viewOfIncident(incident: StoredIncident, label?: IncidentLabel) {
  const { peak, acknowledged, escalation, lastAnomaly, cause, alerts } = incident
  const { conditionFrom, conditionTo } = conditionOf(incident)
  return versioned({
    ...viewOf(incidentTable, incident),
    flapping: incident.flapping,
    condition_from: iso(conditionFrom),
    condition_to: iso(conditionTo),
    peak: {
      value: peak.value,
      expected: peak.expected,
      severity: peak.severity,
      window_end: iso(peak.windowEnd)
    },
    acknowledged: acknowledged && {
      by: acknowledged.by,
      via: acknowledged.via,
      at: iso(acknowledged.at),
      severity: acknowledged.severity
    },
    acknowledged_via: acknowledged?.via ?? null,
    label: label === undefined ? null : viewOfLabel(label),
    escalation: escalation ? viewOfEscalation(escalation) : null,
    metric: lastAnomaly.metric,
    details: lastAnomaly.details,
    cause: cause ?? null,
    alerts: alerts.map(viewOfAlert)
  })
}

const viewOfLabel = ({ verdict, reason, by, via, at }: IncidentLabel) => ({
  ...{ verdict, reason, by, via },
  at: iso(at)
})

const viewOfEscalation = ({ policy, levels, since, taken, receivers }: Escalation) => ({
  policy,
  levels,
  since: since === null ? null : iso(since),
  taken: taken.map(({ level, at, by }) => ({ level, at: iso(at), by })),
  receivers
})

const viewOfAlert = ({ id, kind, segment, status, severity, lastAnomaly, ...alert }: Alert) => ({
  ...{ id, kind, segment, status, severity },
  opened_at: iso(alert.openedAt),
  last_anomaly_at: iso(alert.lastAnomalyAt),
  resolved_at: alert.resolvedAt === null ? null : iso(alert.resolvedAt),
  loss: alert.loss,
  details: lastAnomaly.details
})

const iso = (ms: number): string => new Date(ms).toISOString()

/** What earlier versions did not write is optional. */
const storedAlert = alertState
  .partial({ peak: true, loss: true, explainedBy: true, flapping: true, openings: true })
  .extend({ lastAnomaly: storedAnomaly })

/** Earlier versions wrote an incident of one alert, with what is the alert's now. */
const storedIncident = incidentState
  .omit({ lastNotified: true })
  .extend(storedAlert.shape)
  .partial({ acknowledged: true, silencedBy: true, pages: true })
  .extend({
    alerts: z.array(storedAlert).optional(),
    told: incidentState.shape.lastNotified.optional(),
    mutedFor: z.record(z.string(), z.string()).optional()
  })

/** An incident out of a line of its id and its `state`. */
export const readIncident = stateReader(incidentTable.name, storedIncident, (state): StoredIncident => {
  const { openings: _, lossLagMs: __, gapWindows: ___, ...stored } = completed(fromStored(state, keys))
  return {
    ...stored,
    alerts: alertsOf(state),
    acknowledged: stored.acknowledged ?? null,
    lastNotified: stored.lastNotified ?? {},
    suppressedReasons: mapValues(stored.suppressedReasons ?? {}, parseReason),
    silencedBy: stored.silencedBy ?? null,
    pages: stored.pages ?? 1
  }
})

/** An earlier version that changed a row kept its alerts as they were: what leads has gone on then. */
function alertsOf(state: z.input<typeof storedIncident>): readonly Alert[] {
  const alerts = state.alerts?.map(completed)
  if (alerts?.some(({ lastWindowEnd }) => lastWindowEnd >= state.lastWindowEnd)) return alerts
  const lead = completed(storedAlert.parse(state))
  return alerts?.map(alert => (isSameCondition(alert, lead) ? { ...lead, id: alert.id } : alert)) ?? [lead]
}

/** With what earlier versions did not write. */
function completed<Stored extends z.input<typeof storedAlert>>(stored: Stored) {
  const lastAnomaly = anomalyOfStored(stored.lastAnomaly)
  const { value, expected, windowEnd, explainedBy } = lastAnomaly
  const { severity, openedAt } = stored
  return {
    ...stored,
    lastAnomaly,
    peak: stored.peak ?? { value, expected, severity, windowEnd },
    loss: stored.loss ?? null,
    explainedBy: stored.explainedBy ?? explainedBy,
    flapping: stored.flapping ?? false,
    openings: stored.openings ?? [openedAt]
  }
}

type IncidentCalls = Pick<Store, 'insertIncidents' | 'incidents' | 'findIncidents'>

export const incidentCalls = ({ database, insert, select }: Requests): IncidentCalls => ({
  insertIncidents: incidents => insert(incidentTable, incidents),

  incidents(pipeline, sinceMs) {
    const sql = `SELECT id, state FROM ${database}.incidents FINAL
      WHERE pipeline = {pipeline:String}
        AND (status = 'open' OR last_window_end >= fromUnixTimestamp64Milli({since:Int64}, 'UTC'))
      ORDER BY opened_at, id`
    return select(sql, { pipeline, since: timeParam(sinceMs) }, readIncident)
  },

  findIncidents(filter) {
    const { where, limit, params } = ofIncidents(filter)
    const sql = `SELECT id, state FROM ${database}.incidents FINAL ${where} ORDER BY opened_at DESC, id ${limit}`
    return select(sql, params, readIncident)
  }
})
