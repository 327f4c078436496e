import type { Anomaly } from '../detect/types.ts'
import { decisionOf } from './identity.ts'
import { rank } from './severity.ts'
import type { NotificationRecord, StoredIncident } from './types.ts'

export interface Told {
  /** Window time of the anomaly that was told. */
  readonly windowEnd: number
  readonly receivers: readonly string[]
}

/** What earlier runs decided and stored: not to be decided, and so not sent, again. */
export interface History {
  told(decision: string): Told | undefined
  /** A summary told of the incident at its present severity, or a graver one. */
  summarised(incident: StoredIncident): boolean
}

export function readHistory(records: readonly NotificationRecord[]): History {
  const decisions = new Map<string, Told>()
  const summaries = new Map<string, Anomaly[]>()
  for (const record of records) {
    if (record.action === 'summary') {
      for (const anomaly of record.anomalies) {
        const key = JSON.stringify([anomaly.kind, anomaly.segment])
        summaries.set(key, [...(summaries.get(key) ?? []), anomaly])
      }
    }
    const decision = decisionOf(record)
    if (!decision) continue
    const receivers = new Set(decisions.get(decision.name)?.receivers)
    decisions.set(decision.name, {
      windowEnd: decision.toldWindowEnd,
      receivers: [...receivers.add(record.receiver)]
    })
  }
  return {
    told: decision => decisions.get(decision),
    summarised({ kind, segment, severity, openedAt, lastAnomalyAt }) {
      const told = summaries.get(JSON.stringify([kind, segment])) ?? []
      return told.some(
        ({ windowEnd, severity: toldSeverity }) =>
          windowEnd >= openedAt && windowEnd <= lastAnomalyAt && rank(toldSeverity) >= rank(severity)
      )
    }
  }
}
