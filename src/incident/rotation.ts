import { isOpen } from './alert.ts'
import type { IncidentTable } from './incident-table.ts'
import { inhibitorsFirst } from './inhibition.ts'
import type { Allowed } from './timeliness.ts'
import type { StoredIncident } from './types.ts'

/** Incidents evaluated in one go. With more of them open, the rest follows a tick later: none holds the event loop. */
const atOnce = 250

export interface RotationTask {
  /** The window that is being evaluated; null between windows. */
  readonly windowEnd: number | null
  readonly allowed: (incident: StoredIncident, nowMs: number) => Allowed
}

/** Goes through the open incidents, those first that may inhibit others, a part of them at each call. */
export function createRotation(table: Pick<IncidentTable, 'open' | 'byId'>) {
  let left: StoredIncident[] = []
  let task: RotationTask | undefined
  return {
    /** Begins anew: everything is to be evaluated by this. */
    begin(next: RotationTask): void {
      left = inhibitorsFirst(table.open())
      task = next
    },
    isOver: (): boolean => left.length === 0,
    /** The next incidents, as they are now. */
    take(): { readonly incidents: readonly StoredIncident[]; readonly task: RotationTask } | undefined {
      if (task === undefined) return undefined
      const part = left.slice(0, atOnce)
      left = left.slice(atOnce)
      const incidents = part.map(({ id }) => table.byId.get(id)).filter(incident => incident !== undefined)
      return { incidents: incidents.filter(isOpen), task }
    },
    /** What is known was replaced. */
    forget(): void {
      left = []
    }
  }
}
