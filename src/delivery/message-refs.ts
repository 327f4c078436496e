import type { NotificationRecord } from '../incident/types.ts'
import { setRecent } from './newest-entries.ts'
import { threadOf } from './queue-order.ts'

export type MessageRefs = ReturnType<typeof createMessageRefs>

const rememberedRefs = 20_000

/** What receivers gave to find their messages again. */
export function createMessageRefs() {
  const refs = new Map<string, string>()
  return {
    /** Remembers the reference of a message that was sent; without one it keeps the former. */
    note(record: NotificationRecord): void {
      if (record.messageRef !== null) setRecent(refs, keyOf(record), record.messageRef, rememberedRefs)
    },
    /** The reference that a message builds on; null if there is none. */
    of: (record: NotificationRecord): string | null => refs.get(keyOf(record)) ?? null
  }
}

/** Each page of an incident has a reference of its own. */
const keyOf = (record: NotificationRecord): string =>
  record.dedupKey === null ? threadOf(record) : `${record.receiver} ${record.dedupKey}`
