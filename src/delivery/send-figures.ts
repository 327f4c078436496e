import type { NotificationOutcome } from '../incident/types.ts'

/** How sending went since the start of this process. */
export interface SendFigures {
  /** Notifications that were sent, refused or expired. */
  readonly total: number
  readonly sent: number
  /** Response times of the last tries, accepted or not; null before the first. */
  readonly averageMs: number | null
  readonly p95Ms: number | null
}

/** So many of the latest tries count for the response times. */
const kept = 1_000

const finalOutcomes: ReadonlySet<NotificationOutcome> = new Set(['sent', 'refused', 'expired'])

export function createSendFigures() {
  const times: number[] = []
  let next = 0
  let total = 0
  let sent = 0
  return {
    noteOutcome(outcome: NotificationOutcome): void {
      if (!finalOutcomes.has(outcome)) return
      total += 1
      if (outcome === 'sent') sent += 1
    },
    noteTry(responseMs: number): void {
      times[next] = responseMs
      next = (next + 1) % kept
    },
    now(): SendFigures {
      const sorted = times.toSorted((one, other) => one - other)
      const sum = sorted.reduce((before, one) => before + one, 0)
      return {
        total,
        sent,
        averageMs: sorted.length === 0 ? null : sum / sorted.length,
        p95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null
      }
    }
  }
}
