import type { DeadReason } from '../decode/types.ts'
import type { PartitionKey } from '../source/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'

/** At most one line a reason within this time: a producer that breaks may write thousands a second. */
const quietMs = 60_000

export type DeadLog = (reason: DeadReason, partition: PartitionKey, offset: number) => void

/** Says in the log where a dead letter was, and how many of its reason there were since the last line. */
export function createDeadLog({ clock, log }: { readonly clock: Clock; readonly log: Logger }): DeadLog {
  const since = new Map<DeadReason, { at: number; count: number }>()
  return function note(reason, partition, offset) {
    const last = since.get(reason)
    const count = (last?.count ?? 0) + 1
    if (last !== undefined && clock.now() - last.at < quietMs) {
      last.count = count
      return
    }
    since.set(reason, { at: clock.now(), count: 0 })
    log.warn({ reason, partition, offset, count }, 'dead letter')
  }
}
