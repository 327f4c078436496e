import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import type { Channel } from './notifier.ts'

/** The pages that were opened, or could not be. A page is a dedup key at a receiver. */
export interface OpenPages {
  opened(record: NotificationRecord, channel: Channel): void
  failed(record: NotificationRecord, outcome: NotificationOutcome): void
  /**
   * The channel of a record; a resolve or an acknowledgement gets the one that opened its page, since PagerDuty silently
   * drops what comes through another integration key.
   */
  channelOf(record: NotificationRecord): Channel | undefined
  /** Why there is no page to resolve or acknowledge. */
  failureOf(record: NotificationRecord): NotificationOutcome | undefined
  ended(record: NotificationRecord): void
}

export function createOpenPages(configured: (receiver: string) => Channel | undefined): OpenPages {
  const openers = new Map<string, Channel>()
  const failures = new Map<string, NotificationOutcome>()
  return {
    opened: (record, channel) => void (opensPage(record) && openers.set(keyOf(record), channel)),
    failed: (record, outcome) => void (opensPage(record) && failures.set(keyOf(record), outcome)),
    channelOf: record =>
      (needsPage(record) ? openers.get(keyOf(record)) : undefined) ?? configured(record.receiver),
    failureOf: record => (needsPage(record) ? failures.get(keyOf(record)) : undefined),
    ended(record) {
      if (record.dedupKey === null || record.action !== 'resolve') return
      openers.delete(keyOf(record))
      failures.delete(keyOf(record))
    }
  }
}

const keyOf = ({ receiver, dedupKey }: NotificationRecord): string => `${receiver} ${dedupKey}`

const opensPage = ({ dedupKey, action }: NotificationRecord): boolean =>
  dedupKey !== null && action === 'trigger'
const needsPage = ({ dedupKey, action }: NotificationRecord): boolean =>
  dedupKey !== null && (action === 'resolve' || action === 'acknowledge')
