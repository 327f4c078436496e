import { v5 } from 'uuid'
import type { Severity } from '../../detectors/types.ts'
import type { Segment } from '../window/segment.ts'
import { formatReason, isReroute, isSuppression, type ReasonType } from './reason.ts'
import type { NotificationRecord } from './types.ts'

/** Ids are name-based, never random: what is decided again after a crash gets the same id. */
const namespace = '6f0a1d1e-7a55-5c1c-9d6b-0f3c8a4f2b7e'

const uuidOf = (...parts: readonly (string | number)[]): string => v5(JSON.stringify(parts), namespace)

/** Also the id of the incident that it opens. Ids are made of these words, so they never change. */
export const alertIdOf = (pipeline: string, kind: string, segment: Segment, firstWindowEnd: number): string =>
  uuidOf('incident', pipeline, kind, segment, firstWindowEnd)

export const notificationIdOf = (decision: string, receiver: string): string =>
  uuidOf('notification', decision, receiver)

/** Of a finding that begins at `since`: evaluated again, it is the same. */
export const recommendationIdOf = (pipeline: string, kind: string, resource: string, since: number): string =>
  uuidOf('recommendation', pipeline, kind, resource, since)

/** Within an incident the severity only rises, so a key is opened at most once. `page` counts from 1. */
export const dedupKeyOf = (incidentId: string, severity: Severity, page: number): string =>
  `cartwatch-${incidentId}-${severity}${page > 1 ? `-${page}` : ''}`

export interface DecisionKey
  extends Pick<NotificationRecord, 'incidentId' | 'action' | 'severity' | 'reason' | 'dedupKey'> {
  /** The window end of the latest anomaly of the incident. */
  readonly notifiedWindowEnd: number
  /** Of the acknowledgement in force. */
  readonly acknowledgedAt: number | undefined
}

/** The name of the first notification of an incident at a severity. Ids are made of it, so it never changes. */
export const firstNotificationName = (incidentId: string, severity: Severity): string =>
  `${incidentId}|told|${severity}`

/** Reasons that can be given more than once at one severity. */
const repeated: ReadonlySet<ReasonType> = new Set(['came_back', 'reminder', 'flapping', 'more_found'])

/** The name of a decision, the same for all its receivers. */
export function decisionName(decision: DecisionKey): string {
  const { incidentId, action, severity, reason, dedupKey, notifiedWindowEnd, acknowledgedAt } = decision
  if (dedupKey !== null) return `${dedupKey}|${action}`
  if (action === 'resolve') return `${incidentId}|resolve`
  if (reason.type === 'taken_over') return `${incidentId}|taken_over|${acknowledgedAt}`
  if (action === 'acknowledge') return `${incidentId}|acknowledge|${severity}`
  if (isSuppression(reason) || reason.type === 'escalated')
    return `${incidentId}|${formatReason(reason)}|${severity}`
  if (repeated.has(reason.type)) return `${incidentId}|${formatReason(reason)}|${notifiedWindowEnd}`
  return firstNotificationName(incidentId, severity)
}

/** The decision behind a stored record; null for one that is not about one incident, or that repeats another record. */
export function decisionOf(record: NotificationRecord): { name: string; notifiedWindowEnd: number } | null {
  const { action, reason } = record
  if (action === 'summary' || reason.type === 'test') return null
  if (isSuppression(reason) || isReroute(reason)) return null
  const notifiedWindowEnd = record.incident?.lastAnomalyAt ?? record.anomalies.at(-1)?.windowEnd ?? 0
  const acknowledgedAt = record.incident?.acknowledged?.at
  return { name: decisionName({ ...record, notifiedWindowEnd, acknowledgedAt }), notifiedWindowEnd }
}
