import { notificationIdOf } from './identity.ts'
import type { NotificationRecord } from './types.ts'

const mark = 'refused_elsewhere'

/** The message anew for another receiver, marked with the one that refused it. */
export function passedOn(record: NotificationRecord, receiver: string, nowMs: number): NotificationRecord {
  return {
    ...record,
    id: notificationIdOf(`${record.id}|${mark}`, receiver),
    receiver,
    dedupKey: null,
    reason: `${mark}:${record.receiver}`,
    decidedAt: nowMs,
    outcome: 'pending',
    attempts: 0,
    answer: '',
    updatedAt: nowMs
  }
}

/** It goes no further: a second refusal ends it. */
export const isPassedOn = ({ reason }: NotificationRecord): boolean => reason.startsWith(mark)
