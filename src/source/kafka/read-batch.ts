import type { Batch, ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs'
import { type PartitionKey, partitionKey } from '../partition.ts'
import type { Schemas } from '../registry/schemas.ts'
import type { SourceHandlers } from '../types.ts'
import { FetchWalk } from './fetch-walk.ts'
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
  const walk = new FetchWalk(batch)
  let firstReplaced: number | undefined
  for (let more = walk.next(); more; ) {
    let last = position
    let isReplaced = false
    for (let count = 0, bytes = 0; more && count < sliceRecords && bytes < sliceBytes; count++) {
      last = walk.offset
      isReplaced = walk.isReplaced
      if (isReplaced) firstReplaced ??= last
      bytes += walk.size
      ingest(last, walk.time, schemas.translate(walk.record))
      more = walk.next()
    }
    const reached = more ? last : Number(batch.lastOffset())
    const next = isReplaced ? existing(reached, firstReplaced ?? last, batch) : reached + 1
    handlers.moveTo(key, next)
    resolveOffset(String(next - 1))
    await heartbeat()
    if (!isOurs() || handlers.position(key) !== next) return false
  }
  return true
}

/**
 * Where reading continues after a record that replaces one of a broken batch: it may claim an offset that does not exist. The broker
 * determines the high watermark before it reads, so real records may lie beyond it, and going back would count them twice.
 */
const existing = (reached: number, firstReplaced: number, { highWatermark }: Batch): number =>
  Math.min(reached + 1, Math.max(Number(highWatermark), firstReplaced + 1))

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
