import { isAbove } from '../../detectors/rules/severity.ts'
import type { Sentence } from '../../detectors/types.ts'
import { ofReceiver } from './last-notified.ts'
import type { NotificationLog } from './notification-log.ts'
import type { Reason, ReasonType } from './reason.ts'
import type { Suppression } from './suppression.ts'
import type { StoredIncident } from './types.ts'

export interface NotifyRules {
  readonly repeatAfterMs: number
  /** An open incident that nobody has acknowledged is notified again so long after the last message; null never. */
  readonly remindAfterMs: number | null
}

/** `windowEnd` is that of the window just judged, null between windows; `nowMs` is the wall clock. */
export interface EvaluationTime {
  readonly windowEnd: number | null
  readonly nowMs: number
}

/** What decides on an incident's notifications, besides the incident. */
export interface NotifyContext extends Suppression {
  readonly rules: NotifyRules
  readonly log: NotificationLog
  readonly at: EvaluationTime
  readonly targets: {
    readonly channels: readonly string[]
    readonly pagers: readonly string[]
    /** Those of the channels that edit their message: they get each alert that joins. */
    readonly editing: readonly string[]
  }
  /** The finding is recent; an older one goes into the catch-up summary. */
  readonly mayNotify: boolean
  /** No earlier run can have opened and ended a page for it. */
  readonly mayPage: boolean
  /** The findings that this incident inhibits; asked for where a message says so. */
  readonly inhibits: () => readonly Sentence[]
}

/** Reasons that are no news once somebody has acknowledged the incident. */
const quietOnceAcknowledged: ReadonlySet<ReasonType> = new Set([
  'route_changed',
  'silence_ended',
  'inhibition_ended'
])

/** `onlyIfCurrent`: sent only while somebody may still act on it, never during a catch-up. */
export interface NotifyReason {
  readonly reason: Reason
  readonly onlyIfCurrent: boolean
}

/**
 * Why a channel is to be notified now; null where it is not. Never while the condition is clearing: it may be over.
 */
export function notifyReason(
  incident: StoredIncident,
  receiver: string,
  { windowEnd, nowMs }: EvaluationTime,
  { repeatAfterMs, remindAfterMs }: NotifyRules,
  edits: boolean
): NotifyReason | null {
  if (incident.status !== 'open' || incident.clearWindows > 0) return null
  const last = ofReceiver(incident.lastNotified, receiver)
  if (last === undefined) {
    const reason = firstReason(incident, receiver, windowEnd)
    return incident.acknowledged && quietOnceAcknowledged.has(reason.type)
      ? null
      : { reason, onlyIfCurrent: false }
  }
  if (isAbove(incident.severity, last.severity))
    return { reason: { type: 'severity_rose' }, onlyIfCurrent: false }
  if (edits && last.alerts !== undefined && incident.alerts.length > last.alerts)
    return { reason: { type: 'more_found' }, onlyIfCurrent: true }
  if (incident.flapping && !last.flapping) return { reason: { type: 'flapping' }, onlyIfCurrent: true }
  const { lastClearAt } = incident
  const cameBack =
    lastClearAt !== null &&
    lastClearAt > last.windowEnd &&
    windowEnd !== null &&
    incident.lastAnomalyAt === windowEnd
  if (cameBack && windowEnd - last.windowEnd >= repeatAfterMs && !incident.flapping)
    return { reason: { type: 'came_back' }, onlyIfCurrent: true }
  const reminds = remindAfterMs !== null && incident.acknowledged === null && nowMs - last.at >= remindAfterMs
  return reminds ? { reason: { type: 'reminder' }, onlyIfCurrent: true } : null
}

function firstReason(incident: StoredIncident, receiver: string, windowEnd: number | null): Reason {
  if (incident.flapping) return { type: 'flapping' }
  return (
    afterSuppression(incident, receiver) ?? firstNotifiedReason(incident, incident.lastNotified, windowEnd)
  )
}

/** Why a receiver is notified once its suppression has ended; undefined where there was none. */
export function afterSuppression(incident: StoredIncident, receiver: string): Reason | undefined {
  const suppressed = ofReceiver(incident.suppressedReasons, receiver)
  if (suppressed === undefined) return undefined
  return { type: suppressed.type === 'silenced' ? 'silence_ended' : 'inhibition_ended' }
}

/** Why a receiver is notified for the first time, given what any channel was notified of before. */
export function firstNotifiedReason(
  incident: StoredIncident,
  notifiedBefore: StoredIncident['lastNotified'],
  windowEnd: EvaluationTime['windowEnd']
): Reason {
  if (incident.openedAt === windowEnd) return { type: 'opened' }
  const notified = Object.values(notifiedBefore)
  if (notified.length === 0) return { type: 'still_open' }
  const rose = notified.some(({ severity }) => isAbove(incident.severity, severity))
  return { type: rose ? 'severity_rose' : 'route_changed' }
}
