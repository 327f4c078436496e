import { notificationIdOf } from '../incident/ids.ts'
import { notYetSent } from '../incident/notification.ts'
import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import type { ReportText } from './text.ts'

/** What names the message of a report: the same again after a crash and on another instance. */
export interface ReportKey {
  readonly pipeline: string
  readonly name: string
  /** The local day that it is about. */
  readonly date: string
  /** When a person sent it; absent where it was due. */
  readonly sentAt?: number
}

const decisionOf = ({ pipeline, name, date, sentAt }: ReportKey): string =>
  `${pipeline}|report|${name}|${date}${sentAt === undefined ? '' : `|${sentAt}`}`

export const reportIdOf = (key: ReportKey, receiver: string): string =>
  notificationIdOf(decisionOf(key), receiver)

/** The message of a report to one receiver. */
export function reportRecord(
  key: ReportKey,
  receiver: string,
  text: ReportText,
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
    severity: 'low',
    dedupKey: null,
    anomalies: [],
    reason: { type: 'report' },
    ...notYetSent(nowMs),
    outcome,
    answer,
    incident: null,
    recent: [],
    inhibits: [],
    report: { name: key.name, date: key.date, title: text.title, sections: text.sections }
  }
}
