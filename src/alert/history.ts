import { decisionOf } from './identity.ts'
import type { NotificationRecord, StoredIncident } from './types.ts'

export interface Told {
  /** Window time of the anomaly that was told. */
  readonly windowEnd: number
  readonly receivers: readonly string[]
}

/** What earlier runs decided and stored: not to be decided, and so not sent, again. */
export interface History {
  told(decision: string): Told | undefined
  summarised(incident: StoredIncident): boolean
}

export function readHistory(records: readonly NotificationRecord[]): History {
  const decisions = new Map<string, Told>()
  const summaries = new Map<string, number[]>()
  for (const record of records) {
    if (record.action === 'summary') {
      for (const { kind, segment, windowEnd } of record.anomalies) {
        const key = JSON.stringify([kind, segment])
        summaries.set(key, [...(summaries.get(key) ?? []), windowEnd])
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
    summarised({ kind, segment, openedAt, lastAnomalyAt }) {
      const ends = summaries.get(JSON.stringify([kind, segment])) ?? []
      return ends.some(end => end >= openedAt && end <= lastAnomalyAt)
    }
  }
}
