import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import type { Channel } from './channel.ts'

export type OpenPages = ReturnType<typeof createOpenPages>

/** The pages that were opened, or could not be. A page is a dedup key at a receiver. */
export function createOpenPages(configured: (receiver: string) => Channel | undefined) {
  const openers = new Map<string, Channel>()
  /** The addresses of its openers, by receiver. */
  const opened = new Map<string, Set<string>>()
  const failures = new Map<string, NotificationOutcome>()
  return {
    opened(record: NotificationRecord, channel: Channel): void {
      if (!opensPage(record)) return
      openers.set(keyOf(record), channel)
      const addresses = opened.get(record.receiver) ?? new Set()
      opened.set(record.receiver, addresses.add(channel.address))
    },
    failed(record: NotificationRecord, outcome: NotificationOutcome): void {
      if (opensPage(record)) failures.set(keyOf(record), outcome)
    },
    /**
     * The channel of a record; a resolve or an acknowledgement gets the one that opened its page, since PagerDuty silently
     * drops what comes through another integration key.
     */
    channelOf: (record: NotificationRecord): Channel | undefined =>
      (needsPage(record) ? openers.get(keyOf(record)) : undefined) ?? configured(record.receiver),
    /** Whether any record of a receiver may have its channel at an address. */
    mayLeadTo: (receiver: string, address: string): boolean =>
      configured(receiver)?.address === address || opened.get(receiver)?.has(address) === true,
    /** Why there is no page to resolve or acknowledge. */
    failureOf: (record: NotificationRecord): NotificationOutcome | undefined =>
      needsPage(record) ? failures.get(keyOf(record)) : undefined,
    ended(record: NotificationRecord): void {
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
