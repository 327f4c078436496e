import { levelOf } from './escalation.ts'
import { dedupKeyOf } from './ids.ts'
import { inhibitedIn, type Notification, type NotificationSpec, notificationOf } from './notification.ts'
import type { NotificationLog } from './notification-log.ts'
import {
  afterSuppression,
  type EvaluationTime,
  firstNotifiedReason,
  type NotifyContext
} from './notify-reason.ts'
import type { Reason } from './reason.ts'
import { suppressedReason, suppressOnce } from './suppression.ts'
import type { StoredIncident } from './types.ts'

/**
 * Opens an incident's page, replaces it by one of a higher severity, or ends it because of a silence.
 * `notifiedBefore`: what channels were notified of before this evaluation.
 */
export function updatePage(
  incident: StoredIncident,
  context: NotifyContext,
  notifiedBefore: StoredIncident['lastNotified']
): { state: StoredIncident; notifications: Notification[] } {
  const { log, mayPage, silencedBy, targets, at, inhibits } = context
  const notifications: Notification[] = []
  let state = log.silenced(incident.dedupKey ?? '') ? withoutPage(incident) : incident
  if (silencedBy !== undefined && state.dedupKey !== null) {
    notifications.push(...endOfPage(state, { type: 'page_silenced' }, log))
    const silenced = { type: 'silenced', silenceId: silencedBy } as const
    const ofPagers = Object.fromEntries(state.dedupReceivers.map(receiver => [receiver, silenced]))
    const suppressedReasons = { ...state.suppressedReasons, ...ofPagers }
    state = withoutPage({ ...state, suppressedReasons })
  }
  if (state.status !== 'open' || state.clearWindows > 0) return { state, notifications }
  const dedupKey = dedupKeyOf(state.id, state.severity, state.pages)
  const isNew = state.dedupKey !== dedupKey
  const before = log.receivers(`${dedupKey}|trigger`)
  const opened: string[] = isNew ? [...before] : [...new Set([...state.dedupReceivers, ...before])]
  for (const receiver of targets.pagers) {
    if (opened.includes(receiver) || state.acknowledged !== null || !mayPage) continue
    const suppressed = suppressedReason(receiver, context)
    if (suppressed !== undefined) {
      const recorded = suppressOnce(state, receiver, suppressed)
      state = recorded.state
      notifications.push(...recorded.notifications)
      continue
    }
    const reason = pageReason(state, receiver, { isNew, notifiedBefore, windowEnd: at.windowEnd })
    notifications.push(
      notificationOf(state, { action: 'trigger', reason, dedupKey, receiver, ...inhibitedIn(inhibits()) })
    )
    opened.push(receiver)
  }
  if (opened.length === 0) return { state, notifications }
  // The new page opens before the old one ends: at no time is none open.
  if (isNew) notifications.push(...endOfPage(state, { type: 'severity_rose' }, log))
  const isSame = !isNew && opened.length === state.dedupReceivers.length
  return {
    state: isSame ? state : { ...withoutSuppression(state, opened), dedupKey, dedupReceivers: opened },
    notifications
  }
}

/** Opens the page of an incident at one more receiver; nothing changes where it is open there. */
export function pageAt(
  incident: StoredIncident,
  receiver: string,
  spec: Pick<NotificationSpec, 'reason' | 'escalated'>,
  log: NotificationLog
): { state: StoredIncident; notifications: Notification[] } {
  const { id, severity, pages } = incident
  const dedupKey = dedupKeyOf(id, severity, pages)
  const isOpen = incident.dedupKey === dedupKey
  const opened = isOpen ? incident.dedupReceivers : []
  if (opened.includes(receiver)) return { state: incident, notifications: [] }
  const state = { ...incident, dedupKey, dedupReceivers: [...opened, receiver] }
  const page = notificationOf(state, { ...spec, action: 'trigger', dedupKey, receiver })
  return { state, notifications: log.notified(page.name, receiver) ? [] : [page] }
}

/** Ends the page at every receiver that it was opened through, even where a silence is in force. */
export function endOfPage(incident: StoredIncident, reason: Reason, log: NotificationLog): Notification[] {
  const { dedupKey, dedupReceivers } = incident
  if (dedupKey === null) return []
  return dedupReceivers
    .map(receiver => notificationOf(incident, { action: 'resolve', reason, dedupKey, receiver }))
    .filter(({ name, receiver }) => !log.notified(name, receiver))
}

const withoutPage = (incident: StoredIncident): StoredIncident => ({
  ...incident,
  dedupKey: null,
  dedupReceivers: [],
  pages: incident.pages + 1
})

function withoutSuppression(incident: StoredIncident, receivers: readonly string[]): StoredIncident {
  const kept = Object.entries(incident.suppressedReasons).filter(
    ([receiver]) => !receivers.includes(receiver)
  )
  return { ...incident, suppressedReasons: Object.fromEntries(kept) }
}

interface PageChange {
  readonly isNew: boolean
  readonly notifiedBefore: StoredIncident['lastNotified']
  readonly windowEnd: EvaluationTime['windowEnd']
}

/** Why a page is opened at a receiver. */
function pageReason(
  incident: StoredIncident,
  receiver: string,
  { isNew, notifiedBefore, windowEnd }: PageChange
): Reason {
  const suppressionEnded = afterSuppression(incident, receiver)
  if (suppressionEnded !== undefined) return suppressionEnded
  if (isNew && incident.dedupKey !== null) return { type: 'severity_rose' }
  const { escalation } = incident
  if (escalation?.receivers.includes(receiver)) return { type: 'escalated', level: levelOf(escalation) }
  if (!isNew) return { type: 'route_changed' }
  if (incident.pages > 1) return { type: 'silence_ended' }
  return firstNotifiedReason(incident, notifiedBefore, windowEnd)
}
