import type { CatchUpSummary } from './catch-up-summary.ts'
import { type IncidentTable, keyOf } from './incident-table.ts'
import type { Notification } from './notification.ts'
import type { Notified } from './notify.ts'
import type { StoredIncident } from './types.ts'

export interface IncidentChanges {
  /** Incidents whose state changed. */
  readonly incidents: readonly StoredIncident[]
  /** In the order of sending. */
  readonly notifications: readonly Notification[]
}

/** Collects what one call changes, and brings it into the table and the summary. */
export function collectChanges(table: IncidentTable, summary: CatchUpSummary) {
  const changed = new Map<string, StoredIncident>()
  const notifications: Notification[] = []

  function put(incident: StoredIncident): void {
    if (!table.put(incident)) return
    changed.set(keyOf(incident), incident)
    summary.update(incident)
  }

  return {
    put,
    apply({ state, notifications: decided, waitsForSummary }: Notified): void {
      put(state)
      notifications.push(...decided)
      if (waitsForSummary) summary.add(state)
    },
    add: (more: readonly Notification[]) => void notifications.push(...more),
    all: (): IncidentChanges => ({ incidents: [...changed.values()], notifications })
  }
}
