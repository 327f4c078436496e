import type { NotificationRecord } from '../incident/types.ts'
import { setRecent } from './newest-entries.ts'

const remembered = 20_000

/** The incidents of which a receiver has accepted a notification, and at what severity. */
export function createAccepted() {
  const accepted = new Map<string, true>()
  return {
    note({ action, outcome, incidentId, severity }: NotificationRecord): void {
      if (action === 'trigger' && outcome === 'sent')
        setRecent(accepted, keyOf(incidentId, severity), true, remembered)
    },
    has: (incidentId: string, severity: string): boolean => accepted.has(keyOf(incidentId, severity))
  }
}

const keyOf = (incidentId: string, severity: string): string => `${incidentId} ${severity}`
