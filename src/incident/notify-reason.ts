import { mutedForOf, toldTo } from './last-notified.ts'
import { rank } from './severity.ts'
import type { StoredIncident } from './types.ts'

export interface DueRules {
  readonly repeatAfterMs: number
  /** An incident that lasts unacknowledged is told of again so long after the last message; null never. */
  readonly remindAfterMs: number | null
}

/** When it is asked: a window's end where one was judged, null between windows; and the wall clock. */
export interface Moment {
  readonly windowEnd: number | null
  readonly nowMs: number
}

/** What is not news to people one of whom has taken it on. */
const quietOnce: ReadonlySet<string> = new Set(['route_changed', 'silence_ended', 'no_longer_explained'])

/** `beyond`: a message that only wants to be sent while somebody may still act on it, never from a backlog. */
export interface Due {
  readonly reason: string
  readonly beyond: boolean
}

/**
 * Why a message to a channel is due, or null. Nothing is due while the condition is clearing: it has not been seen to
 * last.
 */
export function channelDue(
  incident: StoredIncident,
  receiver: string,
  { windowEnd, nowMs }: Moment,
  { repeatAfterMs, remindAfterMs }: DueRules
): Due | null {
  if (incident.status !== 'open' || incident.clearWindows > 0) return null
  const told = toldTo(incident, receiver)
  if (told === undefined) {
    const reason = firstReason(incident, receiver, windowEnd)
    return incident.acknowledged && quietOnce.has(reason) ? null : { reason, beyond: false }
  }
  if (rank(incident.severity) > rank(told.severity)) return { reason: 'severity_rose', beyond: false }
  if (incident.flapping && !told.flapping) return { reason: 'flapping', beyond: true }
  const { lastClearAt } = incident
  const cameBack =
    lastClearAt !== null &&
    lastClearAt > told.windowEnd &&
    windowEnd !== null &&
    incident.lastAnomalyAt === windowEnd
  if (cameBack && windowEnd - told.windowEnd >= repeatAfterMs && !incident.flapping)
    return { reason: 'came_back', beyond: true }
  const reminds = remindAfterMs !== null && incident.acknowledged === null && nowMs - told.at >= remindAfterMs
  return reminds ? { reason: 'reminder', beyond: true } : null
}

function firstReason(incident: StoredIncident, receiver: string, windowEnd: number | null): string {
  if (incident.flapping) return 'flapping'
  return unmutedReason(incident, receiver) ?? lateReason(incident, incident.told, windowEnd)
}

/** Why a receiver is told that something kept from being told; undefined where nothing did. */
export function unmutedReason(incident: StoredIncident, receiver: string): string | undefined {
  const mutedFor = mutedForOf(incident, receiver)
  if (mutedFor === undefined) return undefined
  return mutedFor.startsWith('silenced') ? 'silence_ended' : 'no_longer_explained'
}

/** Why a receiver is told for the first time, by what channels knew until now. */
export function lateReason(
  incident: StoredIncident,
  toldBefore: StoredIncident['told'],
  windowEnd: Moment['windowEnd']
): string {
  if (incident.openedAt === windowEnd) return 'opened'
  const told = Object.values(toldBefore)
  if (told.length === 0) return 'still_open'
  return told.some(({ severity }) => rank(severity) < rank(incident.severity))
    ? 'severity_rose'
    : 'route_changed'
}
