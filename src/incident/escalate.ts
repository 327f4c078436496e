import { isAbove } from '../../detectors/rules/severity.ts'
import type { EscalationLevel } from '../routing/escalation.ts'
import type { Routing } from '../routing/router.ts'
import { assignmentOf } from './assignment.ts'
import { dueAt, isTaken, levelOf, withLevel } from './escalation.ts'
import { sizeOf, withNotified } from './last-notified.ts'
import { type Notification, notificationOf } from './notification.ts'
import type { NotificationLog } from './notification-log.ts'
import { pageAt } from './paging.ts'
import type { Escalation, OperatorAction, StoredIncident } from './types.ts'

export interface EscalateContext {
  readonly routing: Routing
  readonly log: NotificationLog
  readonly nowMs: number
  /** Milliseconds of a time in which the incident was silenced. */
  readonly pausedMs: (fromMs: number, toMs: number) => number
  /** A receiver has accepted a notification at its severity. */
  readonly isDelivered: () => boolean
  readonly mayPage: boolean
}

interface Escalated {
  readonly state: StoredIncident
  readonly notifications: readonly Notification[]
}

/** Takes the levels whose time has come. Never while somebody has it, or while it is clearing: it may be over. */
export function escalateByTime(incident: StoredIncident, context: EscalateContext): Escalated {
  const { status, clearWindows, acknowledged, escalation } = incident
  const { routing, nowMs } = context
  if (status !== 'open' || clearWindows > 0 || acknowledged !== null || escalation === undefined)
    return { state: incident, notifications: [] }
  let state = incident
  const notifications: Notification[] = []
  for (const index of routing.levelsOf(escalation.policy).keys()) {
    const number = index + 1
    if (!isDue(state.escalation ?? escalation, number, context)) continue
    const taken = takeLevel(state, { level: number, at: nowMs, by: null }, context)
    state = taken.state
    notifications.push(...taken.notifications)
  }
  return { state, notifications }
}

/**
 * Takes the level that somebody asked for, or the first after it whose hours it is. Nothing where it was taken already, where
 * the incident is graver than the person saw, and within a silence.
 */
export function escalateNow(
  before: StoredIncident,
  { id, level: asked = 1, severity, by }: OperatorAction,
  isSilenced: boolean,
  context: EscalateContext
): Escalated {
  const { escalation } = before
  const { routing, nowMs } = context
  if (escalation === undefined || escalation.asked.includes(id)) return { state: before, notifications: [] }
  const incident = { ...before, escalation: { ...escalation, asked: [...escalation.asked, id] } }
  const levels = routing.levelsOf(escalation.policy)
  const isReached = asked > levels.length || levelOf(escalation) >= asked
  if (isReached || isSilenced || isAbove(incident.severity, severity ?? incident.severity))
    return { state: incident, notifications: [] }
  const later = levels.slice(asked - 1).findIndex(({ when }) => routing.isWithin(when, nowMs))
  return takeLevel(incident, { level: asked + Math.max(later, 0), at: nowMs, by }, context)
}

/** Whether a level's time has come, at this hour and as far as notifications went. */
function isDue(escalation: Escalation, number: number, context: EscalateContext): boolean {
  const { routing, nowMs, isDelivered } = context
  const levels = routing.levelsOf(escalation.policy)
  const level = levels[number - 1]
  if (level === undefined || isTaken(escalation, number)) return false
  const at = dueAt(escalation, number, levels, context)
  return (
    at !== null &&
    nowMs >= at &&
    routing.isWithin(level.when, nowMs) &&
    !(level.onlyIfUndelivered && isDelivered())
  )
}

const targetsOf = (level: EscalationLevel, incident: StoredIncident, { routing, log }: EscalateContext) =>
  routing.named(level.receivers, incident, assignmentOf(incident, log))

/** Notifies the receivers of a level, also those that know of the incident; a page that is open there stays as it is. */
function takeLevel(
  incident: StoredIncident,
  taken: Escalation['taken'][number],
  context: EscalateContext
): Escalated {
  const { escalation } = incident
  const level = escalation && context.routing.levelsOf(escalation.policy)[taken.level - 1]
  if (escalation === undefined || level === undefined) return { state: incident, notifications: [] }
  const targets = targetsOf(level, incident, context)
  const names = targets.map(({ name }) => name)
  const escalated = {
    level: taken.level,
    levels: escalation.levels,
    by: taken.by,
    mention: level.mention
  }
  const reason = { type: 'escalated', level: taken.level } as const
  let state = withLevel(incident, taken, names)
  const notifications: Notification[] = []
  for (const { name: receiver, isPager } of targets) {
    if (isPager) {
      // Else it is opened with the next window, as the pages of routes are.
      if (!context.mayPage) continue
      const paged = pageAt(state, receiver, { reason, escalated }, context.log)
      state = paged.state
      notifications.push(...paged.notifications)
      continue
    }
    const notification = notificationOf(state, {
      action: 'trigger',
      reason,
      dedupKey: null,
      receiver,
      escalated
    })
    notifications.push(notification)
    state = withNotified(state, receiver, {
      ...sizeOf(state),
      windowEnd: state.lastAnomalyAt,
      at: context.nowMs
    })
  }
  return { state, notifications }
}
