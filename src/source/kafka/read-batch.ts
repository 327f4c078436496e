import type { Batch, ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs'
import { type PartitionKey, partitionKey } from '../partition.ts'
import { undecodableHeader } from '../record.ts'
import type { Schemas } from '../registry/schemas.ts'
import type { SourceHandlers } from '../types.ts'
import { FetchedRecord } from './fetched-record.ts'
import { fetchedOffset } from './partition-control.ts'

/** Records between two heartbeats: few enough to be in time, enough to cost nothing. */
const sliceRecords = 500
/** Bytes between two heartbeats: a megabyte of brackets takes a quarter of a second to parse. */
const sliceBytes = 1_048_576

type BatchHandlers = Pick<SourceHandlers, 'position' | 'ingester' | 'moveTo'>

export interface BatchReading {
  readonly handlers: BatchHandlers
  /** Called after every await: false if the partition may be another's by now. */
  readonly isOurs: () => boolean
  readonly seek: (key: PartitionKey, offset: number) => void
  /** That know what this fetch needs. */
  readonly schemas: Pick<Schemas, 'translate'>
}

/** Ingests the records of a fetch in slices, with a heartbeat after each; true once all are ingested. */
export async function readBatch(
  { batch, heartbeat, resolveOffset }: EachBatchPayload,
  { handlers, isOurs, seek, schemas }: BatchReading
): Promise<boolean> {
  const key = partitionKey(batch.topic, batch.partition)
  const position = handlers.position(key)
  const ingest = handlers.ingester(key)
  if (position === undefined || ingest === undefined) return false
  if (fetchedOffset(batch) !== position) {
    // Fetched before a seek or a join: its records would be counted twice, or others skipped.
    seek(key, position)
    return false
  }
  const { messages } = batch
  for (let to = 0; to < messages.length; ) {
    const end = Math.min(to + sliceRecords, messages.length)
    for (let bytes = 0; to < end && bytes < sliceBytes; to++) {
      const message = messages[to] as (typeof messages)[number]
      bytes += sizeOf(message)
      ingest(offsetOf(message), timeOf(message), schemas.translate(message))
    }
    const next = nextOffset(batch, to)
    handlers.moveTo(key, next)
    resolveOffset(String(next - 1))
    await heartbeat()
    if (!isOurs() || handlers.position(key) !== next) return false
  }
  return true
}

type Message = Batch['messages'][number]

// Records of older formats are KafkaJS's own.
const offsetOf = (message: Message): number =>
  message instanceof FetchedRecord ? message.offsetNumber : Number(message.offset)
const timeOf = (message: Message): number =>
  message instanceof FetchedRecord ? message.timestampNumber : Number(message.timestamp)
const sizeOf = (message: Message): number =>
  message instanceof FetchedRecord ? Math.max(0, message.valueLength) : (message.value?.length ?? 0)

/**
 * Where reading continues after the first `count` messages of a fetch. The broker determines the high watermark before it
 * reads, so real records may lie beyond it, and going back would count them twice. Only records that replace a broken
 * batch may claim offsets that do not exist.
 */
function nextOffset(batch: Batch, count: number): number {
  const { messages, highWatermark } = batch
  const message = messages[count - 1] as (typeof messages)[number]
  const next = Number(count === messages.length ? batch.lastOffset() : message.offset) + 1
  if (!isUndecodable(message)) return next
  const firstBroken = messages.find(isUndecodable) ?? message
  return Math.min(next, Math.max(Number(highWatermark), Number(firstBroken.offset) + 1))
}

const isUndecodable = ({ headers }: Batch['messages'][number]) => headers?.[undecodableHeader] !== undefined

/** KafkaJS calls no handler for a batch with nothing but control records; true if it moved the position. */
export function followEmptyBatch(
  { topic, partition, batchSize, lastOffset }: ConsumerEndBatchProcessEvent['payload'],
  handlers: Pick<BatchHandlers, 'position' | 'moveTo'>
): boolean {
  if (batchSize !== 0) return false
  const key = partitionKey(topic, partition)
  const position = handlers.position(key)
  const next = Number(lastOffset) + 1
  if (position === undefined || next <= position) return false
  handlers.moveTo(key, next)
  return true
}
