import type { NotificationRecord } from '../incident/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { QueueEntry } from './queue-order.ts'
import { setRecent } from './recent.ts'

/** Lets each notification through once. */
export interface Dedup {
  /** Undefined for a notification that was admitted before. */
  admit(record: NotificationRecord): QueueEntry | undefined
  /** Reads what earlier runs stored: the time to expire of what is pending there runs since its decision. */
  restore(records: readonly NotificationRecord[]): void
  /** It may be admitted again. */
  forget(id: string): void
}

const rememberedIds = 20_000

export function createDedup(clock: Pick<Clock, 'now'>): Dedup {
  const admitted = new Map<string, true>()
  let restored: ReadonlySet<string> = new Set()
  return {
    admit(record) {
      if (admitted.has(record.id)) return undefined
      setRecent(admitted, record.id, true, rememberedIds)
      const now = clock.now()
      const since = record.attempts > 0 || restored.has(record.id) ? record.decidedAt : now
      return { record, since, awaitedRows: 0, notBefore: now, tries: 0, backoff: undefined }
    },
    restore(records) {
      restored = new Set(records.filter(({ outcome }) => outcome === 'pending').map(({ id }) => id))
    },
    forget: id => void admitted.delete(id)
  }
}
