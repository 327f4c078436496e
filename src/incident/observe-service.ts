import { isOfService } from '../../detectors/kind-of.ts'
import type { Anomaly } from '../../detectors/types.ts'
import { type Alert, isOpen } from './alert.ts'
import { openIncident, withAlerts } from './alerts-of-incident.ts'
import { type IncidentTable, keyOf } from './incident-table.ts'
import { type LifecycleRules, observe } from './lifecycle.ts'
import { withChanged } from './observe-window.ts'
import type { ServiceAlert } from './service-alert.ts'
import type { StoredIncident } from './types.ts'

/** The incident of an alert of another service in its new state; undefined where it changes nothing, or was seen before. */
export function observeServiceAlert(
  table: IncidentTable,
  { kind, segment, status, at }: ServiceAlert,
  anomaly: Anomaly,
  rules: LifecycleRules
): StoredIncident | undefined {
  const known = table.alerts.get(keyOf({ kind, segment }))
  const before = known?.alert
  const incident = known && table.byId.get(known.incidentId)
  const isOver = status === 'resolved'
  const after = observe(
    before,
    { windowStart: at, windowEnd: at, judged: true, anomaly: isOver ? undefined : anomaly, isOver },
    rules
  )
  if (after === undefined || after === before) return undefined
  if (after.id !== before?.id) return openIncident(after, incident, rules, 0)
  return incident && withChanged(incident, new Map([[after.id, after]]))
}

/** Incidents of services of which nothing was heard for so long, as they end then. */
export function endSilentOnes(
  table: IncidentTable,
  nowMs: number,
  afterMs: number
): readonly StoredIncident[] {
  return table
    .open()
    .filter(({ kind, lastAnomalyAt }) => isOfService(kind) && nowMs - lastAnomalyAt >= afterMs)
    .map(incident =>
      withAlerts(
        incident,
        incident.alerts.map(alert => (isOpen(alert) ? ended(alert, nowMs) : alert))
      )
    )
}

const ended = (alert: Alert, nowMs: number): Alert => ({
  ...alert,
  status: 'resolved',
  resolvedAt: nowMs,
  lastWindowEnd: nowMs,
  lastClearAt: nowMs
})
