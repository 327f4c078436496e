import type { Anomaly } from '../../detectors/types.ts'
import { decisionOf } from './ids.ts'
import { rank } from './severity.ts'
import type { NotificationRecord, StoredIncident } from './types.ts'

interface ToldBefore {
  /** Window time of the anomaly that was told. */
  readonly windowEnd: number
  /** When it was decided, by the wall clock. */
  readonly at: number
}

/** What earlier runs decided and stored: not to be decided, and so not sent, again. */
export interface History {
  told(decision: string, receiver: string): ToldBefore | undefined
  /** The receivers of a decision; empty where there was none. */
  receivers(decision: string): readonly string[]
  /** What a receiver was sent last of an incident; undefined where it was nothing. */
  lastTold(incidentId: string, receiver: string): ToldBefore | undefined
  /** A summary told of the incident at its present severity, or a graver one. */
  summarised(incident: StoredIncident): boolean
  /** A silence ended the page of this key. */
  silenced(dedupKey: string): boolean
}

export function readHistory(records: readonly NotificationRecord[]): History {
  const decisions = new Map<string, Map<string, ToldBefore>>()
  const summaries = new Map<string, Anomaly[]>()
  const lastTold = new Map<string, ToldBefore>()
  const silenced = new Set<string>()
  for (const record of records) {
    if (record.action === 'summary') {
      for (const anomaly of record.anomalies) {
        const key = JSON.stringify([anomaly.kind, anomaly.segment])
        summaries.set(key, [...(summaries.get(key) ?? []), anomaly])
      }
    }
    const decision = decisionOf(record)
    if (!decision) continue
    const { receiver, decidedAt, incidentId } = record
    const receivers = decisions.get(decision.name) ?? new Map<string, ToldBefore>()
    const told = { windowEnd: decision.toldWindowEnd, at: decidedAt }
    receivers.set(receiver, told)
    decisions.set(decision.name, receivers)
    const of = keyOf(incidentId, receiver)
    if (record.action === 'trigger' && decidedAt >= (lastTold.get(of)?.at ?? decidedAt))
      lastTold.set(of, told)
    if (record.reason === 'silenced' && record.dedupKey !== null) silenced.add(record.dedupKey)
  }
  return {
    told: (decision, receiver) => decisions.get(decision)?.get(receiver),
    receivers: decision => [...(decisions.get(decision)?.keys() ?? [])],
    lastTold: (incidentId, receiver) => lastTold.get(keyOf(incidentId, receiver)),
    summarised({ kind, segment, severity, openedAt, lastAnomalyAt }) {
      const told = summaries.get(JSON.stringify([kind, segment])) ?? []
      return told.some(
        ({ windowEnd, severity: toldSeverity }) =>
          windowEnd >= openedAt && windowEnd <= lastAnomalyAt && rank(toldSeverity) >= rank(severity)
      )
    },
    silenced: dedupKey => silenced.has(dedupKey)
  }
}

const keyOf = (incidentId: string, receiver: string): string => `${incidentId} ${receiver}`
