import type { IBackoff } from 'cockatiel'
import { rank } from '../../detectors/rules/severity.ts'
import type { Severity } from '../../detectors/types.ts'
import type { NotificationRecord } from '../incident/types.ts'

/** A notification that is neither sent, refused nor expired. Times in milliseconds. */
export interface QueueEntry {
  record: NotificationRecord
  /** The time to expire runs from here, across restarts. */
  readonly since: number
  /** Rows that must be stored before it may be sent. */
  awaitedRows: number
  notBefore: number
  /** Sends by this instance. */
  tries: number
  backoff: IBackoff<unknown> | undefined
  /** The code of HTTP or SMTP that the last try ended with; undefined where it was accepted, or nothing came. */
  status: number | undefined
}

/** The first entry of its thread. */
export interface Candidate {
  readonly entry: QueueEntry
  /** The highest severity in its thread: it must not delay a more severe message behind it. */
  readonly priority: Severity
}

/** The messages of one incident at one receiver: each builds on the one before. */
export const threadOf = ({ receiver, incidentId }: NotificationRecord): string => `${receiver} ${incidentId}`

/** The most severe first, then what was not tried yet, then the oldest. */
export function byPriority(a: Candidate, b: Candidate): number {
  return (
    rank(b.priority) - rank(a.priority) ||
    a.entry.tries - b.entry.tries ||
    a.entry.record.decidedAt - b.entry.record.decidedAt
  )
}
