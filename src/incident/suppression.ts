import { ofReceiver } from './last-notified.ts'
import { type Notification, notificationOf } from './notification.ts'
import { formatReason, type SuppressedReason } from './reason.ts'
import type { StoredIncident } from './types.ts'

/** What can keep an incident's notifications from being sent. */
export interface Suppression {
  /** The id of the silence in force; undefined where there is none. */
  readonly silencedBy: string | undefined
  /** The kind of an open incident that inhibits this one and that this receiver was notified of. */
  readonly inhibitedBy: (receiver: string) => string | undefined
}

/** Why a receiver is not notified, as a notification's reason; undefined where nothing suppresses it. */
export function suppressedReason(
  receiver: string,
  { silencedBy, inhibitedBy }: Suppression
): SuppressedReason | undefined {
  if (silencedBy !== undefined) return { type: 'silenced', silenceId: silencedBy }
  const kind = inhibitedBy(receiver)
  return kind === undefined ? undefined : { type: 'inhibited_by', kind }
}

/** Records what is not sent, once for each reason. */
export function suppressOnce(
  incident: StoredIncident,
  receiver: string,
  reason: SuppressedReason
): { state: StoredIncident; notifications: Notification[] } {
  const before = ofReceiver(incident.suppressedReasons, receiver)
  if (before && formatReason(before) === formatReason(reason)) return { state: incident, notifications: [] }
  const suppressedReasons = { ...incident.suppressedReasons, [receiver]: reason }
  const state = { ...incident, suppressedReasons }
  return {
    state,
    notifications: [notificationOf(state, { action: 'trigger', reason, dedupKey: null, receiver })]
  }
}
