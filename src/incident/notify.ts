import type { Sentence } from '../../detectors/types.ts'
import { isUnnotified, receiversNotified, sizeOf, withNotified } from './last-notified.ts'
import { inhibitedIn, type Notification, noReceiver, notificationOf } from './notification.ts'
import type { NotificationLog } from './notification-log.ts'
import { type NotifyContext, notifyReason } from './notify-reason.ts'
import { endOfPage, updatePage } from './paging.ts'
import type { Reason } from './reason.ts'
import { suppressedReason, suppressOnce } from './suppression.ts'
import type { StoredIncident } from './types.ts'

export interface Notified {
  readonly state: StoredIncident
  readonly notifications: readonly Notification[]
  /** It is too old for a notification of its own. */
  readonly waitsForSummary: boolean
}

/** Decides what each receiver is to be sent about an incident now, and what becomes of its page. */
export function notify(before: StoredIncident, context: NotifyContext): Notified {
  const silencedBy = context.silencedBy ?? null
  const incident = before.silencedBy === silencedBy ? before : { ...before, silencedBy }
  const channels = notifyChannels(incident, context)
  const page = updatePage(channels.state, context, incident.lastNotified)
  return { ...channels, state: page.state, notifications: [...channels.notifications, ...page.notifications] }
}

function notifyChannels(incident: StoredIncident, context: NotifyContext): Notified {
  const { rules, log, at, targets, mayNotify, inhibits } = context
  const notifications: Notification[] = []
  const before = withLogged(incident, log)
  let state = before
  let waitsForSummary = false
  const isOnlyPaged = targets.channels.length === 0 && targets.pagers.length > 0
  const channels = targets.channels.length > 0 || isOnlyPaged ? targets.channels : [noReceiver]
  for (const receiver of channels) {
    // By what was so before: a notification decided here changes nothing for the other receivers.
    const edits = targets.editing.includes(receiver)
    const due = notifyReason({ ...state, lastNotified: before.lastNotified }, receiver, at, rules, edits)
    if (due === null || (due.onlyIfCurrent && receiver === noReceiver)) continue
    const { reason } = due
    const notification = notificationOf(state, { action: 'trigger', reason, dedupKey: null, receiver })
    const known = sizeOf(state)
    const logged = log.notified(notification.name, receiver)
    if (logged) {
      if (logged.windowEnd <= state.lastAnomalyAt)
        state = withNotified(state, receiver, { ...known, ...logged })
      continue
    }
    if (!mayNotify) {
      waitsForSummary ||= isUnnotified(state)
      continue
    }
    const suppressed = suppressedReason(receiver, context)
    if (suppressed !== undefined) {
      if (due.onlyIfCurrent) continue
      const recorded = suppressOnce(state, receiver, suppressed)
      state = recorded.state
      notifications.push(...recorded.notifications)
      continue
    }
    notifications.push({ ...notification, ...inhibitedIn(inhibits()) })
    state = withNotified(state, receiver, { ...known, windowEnd: state.lastAnomalyAt, at: at.nowMs })
  }
  return { state, notifications, waitsForSummary }
}

/** With what an earlier run sent last, where it stored the notification but not the incident. */
function withLogged(incident: StoredIncident, log: NotificationLog): StoredIncident {
  const { id, lastNotified, lastAnomalyAt } = incident
  const missed = Object.entries(lastNotified).flatMap(([receiver, own]) => {
    const last = log.lastNotified(id, receiver)
    const isNewer = last !== undefined && last.at > own.at && last.windowEnd <= lastAnomalyAt
    return isNewer ? [[receiver, { ...own, ...last }] as const] : []
  })
  if (missed.length === 0) return incident
  return { ...incident, lastNotified: { ...lastNotified, ...Object.fromEntries(missed) } }
}

/** Why an incident is over. */
const endOf = ({ newLevel }: StoredIncident): Reason => ({
  type: newLevel === undefined ? 'recovered' : 'new_level'
})

/** The end of an incident; `last` replaces the sentence of its last finding. A silence keeps it from all but pages. */
export function notifyEnd(
  incident: StoredIncident,
  sendsEnd: (receiver: string) => boolean,
  log: NotificationLog,
  last: Sentence | undefined,
  silencedBy: string | undefined
): Notified {
  const reason = endOf(incident)
  const notifications = endOfPage(incident, reason, log)
  const { lastAnomaly } = incident
  const ended =
    last === undefined
      ? incident
      : { ...incident, lastAnomaly: { ...lastAnomaly, details: last.details, said: last.said } }
  for (const receiver of receiversNotified(incident).filter(sendsEnd)) {
    const end = notificationOf(ended, {
      action: 'resolve',
      reason: unlessSilenced(reason, silencedBy),
      dedupKey: null,
      receiver
    })
    if (!log.notified(end.name, receiver)) notifications.push(end)
  }
  return { state: { ...incident, dedupKey: null, dedupReceivers: [] }, notifications, waitsForSummary: false }
}

const unlessSilenced = (reason: Reason, silencedBy: string | undefined): Reason =>
  silencedBy === undefined ? reason : { type: 'silenced', silenceId: silencedBy }

/**
 * Notifies every receiver that knows of an incident that somebody acknowledged it, or took it over from somebody else: a
 * page is acknowledged already then. A silence keeps it from all but pages.
 */
export function notifyAcknowledgement(
  incident: StoredIncident,
  log: NotificationLog,
  isTakenOver: boolean,
  silencedBy: string | undefined
): readonly Notification[] {
  const { dedupKey, dedupReceivers, acknowledged, lastNotified } = incident
  // An acknowledgement that came from PagerDuty is not sent back there.
  const isKnown = acknowledged?.via === 'pagerduty' && dedupReceivers.length === 1
  const pagers = dedupKey === null || isKnown || isTakenOver ? [] : dedupReceivers
  const reason = { type: isTakenOver ? 'taken_over' : 'acknowledged' } as const
  const spec = { action: 'acknowledge' as const, reason }
  const notifications = [
    ...Object.keys(lastNotified)
      .filter(receiver => receiver !== noReceiver)
      .map(receiver =>
        notificationOf(incident, {
          ...spec,
          reason: unlessSilenced(reason, silencedBy),
          dedupKey: null,
          receiver
        })
      ),
    ...pagers.map(receiver => notificationOf(incident, { ...spec, dedupKey, receiver }))
  ]
  return notifications.filter(({ name, receiver }) => !log.notified(name, receiver))
}
