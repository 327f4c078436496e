import { dedupKeyOf, notificationIdOf } from '../incident/ids.ts'
import { notYetSent } from '../incident/notification.ts'
import { isReroute } from '../incident/reason.ts'
import type { NotificationRecord } from '../incident/types.ts'

/** Whose receiver gets a rerouted message: the fallback of the first one, or the default route. Stored in its reason. */
export type RerouteReason = 'fallback' | 'refused_elsewhere'

export interface RerouteTo {
  readonly receiver: string
  readonly isPager: boolean
  readonly reason: RerouteReason
  readonly nowMs: number
}

/** A rerouted message goes no further. */
export const isRerouted = ({ reason }: NotificationRecord): boolean => isReroute(reason)

/** The message for another receiver, with the one that it was meant for in its reason. At a pager it opens a page. */
export function rerouted(
  record: NotificationRecord,
  { receiver, isPager, reason, nowMs }: RerouteTo
): NotificationRecord {
  const opensPage = isPager && record.action === 'trigger'
  return {
    ...pendingCopy(record, nowMs),
    // Every version must give the same id, or a restart would send it twice.
    id: notificationIdOf(`${record.id}|passed_on`, receiver),
    receiver,
    dedupKey: opensPage ? (record.dedupKey ?? dedupKeyOf(record.incidentId, record.severity, 1)) : null,
    reason: { type: reason, receiver: record.receiver }
  }
}

/** Resolves a page that a rerouted message opened. */
export const resolveOf = (page: NotificationRecord, nowMs: number): NotificationRecord => ({
  ...pendingCopy(page, nowMs),
  id: notificationIdOf(`${page.id}|resolve`, page.receiver),
  action: 'resolve'
})

const pendingCopy = (record: NotificationRecord, nowMs: number): NotificationRecord => ({
  ...record,
  ...notYetSent(nowMs),
  outcome: 'pending'
})
