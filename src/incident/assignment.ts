import type { Assignment } from '../routing/group.ts'
import { ofReceiver } from './last-notified.ts'
import type { NotificationLog } from './notification-log.ts'
import type { StoredIncident } from './types.ts'

/**
 * Which member of a group an incident belongs to: the one that it was decided for, by its own state or by what an earlier run
 * stored of its notifications, sent or suppressed.
 */
export function assignmentOf(incident: StoredIncident, log: NotificationLog): Assignment {
  const { id, lastNotified, dedupReceivers, suppressedReasons, escalation } = incident
  return {
    key: id,
    isAssigned: receiver =>
      ofReceiver(lastNotified, receiver) !== undefined ||
      dedupReceivers.includes(receiver) ||
      ofReceiver(suppressedReasons, receiver) !== undefined ||
      log.lastNotified(id, receiver) !== undefined,
    isBroughtIn: receiver => escalation?.receivers.includes(receiver) === true
  }
}
