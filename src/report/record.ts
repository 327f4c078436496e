import { notificationIdOf } from '../incident/ids.ts'
import { notYetSent } from '../incident/notification.ts'
import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import type { Slot } from './schedule.ts'
import type { ReportText } from './text.ts'
import type { ReportSettings } from './types.ts'

/** What names the message of a report: the same again after a crash and on another instance. */
export interface ReportKey {
  readonly pipeline: string
  readonly name: string
  /** The local day that it is about. */
  readonly date: string
  /** Of a report that is due at several hours of the day. */
  readonly hour?: number
  /** When a person sent it; absent where it was due. */
  readonly sentAt?: number
}

const decisionOf = ({ pipeline, name, date, hour, sentAt }: ReportKey): string => {
  const rest = [...(hour === undefined ? [] : [`${hour}:00`]), ...(sentAt === undefined ? [] : [sentAt])]
  return [pipeline, 'report', name, date, ...rest].join('|')
}

/** Where one report is due at several hours, each has its own. */
export const reportKeyOf = (pipeline: string, { name, hour }: ReportSettings, { date }: Slot): ReportKey => ({
  ...{ pipeline, name, date },
  ...(name === 'idle' && { hour })
})

export const reportIdOf = (key: ReportKey, receiver: string): string =>
  notificationIdOf(decisionOf(key), receiver)

/** The message of a report to one receiver. */
export function reportRecord(
  key: ReportKey,
  receiver: string,
  { severity = 'low', ...text }: ReportText,
  { outcome, answer = '', nowMs }: { outcome: NotificationOutcome; answer?: string; nowMs: number }
): NotificationRecord {
  return {
    id: reportIdOf(key, receiver),
    pipeline: key.pipeline,
    // A thread of its own: it belongs to no incident.
    incidentId: notificationIdOf(decisionOf(key), 'report'),
    receiver,
    action: 'summary',
    kind: 'report',
    segment: 'all',
    severity,
    dedupKey: null,
    anomalies: [],
    reason: { type: 'report' },
    ...notYetSent(nowMs),
    outcome,
    answer,
    incident: null,
    recent: [],
    inhibits: [],
    report: { name: key.name, date: key.date, ...text }
  }
}
