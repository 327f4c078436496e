import type { Decode } from '../decode/types.ts'
import type { PartitionKey } from '../source/partition.ts'
import { parsePartitionKey } from '../source/partition.ts'
import type { IngestRecord } from '../source/record.ts'
import { type SourceRecord, undecodableHeader } from '../source/record.ts'
import { minuteMs } from '../time/units.ts'
import type { PartitionWindows, Placed } from '../window/types.ts'
import type { Counts } from './counts.ts'
import type { DeadLetterLog, DeadLetterQueue } from './dead-letters.ts'
import { addToTally, type Ingested } from './tally.ts'

/** An event time further ahead of its record than this is not to be trusted. */
export const trustAheadMs = minuteMs

/** One for all records: this is the hot path. */
const placed: Readonly<Record<Placed, Ingested>> = {
  counted: { kind: 'counted' },
  late: { kind: 'late' },
  replayed: { kind: 'replayed' }
}

/** Decodes a record and counts it into its window; a record that cannot be an event is counted as dead. */
export function ingestRecord(
  decode: Decode,
  windows: PartitionWindows,
  offset: number,
  recordTime: number,
  { value, headers }: SourceRecord
): Ingested {
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
  return placed[windows.add(event, offset, recordTime)]
}

export interface IngesterOptions {
  readonly decodeOf: (topic: string) => Decode
  readonly counts: Counts
  readonly dead: DeadLetterQueue
  readonly note: DeadLetterLog
}

/** What ingests a partition's records; undefined where the partition is not assigned. */
export type Ingester = (key: PartitionKey, windows: PartitionWindows | undefined) => IngestRecord | undefined

/** Counts each record, and keeps those that cannot be events. */
export function createIngester({ decodeOf, counts, dead, note }: IngesterOptions): Ingester {
  return function ingesterOf(key, windows) {
    if (windows === undefined) return undefined
    const decode = decodeOf(parsePartitionKey(key).topic)
    const tally = counts.of(key)
    return function ingest(offset, recordTime, record) {
      const ingested = ingestRecord(decode, windows, offset, recordTime, record)
      addToTally(tally, ingested)
      if (ingested.kind !== 'dead') return
      const { reason } = ingested
      note(reason, key, offset)
      dead.push({ partition: key, offset, reason, key: copy(record.key), value: copy(record.value) })
    }
  }
}

/** Out of the fetch's buffer, which is used again. */
const copy = (bytes: Buffer | null) => (bytes === null ? null : Buffer.from(bytes))
