import { dedupKeyOf, notificationIdOf } from '../incident/ids.ts'
import type { NotificationRecord } from '../incident/types.ts'

/** Why a message goes to another receiver: the one that its own names, or that of the default route. */
export type PassedOnAs = 'fallback' | 'refused_elsewhere'

/** It goes no further: what the second receiver cannot take ends there. */
export const isPassedOn = ({ reason }: NotificationRecord): boolean =>
  /^(fallback|refused_elsewhere):/.test(reason)

export interface PassOn {
  readonly receiver: string
  readonly isPager: boolean
  readonly as: PassedOnAs
  readonly nowMs: number
}

/** The message anew for another receiver, marked with the one that it was meant for. A pager opens the incident's page. */
export function passedOn(
  record: NotificationRecord,
  { receiver, isPager, as, nowMs }: PassOn
): NotificationRecord {
  const opens = isPager && record.action === 'trigger'
  return {
    ...anew(record, nowMs),
    id: notificationIdOf(`${record.id}|passed_on`, receiver),
    receiver,
    dedupKey: opens ? (record.dedupKey ?? dedupKeyOf(record.incidentId, record.severity, 1)) : null,
    reason: `${as}:${record.receiver}`
  }
}

/** The end of a page that was opened in place of another receiver. */
export const endOf = (page: NotificationRecord, nowMs: number): NotificationRecord => ({
  ...anew(page, nowMs),
  id: notificationIdOf(`${page.id}|resolve`, page.receiver),
  action: 'resolve'
})

const anew = (record: NotificationRecord, nowMs: number): NotificationRecord => ({
  ...record,
  decidedAt: nowMs,
  outcome: 'pending',
  attempts: 0,
  answer: '',
  updatedAt: nowMs,
  receipt: null,
  requestId: null,
  latencyMs: null
})
