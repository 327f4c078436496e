import { sourceOf } from '../../detectors/kind-of.ts'
import { type Alert, isOpen } from './alert.ts'
import { canHaveOneCause } from './one-cause.ts'
import type { StoredIncident } from './types.ts'

export interface GroupingRules {
  /** Alerts of one cause whose conditions begin so close together are one incident; null: each has one of its own. */
  readonly groupWithinMs: number | null
}

/** Bounds an incident's row. Where so many segments are found, one alert of the whole shop inhibits the rest. */
const maxAlerts = 100

/** The incident that an alert which opens belongs to; undefined where it opens one of its own. */
export function incidentToJoin(
  alert: Alert,
  incidents: Iterable<StoredIncident>,
  { groupWithinMs }: GroupingRules
): StoredIncident | undefined {
  if (groupWithinMs === null) return undefined
  let latest: StoredIncident | undefined
  for (const incident of incidents) {
    if (!isOpen(incident) || (latest && incident.openedAt < latest.openedAt)) continue
    if (beginTogether(incident, alert, groupWithinMs) && mayShare(incident, alert)) latest = incident
  }
  return latest
}

function mayShare({ kind, alerts }: StoredIncident, alert: Alert): boolean {
  // What the pipeline says of itself, and what services raise, comes by the clock, not with a window.
  const areFoundInWindows = [kind, alert.kind].every(one => sourceOf(one) === 'windows')
  if (!areFoundInWindows || alerts.length >= maxAlerts) return false
  return canHaveOneCause([...alerts, alert])
}

/**
 * The condition of an alert began, at the latest, so long after the incident opened. A finding of a long span only says
 * that it began within the span: it may be a late sign of what opened the incident.
 */
const beginTogether = ({ openedAt }: StoredIncident, alert: Alert, withinMs: number): boolean =>
  (alert.conditionFrom ?? alert.openedAt) <= openedAt + withinMs
