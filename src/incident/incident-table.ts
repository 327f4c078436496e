import { isOfPipeline } from '../../detectors/kind-of.ts'
import type { StoredIncident } from './types.ts'

export type IncidentTable = ReturnType<typeof createIncidentTable>

export const keyOf = ({ kind, segment }: Pick<StoredIncident, 'kind' | 'segment'>): string =>
  JSON.stringify([kind, segment])

/** The latest incident of each kind and segment, open or resolved. */
export function createIncidentTable() {
  const byKey = new Map<string, StoredIncident>()
  const known: ReadonlyMap<string, StoredIncident> = byKey
  return {
    byKey: known,
    /** The open incident of a kind and segment. */
    openOf(kind: string, segment: StoredIncident['segment']): StoredIncident | undefined {
      const incident = byKey.get(keyOf({ kind, segment }))
      return incident?.status === 'open' ? incident : undefined
    },
    open: (): StoredIncident[] => [...byKey.values()].filter(({ status }) => status === 'open'),
    /** False where nothing changes. */
    put(incident: StoredIncident): boolean {
      const key = keyOf(incident)
      if (byKey.get(key) === incident) return false
      byKey.set(key, incident)
      return true
    },
    /**
     * Replaces what is known by what is stored. Of kinds by which the pipeline watches itself, incidents are kept: they
     * may not be stored, and reading the log again does not find them again.
     */
    restore(stored: readonly StoredIncident[]): void {
      for (const [key, { kind }] of byKey) if (!isOfPipeline(kind)) byKey.delete(key)
      for (const incident of stored) {
        const key = keyOf(incident)
        const other = byKey.get(key)
        if (!other || incident.lastWindowEnd >= other.lastWindowEnd) byKey.set(key, incident)
      }
    }
  }
}
