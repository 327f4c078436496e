import type { DecodeRecord } from '../decode/decode-record.ts'
import type { TopicWatch } from '../decode/stream/stream-watch.ts'
import type { Decoded, DecodedPart } from '../decode/types.ts'
import type { PartitionKey } from '../source/partition.ts'
import { parsePartitionKey } from '../source/partition.ts'
import type { IngestDecoded, IngestRecord } from '../source/record.ts'
import { isUndecodable, type SourceRecord } from '../source/record.ts'
import { minuteMs } from '../time/units.ts'
import type { PartitionWindows, Placed } from '../window/types.ts'
import type { Counts } from './counts.ts'
import type { DeadLetterLog, DeadLetterQueue } from './dead-letters.ts'
import { addToTally, type Ingested, type IngestedPart } from './tally.ts'

/** An event time further ahead of its record than this is not to be trusted. */
export const trustAheadMs = minuteMs

/** One for all records: this is the hot path. */
const placed: Readonly<Record<Placed, IngestedPart>> = {
  counted: { kind: 'counted' },
  late: { kind: 'late' },
  replayed: { kind: 'replayed' }
}

/** Decodes a record and counts its events into their windows; what cannot be an event is counted as dead. */
export function ingestRecord(
  decode: DecodeRecord,
  windows: PartitionWindows,
  offset: number,
  recordTime: number,
  record: SourceRecord
): Ingested {
  if (isUndecodable(record)) {
    windows.addDead(offset)
    return { kind: 'dead', reason: 'undecodable_batch' }
  }
  return ingestDecoded(decode(record), windows, offset, recordTime)
}

function ingestDecoded(
  decoded: Decoded,
  windows: PartitionWindows,
  offset: number,
  recordTime: number
): Ingested {
  if (decoded.kind !== 'several') return ingestPart(decoded, windows, offset, recordTime)
  const parts = decoded.parts.map(part => ingestPart(part, windows, offset, recordTime))
  return { kind: 'several', parts }
}

function ingestPart(
  decoded: DecodedPart,
  windows: PartitionWindows,
  offset: number,
  recordTime: number
): IngestedPart {
  switch (decoded.kind) {
    case 'event':
      if (decoded.event.eventTime <= recordTime + trustAheadMs)
        return placed[windows.add(decoded.event, offset, recordTime)]
      windows.addDead(offset)
      return { kind: 'dead', reason: 'future_event_time' }
    case 'dead':
      windows.addDead(offset)
      return decoded
    case 'skipped':
      return decoded
    default:
      return decoded satisfies never
  }
}

interface TakingOptions {
  /** Called for events that are dead letters after all. */
  readonly topics: Pick<TopicWatch, 'reject'>
  readonly counts: Counts
  readonly dead: DeadLetterQueue
  readonly note: DeadLetterLog
}

export interface IngesterOptions extends TakingOptions {
  readonly decodeOf: (topic: string) => DecodeRecord
}

/** What ingests a partition's records; undefined where the partition is not assigned. */
export type Ingester = (key: PartitionKey, windows: PartitionWindows | undefined) => IngestRecord | undefined

/** Counts each record, and keeps those that cannot be events. */
export function createIngester(options: IngesterOptions): Ingester {
  const takerOf = createTaking(options)
  return function ingesterOf(key, windows) {
    if (windows === undefined) return undefined
    const decode = options.decodeOf(parsePartitionKey(key).topic)
    const take = takerOf(key)
    return (offset, recordTime, record) =>
      take(ingestRecord(decode, windows, offset, recordTime, record), offset, record)
  }
}

export interface DecodedIngesterOptions extends TakingOptions {
  /** Sees what was decoded elsewhere. */
  readonly topics: Pick<TopicWatch, 'reject' | 'observe'>
}

/** The same of records that were decoded elsewhere. */
export function createDecodedIngester(options: DecodedIngesterOptions) {
  const takerOf = createTaking(options)
  return function ingesterOf(
    key: PartitionKey,
    windows: PartitionWindows | undefined
  ): IngestDecoded | undefined {
    if (windows === undefined) return undefined
    const observe = options.topics.observe(parsePartitionKey(key).topic)
    const take = takerOf(key)
    return function ingest(offset, recordTime, decoded, record) {
      if (decoded.kind !== 'dead' || decoded.reason !== 'undecodable_batch') observe(decoded, record)
      take(ingestDecoded(decoded, windows, offset, recordTime), offset, record)
    }
  }
}

/** Counts what became of a partition's records, and keeps those that cannot be events. */
function createTaking({ topics, counts, dead, note }: TakingOptions) {
  return function takerOf(key: PartitionKey) {
    const { topic } = parsePartitionKey(key)
    const tally = counts.of(key)
    function keep({ reason, source }: DeadPart, offset: number, record: SourceRecord): void {
      const value = source === undefined ? copy(record.original ?? record.value) : Buffer.from(source)
      if (reason === 'future_event_time') topics.reject(topic, value)
      note(reason, key, offset, value)
      dead.push({ partition: key, offset, reason, key: copy(record.key), value })
    }

    return function take(ingested: Ingested, offset: number, record: SourceRecord): void {
      addToTally(tally, ingested)
      if (ingested.kind === 'dead') keep(ingested, offset, record)
      else if (ingested.kind === 'several')
        for (const part of ingested.parts) if (part.kind === 'dead') keep(part, offset, record)
    }
  }
}

type DeadPart = Extract<IngestedPart, { readonly kind: 'dead' }>

/** Out of the fetch's buffer, which is used again. */
const copy = (bytes: Buffer | null) => (bytes === null ? null : Buffer.from(bytes))
