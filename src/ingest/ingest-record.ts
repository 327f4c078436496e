import type { DeadReason, Decode } from '../decode/types.ts'
import { type RawRecord, undecodableHeader } from '../source/types.ts'
import type { PartitionWindows, Placed } from '../window/types.ts'

/** An event time further ahead of its record than this is not to be trusted. */
export const trustAheadMs = 60_000

/** What became of one record. */
export type Taken = { readonly kind: Placed } | { readonly kind: 'dead'; readonly reason: DeadReason }

/** One for all records: this is the hot path. */
const taken: Readonly<Record<Placed, Taken>> = {
  counted: { kind: 'counted' },
  late: { kind: 'late' },
  replayed: { kind: 'replayed' }
}

/** Decodes a record and counts it into its window; a record that cannot be an event is counted as dead. */
export function takeRecord(
  decode: Decode,
  windows: PartitionWindows,
  offset: number,
  recordTime: number,
  { value, headers }: RawRecord
): Taken {
  const decoded = decode(value)
  if (value === null && headers?.[undecodableHeader] !== undefined) {
    windows.addDead(offset)
    return { kind: 'dead', reason: 'undecodable_batch' }
  }
  if (decoded.kind === 'dead') {
    windows.addDead(offset)
    return decoded
  }
  const { event } = decoded
  if (event.eventTime > recordTime + trustAheadMs) {
    windows.addDead(offset)
    return { kind: 'dead', reason: 'future_event_time' }
  }
  return taken[windows.add(event, offset, recordTime)]
}
