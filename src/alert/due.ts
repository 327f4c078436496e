import { rank } from './severity.ts'
import type { StoredIncident } from './types.ts'

export type DueReason = 'opened' | 'still_open' | 'severity_rose' | 'came_back'

/**
 * Why a message to channels is due at this window, or null. Nothing is due while the condition is clearing: it has
 * not been seen to last.
 */
export function channelDue(
  incident: StoredIncident,
  windowEnd: number,
  repeatAfterMs: number
): DueReason | null {
  if (incident.status !== 'open' || incident.clearWindows > 0) return null
  const { notifiedAt, notifiedSeverity, lastClearAt } = incident
  if (notifiedAt === null || notifiedSeverity === null) {
    return incident.openedAt === windowEnd ? 'opened' : 'still_open'
  }
  if (rank(incident.severity) > rank(notifiedSeverity)) return 'severity_rose'
  const cameBack = lastClearAt !== null && lastClearAt > notifiedAt && incident.lastAnomalyAt === windowEnd
  return cameBack && windowEnd - notifiedAt >= repeatAfterMs ? 'came_back' : null
}

/** An incident that nobody was told of at its present severity, whether it lasts or not. */
export function untold({ notifiedAt, notifiedSeverity, severity }: StoredIncident): boolean {
  return notifiedAt === null || notifiedSeverity === null || rank(severity) > rank(notifiedSeverity)
}
