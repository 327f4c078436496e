import type { Severity } from '../../detectors/types.ts'
import { moreSevere, rank } from '../incident/severity.ts'
import type { NotificationRecord } from '../incident/types.ts'
import type { Backoff } from './backoff.ts'

/** A notification on its way. Times in milliseconds. */
export interface Job {
  record: NotificationRecord
  /** Since when it is tried, over restarts. */
  readonly since: number
  /** Rows that it waits for; it may go where there are none. */
  holds: number
  notBefore: number
  tries: number
  backoff: Backoff | undefined
}

/** A job that may go before the others of its incident. */
export interface Turn {
  readonly job: Job
  /** The gravest of the job and of those that wait behind it: it must not hold up what is graver. */
  readonly severity: Severity
}

/** The messages of one incident at one receiver: each builds on the one before it. */
export const threadOf = ({ receiver, incidentId }: NotificationRecord): string => `${receiver} ${incidentId}`

/**
 * Of one thread only the earliest job may go: a resolve before its trigger would leave a page open, and a reply before
 * its message would have nothing to reply to.
 */
export function turnsOf(jobs: Iterable<Job>): Turn[] {
  const turns = new Map<string, Turn>()
  for (const job of jobs) {
    const thread = threadOf(job.record)
    const first = turns.get(thread)
    const { severity } = job.record
    turns.set(
      thread,
      first ? { ...first, severity: moreSevere(first.severity, severity) } : { job, severity }
    )
  }
  return [...turns.values()]
}

/** The gravest first, then what has not been tried, then the oldest. */
export function byUrgency(a: Turn, b: Turn): number {
  return (
    rank(b.severity) - rank(a.severity) ||
    a.job.tries - b.job.tries ||
    a.job.record.decidedAt - b.job.record.decidedAt
  )
}
