import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import type { Channel } from './notifier.ts'

/** What became of the keys of pagers: through what to go on with them, and which never began. */
export interface OpenPages {
  opened(record: NotificationRecord, channel: Channel): void
  failed(record: NotificationRecord, outcome: NotificationOutcome): void
  /**
   * The channel that opened the key of a resolve or an acknowledgement: through another integration key it would be
   * dropped silently.
   */
  openerOf(record: NotificationRecord): Channel | undefined
  /** Why there is nothing to resolve or acknowledge. */
  failureOf(record: NotificationRecord): NotificationOutcome | undefined
  ended(record: NotificationRecord): void
}

const keyOf = ({ receiver, dedupKey }: NotificationRecord): string => `${receiver} ${dedupKey}`

export function createOpenPages(): OpenPages {
  const openers = new Map<string, Channel>()
  const failures = new Map<string, NotificationOutcome>()
  const opens = ({ dedupKey, action }: NotificationRecord) => dedupKey !== null && action === 'trigger'
  const goesOn = ({ dedupKey, action }: NotificationRecord) =>
    dedupKey !== null && (action === 'resolve' || action === 'acknowledge')
  return {
    opened: (record, channel) => void (opens(record) && openers.set(keyOf(record), channel)),
    failed: (record, outcome) => void (opens(record) && failures.set(keyOf(record), outcome)),
    openerOf: record => (goesOn(record) ? openers.get(keyOf(record)) : undefined),
    failureOf: record => (goesOn(record) ? failures.get(keyOf(record)) : undefined),
    ended(record) {
      if (record.dedupKey === null || record.action !== 'resolve') return
      openers.delete(keyOf(record))
      failures.delete(keyOf(record))
    }
  }
}
