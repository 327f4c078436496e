import { v5 } from 'uuid'
import type { Severity } from '../../detectors/types.ts'
import type { NotificationAction, NotificationRecord } from './types.ts'

/** Identities are names, never random: whatever is decided again after a crash gets the same one. */
const namespace = '6f0a1d1e-7a55-5c1c-9d6b-0f3c8a4f2b7e'

const uuidOf = (...parts: readonly (string | number)[]): string => v5(JSON.stringify(parts), namespace)

export const incidentIdOf = (
  pipeline: string,
  kind: string,
  segment: string,
  firstWindowEnd: number
): string => uuidOf('incident', pipeline, kind, segment, firstWindowEnd)

export const notificationIdOf = (decision: string, receiver: string): string =>
  uuidOf('notification', decision, receiver)

/** A severity only ever rises within an incident, so a key is opened at most once. `page` counts from 1. */
export const dedupKeyOf = (incidentId: string, severity: Severity, page: number): string =>
  `cartwatch-${incidentId}-${severity}${page > 1 ? `-${page}` : ''}`

export interface DecisionIdentity {
  readonly incidentId: string
  readonly action: NotificationAction
  readonly severity: Severity
  readonly reason: string
  readonly dedupKey: string | null
  /** Window time of the anomaly told of. */
  readonly toldWindowEnd: number
}

/** The name of the message that first tells of an incident at a severity. */
export const toldName = (incidentId: string, severity: Severity): string => `${incidentId}|told|${severity}`

/** Reasons that can be given more than once at one severity. */
const repeated: ReadonlySet<string> = new Set(['came_back', 'reminder', 'flapping'])

/** The name of a decision, the same for all its receivers. */
export function decisionName(decision: DecisionIdentity): string {
  const { incidentId, action, severity, reason, dedupKey, toldWindowEnd } = decision
  if (dedupKey !== null) return `${dedupKey}|${action}`
  if (action === 'resolve') return `${incidentId}|resolve`
  if (action === 'acknowledge') return `${incidentId}|acknowledge|${severity}`
  if (isMute(reason)) return `${incidentId}|${reason}|${severity}`
  if (repeated.has(reason)) return `${incidentId}|${reason}|${toldWindowEnd}`
  return toldName(incidentId, severity)
}

/** Why a decision is not to be sent, rather than why it is. */
export const isMute = (reason: string): boolean => /^(silenced|explained_by):/.test(reason)

/** The decision behind a stored record; null for one that told nobody of one incident, or only another of it. */
export function decisionOf(record: NotificationRecord): { name: string; toldWindowEnd: number } | null {
  const { action, reason } = record
  if (action === 'summary' || reason === 'test' || isMute(reason)) return null
  if (/^(refused_elsewhere|fallback)/.test(reason)) return null
  const toldWindowEnd = record.anomalies.at(-1)?.windowEnd ?? 0
  return { name: decisionName({ ...record, toldWindowEnd }), toldWindowEnd }
}
