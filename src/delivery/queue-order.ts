import type { Severity } from '../../detectors/types.ts'
import { moreSevere, rank } from '../incident/severity.ts'
import type { NotificationRecord } from '../incident/types.ts'
import type { Backoff } from './backoff.ts'

/** A notification on its way. Times in milliseconds. */
export interface QueueEntry {
  record: NotificationRecord
  /** Since when it is tried, over restarts. */
  readonly since: number
  /** Rows that it waits for; it may go where there are none. */
  awaitedRows: number
  notBefore: number
  tries: number
  backoff: Backoff | undefined
}

/** A job that may go before the others of its incident. */
export interface Candidate {
  readonly entry: QueueEntry
  /** The gravest of the job and of those that wait behind it: it must not hold up what is graver. */
  readonly priority: Severity
}

/** The messages of one incident at one receiver: each builds on the one before it. */
export const threadOf = ({ receiver, incidentId }: NotificationRecord): string => `${receiver} ${incidentId}`

/**
 * Of one thread only the earliest job may go: a resolve before its trigger would leave a page open, and a reply before
 * its message would have nothing to reply to.
 */
export function candidatesOf(jobs: Iterable<QueueEntry>): Candidate[] {
  const turns = new Map<string, Candidate>()
  for (const job of jobs) {
    const thread = threadOf(job.record)
    const first = turns.get(thread)
    const { severity } = job.record
    turns.set(
      thread,
      first
        ? { ...first, priority: moreSevere(first.priority, severity) }
        : { entry: job, priority: severity }
    )
  }
  return [...turns.values()]
}

/** The gravest first, then what has not been tried, then the oldest. */
export function byPriority(a: Candidate, b: Candidate): number {
  return (
    rank(b.priority) - rank(a.priority) ||
    a.entry.tries - b.entry.tries ||
    a.entry.record.decidedAt - b.entry.record.decidedAt
  )
}
