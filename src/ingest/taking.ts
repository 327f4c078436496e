import type { Decode } from '../decode/types.ts'
import { type PartitionKey, parsePartitionKey, type TakeRecord } from '../source/types.ts'
import type { PartitionWindows } from '../window/types.ts'
import type { Counts } from './counts.ts'
import type { DeadQueue } from './dead-letters.ts'
import type { DeadLog } from './dead-log.ts'
import { takeRecord } from './ingest-record.ts'

export interface TakingOptions {
  readonly decodeOf: (topic: string) => Decode
  readonly counts: Counts
  readonly dead: DeadQueue
  readonly note: DeadLog
}

/** What takes a partition's records into its windows; undefined where the partition is not held. */
export type Taking = (key: PartitionKey, windows: PartitionWindows | undefined) => TakeRecord | undefined

/** Counts each record, and keeps those that cannot be events. */
export function createTaking({ decodeOf, counts, dead, note }: TakingOptions): Taking {
  return function taking(key, windows) {
    if (windows === undefined) return undefined
    const decode = decodeOf(parsePartitionKey(key).topic)
    const count = counts.of(key)
    return function take(offset, recordTime, record) {
      const taken = takeRecord(decode, windows, offset, recordTime, record)
      switch (taken.kind) {
        case 'dead': {
          const { reason } = taken
          count.dead(reason)
          note(reason, key, offset)
          dead.push({ partition: key, offset, reason, key: copy(record.key), value: copy(record.value) })
          return
        }
        case 'late':
          count.late()
          return
        case 'counted':
          count.event()
          return
        case 'replayed':
          return
        default:
          taken satisfies never
      }
    }
  }
}

/** Out of the fetch's buffer, which is used again. */
const copy = (bytes: Buffer | null) => (bytes === null ? null : Buffer.from(bytes))
