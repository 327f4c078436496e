import { isAbove } from '../../detectors/rules/severity.ts'
import type { Anomaly, Severity } from '../../detectors/types.ts'
import { decisionOf } from './ids.ts'
import type { NotificationRecord, StoredIncident } from './types.ts'

interface LoggedNotification {
  /** The window end of the anomaly that it was about. */
  readonly windowEnd: number
  /** When it was decided, by the wall clock. */
  readonly at: number
}

interface LoggedLevel extends LoggedNotification {
  /** Of an escalation, counted from 1. */
  readonly level: number
  readonly by: string | null
  readonly receiver: string
  readonly isPage: boolean
}

export type NotificationLog = ReturnType<typeof readNotificationLog>

/** What earlier runs decided and stored: it is not decided again, and so not sent again. */
export function readNotificationLog(records: readonly NotificationRecord[]) {
  const decisions = new Map<string, Map<string, LoggedNotification>>()
  const summaries = new Map<string, Anomaly[]>()
  const lastNotified = new Map<string, LoggedNotification>()
  const silenced = new Set<string>()
  const levels = new Map<string, LoggedLevel[]>()
  for (const record of records) {
    if (record.action === 'summary') {
      for (const anomaly of record.anomalies) {
        const key = JSON.stringify([anomaly.kind, anomaly.segment])
        const listed = summaries.get(key) ?? []
        summaries.set(key, listed)
        listed.push(anomaly)
      }
    }
    const decision = decisionOf(record)
    if (!decision) continue
    const { receiver, decidedAt, incidentId } = record
    const receivers = decisions.get(decision.name) ?? new Map<string, LoggedNotification>()
    const logged = { windowEnd: decision.notifiedWindowEnd, at: decidedAt }
    receivers.set(receiver, logged)
    decisions.set(decision.name, receivers)
    const key = keyOf(incidentId, receiver)
    if (record.action === 'trigger' && decidedAt >= (lastNotified.get(key)?.at ?? decidedAt))
      lastNotified.set(key, logged)
    if (record.reason.type === 'escalated') {
      const of = keyOf(incidentId, record.severity)
      const by = record.escalated?.by ?? null
      const level = { ...logged, level: record.reason.level, by, receiver, isPage: record.dedupKey !== null }
      levels.set(of, [...(levels.get(of) ?? []), level])
    }
    if (record.reason.type === 'page_silenced' && record.dedupKey !== null) silenced.add(record.dedupKey)
  }
  return {
    notified: (decision: string, receiver: string): LoggedNotification | undefined =>
      decisions.get(decision)?.get(receiver),
    /** The receivers of a decision; empty where there was none. */
    receivers: (decision: string): readonly string[] => [...(decisions.get(decision)?.keys() ?? [])],
    /** The last notification of an incident to a receiver; undefined where there was none. */
    lastNotified: (incidentId: string, receiver: string): LoggedNotification | undefined =>
      lastNotified.get(keyOf(incidentId, receiver)),
    /** A summary listed the incident at its present severity or a higher one. */
    summarised({ kind, segment, severity, openedAt, lastAnomalyAt }: StoredIncident): boolean {
      const listed = summaries.get(JSON.stringify([kind, segment])) ?? []
      return listed.some(
        anomaly =>
          anomaly.windowEnd >= openedAt &&
          anomaly.windowEnd <= lastAnomalyAt &&
          !isAbove(severity, anomaly.severity)
      )
    },
    /** The levels of an escalation that were taken at a severity, one for each receiver. */
    levels: (incidentId: string, severity: Severity): readonly LoggedLevel[] =>
      levels.get(keyOf(incidentId, severity)) ?? [],
    /** A silence ended the page of this key. */
    silenced: (dedupKey: string): boolean => silenced.has(dedupKey)
  }
}

const keyOf = (incidentId: string, of: string): string => `${incidentId} ${of}`
