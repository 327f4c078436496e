import type { NotificationRecord } from '../incident/types.ts'

/** Messages that reached nobody, by receiver and why. */
export interface Unsent {
  readonly receiver: string
  readonly why: string
  readonly count: number
}

/** What became of the messages of a run. One that another receiver got instead has reached somebody. */
export function createSendResults() {
  const last = new Map<string, NotificationRecord>()
  const note = (record: NotificationRecord) => void last.set(record.id, record)

  function isReplaced({ incidentId, receiver, action }: NotificationRecord): boolean {
    return [...last.values()].some(
      ({ outcome, reason, ...other }) =>
        outcome === 'sent' &&
        other.incidentId === incidentId &&
        other.action === action &&
        (reason.type === 'fallback' || reason.type === 'refused_elsewhere') &&
        reason.receiver === receiver
    )
  }

  return {
    note,
    unsent(): readonly Unsent[] {
      const counts = new Map<string, Unsent>()
      for (const record of last.values()) {
        const { outcome, receiver, answer } = record
        if (outcome === 'sent' || outcome === 'muted' || outcome === 'off' || isReplaced(record)) continue
        const why = answer === '' ? 'not accepted in time' : `${outcome}: ${answer}`
        const key = `${receiver} ${why}`
        counts.set(key, { receiver, why, count: (counts.get(key)?.count ?? 0) + 1 })
      }
      return [...counts.values()]
    }
  }
}
