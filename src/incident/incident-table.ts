import { isOfPipeline } from '../../detectors/kind-of.ts'
import { type Alert, isOpen } from './alert.ts'
import type { StoredIncident } from './types.ts'

export type IncidentTable = ReturnType<typeof createIncidentTable>

export const keyOf = ({ kind, segment }: { readonly kind: string; readonly segment: string }): string =>
  JSON.stringify([kind, segment])

/** An alert and the incident that it belongs to. */
interface Known {
  readonly alert: Alert
  readonly incidentId: string
}

/** The latest alert of each kind and segment, open or resolved, and the incidents that these belong to. */
export function createIncidentTable() {
  const alerts = new Map<string, Known>()
  const incidents = new Map<string, StoredIncident>()
  const knownAlerts: ReadonlyMap<string, Known> = alerts
  const knownIncidents: ReadonlyMap<string, StoredIncident> = incidents

  /** Forgets an incident once each of its alerts has a later one of its kind and segment. */
  function forgetReplaced(id: string): void {
    const { alerts: own = [] } = incidents.get(id) ?? {}
    if (!own.some(alert => alerts.get(keyOf(alert))?.incidentId === id)) incidents.delete(id)
  }

  /** False where nothing changes. */
  function put(incident: StoredIncident): boolean {
    if (incidents.get(incident.id) === incident) return false
    incidents.set(incident.id, incident)
    const replaced = new Set<string>()
    for (const alert of incident.alerts) {
      const key = keyOf(alert)
      const before = alerts.get(key)
      if (before && before.alert.lastWindowEnd > alert.lastWindowEnd) continue
      if (before && before.incidentId !== incident.id) replaced.add(before.incidentId)
      alerts.set(key, { alert, incidentId: incident.id })
    }
    for (const id of replaced) forgetReplaced(id)
    return true
  }

  return {
    alerts: knownAlerts,
    byId: knownIncidents,
    put,
    /** The open alert of a kind and segment, and its incident. */
    openOf(kind: string, segment: Alert['segment']): { alert: Alert; incident: StoredIncident } | undefined {
      const known = alerts.get(keyOf({ kind, segment }))
      const incident = known && isOpen(known.alert) ? incidents.get(known.incidentId) : undefined
      return known && incident && { alert: known.alert, incident }
    },
    open: (): StoredIncident[] => [...incidents.values()].filter(isOpen),
    /**
     * Replaces what is known by what is stored. Of kinds by which the pipeline watches itself, incidents are kept: they
     * may not be stored, and reading the log again does not find them again.
     */
    restore(stored: readonly StoredIncident[]): void {
      const kept = [...incidents.values()].filter(({ kind }) => isOfPipeline(kind))
      alerts.clear()
      incidents.clear()
      for (const incident of [...kept, ...stored]) {
        const other = incidents.get(incident.id)
        if (!other || incident.lastWindowEnd >= other.lastWindowEnd) put(incident)
      }
      for (const id of [...incidents.keys()]) forgetReplaced(id)
    }
  }
}
