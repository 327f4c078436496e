import { isOfPipeline, sourceOf } from '../../detectors/kind-of.ts'
import { isAbove } from '../../detectors/rules/severity.ts'
import type { Anomaly, Verdict } from '../../detectors/types.ts'
import { type Alert, isOpen, isSameCondition } from './alert.ts'
import { openIncident, withAlerts } from './alerts-of-incident.ts'
import { type GroupingRules, incidentToJoin } from './grouping.ts'
import { type IncidentTable, keyOf } from './incident-table.ts'
import { inhibitorsFirst } from './inhibition.ts'
import { type LifecycleRules, observe } from './lifecycle.ts'
import type { StoredIncident } from './types.ts'

/** The incidents that a window concerns, in their new states. */
export interface Observed {
  readonly ended: readonly StoredIncident[]
  /** Open ones, changed or not. */
  readonly open: readonly StoredIncident[]
}

/** A verdict of the pipeline about itself; all others are on windows of the stream. */
export function isSelfCheck({ judged }: Verdict, anomalies: readonly Anomaly[]): boolean {
  const kinds = [...judged, ...anomalies.map(({ kind }) => kind)]
  return kinds.length > 0 && kinds.every(isOfPipeline)
}

/** The states of incidents after a verdict. `anomalies` are those of its findings. */
export function observeWindow(
  table: IncidentTable,
  verdict: Verdict,
  anomalies: readonly Anomaly[],
  rules: LifecycleRules & GroupingRules
): Observed {
  const ofPipeline = isSelfCheck(verdict, anomalies)
  // What the pipeline finds about itself never flaps: its windows are of no fixed length.
  const lifecycle = ofPipeline ? { ...rules, flapping: null } : rules
  const source = ofPipeline ? 'pipeline' : 'windows'
  const { changed, opened } = observeAlerts(table, verdict, anomalies, source, lifecycle)
  const concerned = new Map<string, StoredIncident>()
  for (const incident of table.byId.values()) {
    if (isOpen(incident) && sourceOf(incident.kind) === source)
      concerned.set(incident.id, withChanged(incident, changed))
  }
  const windowMs = verdict.windowEnd - verdict.windowStart
  for (const alert of inhibitorsFirst(opened)) {
    const joined = incidentToJoin(alert, concerned.values(), rules)
    const incident = joined
      ? withAlerts(
          joined,
          [...joined.alerts.filter(other => !isSameCondition(other, alert)), alert],
          joined.openedAt === alert.openedAt
        )
      : openIncident(alert, predecessorOf(table, alert), lifecycle, windowMs)
    concerned.set(incident.id, incident)
  }
  const after = [...concerned.values()]
  return { ended: after.filter(incident => !isOpen(incident)), open: after.filter(isOpen) }
}

/** The alerts that a window changes by their id, and those that it opens. */
function observeAlerts(
  table: IncidentTable,
  { windowStart, windowEnd, judged, over, isGap = false, ...verdict }: Verdict,
  anomalies: readonly Anomaly[],
  source: 'pipeline' | 'windows',
  rules: LifecycleRules
): { changed: ReadonlyMap<string, Alert>; opened: readonly Alert[] } {
  const { lasting = [], believed = [], back = [], standing = [] } = verdict
  const found = mostSevereByKey(anomalies)
  const states = new Map(standing.map(one => [keyOf(one), one.state]))
  const changed = new Map<string, Alert>()
  const opened: Alert[] = []
  for (const key of new Set([...table.alerts.keys(), ...found.keys()])) {
    const { alert: before, incidentId = '' } = table.alerts.get(key) ?? {}
    const anomaly = found.get(key)
    const kind = anomaly?.kind ?? before?.kind ?? ''
    if (sourceOf(kind) !== source) continue
    const incident = table.byId.get(incidentId)
    const after = observe(
      before,
      {
        ...{ windowStart, windowEnd, anomaly, isGap },
        judged: judged.includes(kind),
        lasts: (before?.segment === 'all' && lasting.includes(kind)) || states.get(key) === 'lasts',
        isBelieved: before?.segment === 'all' && believed.includes(kind),
        isBack: before?.segment === 'all' && back.includes(kind),
        isOver: over !== undefined || states.get(key) === 'over',
        mayResume: incident !== undefined && isOpen(incident)
      },
      rules
    )
    if (!after || after === before) continue
    if (after.id === before?.id) changed.set(after.id, after)
    else opened.push(after)
  }
  return { changed, opened }
}

/** The same object where none of its alerts has changed. */
export function withChanged(incident: StoredIncident, changed: ReadonlyMap<string, Alert>): StoredIncident {
  if (!incident.alerts.some(({ id }) => changed.has(id))) return incident
  return withAlerts(
    incident,
    incident.alerts.map(alert => changed.get(alert.id) ?? alert)
  )
}

/** The incident in which this kind and segment were found last. */
function predecessorOf(table: IncidentTable, alert: Alert): StoredIncident | undefined {
  const known = table.alerts.get(keyOf(alert))
  return known && table.byId.get(known.incidentId)
}

function mostSevereByKey(anomalies: readonly Anomaly[]): Map<string, Anomaly> {
  const mostSevere = new Map<string, Anomaly>()
  for (const anomaly of anomalies) {
    const key = keyOf(anomaly)
    const other = mostSevere.get(key)
    if (!other || isAbove(anomaly.severity, other.severity)) mostSevere.set(key, anomaly)
  }
  return mostSevere
}
