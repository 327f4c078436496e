import type { Channel } from '../channel/types.ts'
import { rank } from './severity.ts'
import type { NotificationOutcome, NotificationRecord } from './types.ts'

/** A notification on its way. Times in milliseconds. */
export interface Job {
  record: NotificationRecord
  /** Since when it is tried, over restarts. */
  readonly since: number
  /** Its record is stored, or was waited for long enough. */
  ready: boolean
  notBefore: number
  tries: number
}

const keyOf = ({ receiver, dedupKey }: NotificationRecord): string => `${receiver} ${dedupKey}`

/** Of one dedup key only the earliest job may go, or a trigger could follow its resolve and open the key again. */
export function firstOfEachKey(jobs: Iterable<Job>): Job[] {
  const keys = new Set<string>()
  const first: Job[] = []
  for (const job of jobs) {
    const key = job.record.dedupKey === null ? null : keyOf(job.record)
    if (key === null || !keys.has(key)) first.push(job)
    if (key !== null) keys.add(key)
  }
  return first
}

/** Critical first, then what has not been tried, then the oldest. */
export function byUrgency(a: Job, b: Job): number {
  return (
    rank(b.record.severity) - rank(a.record.severity) ||
    a.tries - b.tries ||
    a.record.decidedAt - b.record.decidedAt
  )
}

/** What became of the keys of pagers: how to end them, and which never began. */
export interface OpenKeys {
  opened(record: NotificationRecord, channel: Channel): void
  failed(record: NotificationRecord, outcome: NotificationOutcome): void
  /** The channel that opened the key of a resolve: through another routing key it would be dropped silently. */
  openerOf(record: NotificationRecord): Channel | undefined
  /** Why there is nothing to resolve. */
  failureOf(record: NotificationRecord): NotificationOutcome | undefined
  ended(record: NotificationRecord): void
}

export function createOpenKeys(): OpenKeys {
  const openers = new Map<string, Channel>()
  const failures = new Map<string, NotificationOutcome>()
  const isOf = (record: NotificationRecord, action: string): boolean =>
    record.dedupKey !== null && record.action === action
  return {
    opened: (record, channel) => void (isOf(record, 'trigger') && openers.set(keyOf(record), channel)),
    failed: (record, outcome) => void (isOf(record, 'trigger') && failures.set(keyOf(record), outcome)),
    openerOf: record => (isOf(record, 'resolve') ? openers.get(keyOf(record)) : undefined),
    failureOf: record => (isOf(record, 'resolve') ? failures.get(keyOf(record)) : undefined),
    ended(record) {
      if (!isOf(record, 'resolve')) return
      openers.delete(keyOf(record))
      failures.delete(keyOf(record))
    }
  }
}
