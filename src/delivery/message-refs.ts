import type { NotificationRecord } from '../incident/types.ts'
import { threadOf } from './queue-order.ts'

/** What receivers gave to find their messages again. */
export interface MessageRefs {
  /** Takes over the receipt of a message that was sent; one without says nothing new. */
  note(record: NotificationRecord): void
  /** The receipt that a message builds on, null where there is none. */
  of(record: NotificationRecord): string | null
}

/** Incidents and pages of which receipts are kept, the oldest dropped. */
const kept = 20_000

export function createMessageRefs(): MessageRefs {
  const receipts = new Map<string, string>()
  return {
    note(record) {
      if (record.receipt === null) return
      const key = keyOf(record)
      receipts.delete(key)
      receipts.set(key, record.receipt)
      if (receipts.size > kept) receipts.delete(receipts.keys().next().value as string)
    },
    of: record => receipts.get(keyOf(record)) ?? null
  }
}

/** A page is one of its own, whatever pages of the same incident were opened before it. */
const keyOf = (record: NotificationRecord): string =>
  record.dedupKey === null ? threadOf(record) : `${record.receiver} ${record.dedupKey}`
