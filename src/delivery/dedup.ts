import type { NotificationRecord } from '../incident/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { setRecent } from './newest-entries.ts'
import type { QueueEntry } from './queue-order.ts'

const rememberedIds = 20_000

/** Lets each notification through once. */
export function createDedup(clock: Pick<Clock, 'now'>) {
  const admitted = new Map<string, true>()
  let restored: ReadonlySet<string> = new Set()
  return {
    /** Undefined for a notification that was admitted before. */
    admit(record: NotificationRecord): QueueEntry | undefined {
      if (admitted.has(record.id)) return undefined
      setRecent(admitted, record.id, true, rememberedIds)
      const now = clock.now()
      const since = record.attempts > 0 || restored.has(record.id) ? record.decidedAt : now
      return {
        record,
        since,
        awaitedRows: 0,
        notBefore: now,
        tries: 0,
        backoff: undefined,
        status: undefined
      }
    },
    /** Reads what earlier runs stored: the time to expire of what is pending there runs since its decision. */
    restore(records: readonly NotificationRecord[]): void {
      restored = new Set(records.filter(({ outcome }) => outcome === 'pending').map(({ id }) => id))
    },
    /** It may be admitted again. */
    forget: (id: string): void => void admitted.delete(id)
  }
}
