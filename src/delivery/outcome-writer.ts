import type { NotificationRecord } from '../incident/types.ts'
import { messageOf } from '../telemetry/message.ts'
import type { DeliveryOptions } from './types.ts'

const retryMs = 5_000

/** Stores the latest state of each notification, and retries until the store takes it. */
export function createOutcomeWriter({ store, clock, log }: Pick<DeliveryOptions, 'store' | 'clock' | 'log'>) {
  const waiting = new Map<string, { record: NotificationRecord; stored: (() => void)[] }>()
  let busy = false

  async function write(): Promise<void> {
    if (busy || waiting.size === 0) return
    busy = true
    const batch = [...waiting.values()]
    const records = batch.map(({ record }) => record)
    try {
      await store.insertNotifications(records)
      for (const [index, entry] of batch.entries()) {
        const written = records[index] as NotificationRecord
        // A later state may have come while this one was being written.
        if (entry.record !== written) continue
        waiting.delete(written.id)
        for (const stored of entry.stored) stored()
      }
      busy = false
      void write()
    } catch (error) {
      busy = false
      const fault = messageOf(error)
      log.warn({ records: records.length, fault }, 'cannot store notification outcomes, retrying')
      void clock.sleep(retryMs).then(write)
    }
  }

  return {
    /** Resolves once this state of the record, or a later one, is stored. */
    put(record: NotificationRecord): Promise<void> {
      return new Promise(resolve => {
        const entry = waiting.get(record.id) ?? { record, stored: [] }
        entry.record = record
        entry.stored.push(resolve)
        waiting.set(record.id, entry)
        void write()
      })
    },
    /** Notifications whose latest state is not stored. */
    waiting: (): number => waiting.size
  }
}
