import type { Admin, Batch, Consumer, EachBatchPayload } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import { minuteMs } from '../../time/units.ts'
import { SourceError } from '../error.ts'
import { type PartitionKey, parsePartitionKey, partitionKey } from '../partition.ts'
import type { RangeHandlers } from '../range.ts'
import { watchEnds } from './ends.ts'

const pollMs = 1_000
/** Records between two signs of life to the group. */
const sliceRecords = 500
/** A broker that sends nothing for so long ends the reading: what was stored stays, and it can be run again. */
const stallMs = minuteMs

export interface RangeReading {
  readonly consumer: Consumer
  readonly admin: Admin
  readonly topics: readonly string[]
  readonly clock: Clock
  readonly handlers: RangeHandlers
}

/** Hands in records until the handlers say that it is over. Rejects with KafkaJS's errors, and with the handlers'. */
export async function readRange({ consumer, admin, topics, clock, handlers }: RangeReading): Promise<void> {
  const { promise: over, resolve: finish, reject: fail } = Promise.withResolvers<void>()
  const ends = watchEnds({ admin, topics, clock, pollMs, onError: watchStall })
  let assigned: readonly PartitionKey[] = []
  let paused: ReadonlySet<PartitionKey> = new Set()
  let movedAt = clock.now()

  function joined(assignment: Readonly<Record<string, number[]>>): void {
    assigned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map(partition => partitionKey(topic, partition)).filter(key => handlers.has(key))
    )
    for (const key of assigned) seek(key, handlers.position(key))
    paused = new Set()
    regulate()
  }

  /** Reads on in what is needed now, and ends where that is nothing. */
  function regulate(): void {
    if (handlers.isOver()) finish()
    const unneeded = handlers.paused()
    const before = paused
    paused = new Set(assigned.filter(key => unneeded.has(key)))
    const pausing = [...paused].filter(key => !before.has(key))
    const resuming = [...before].filter(key => !paused.has(key))
    if (pausing.length > 0) consumer.pause(pausing.map(one))
    if (resuming.length > 0) consumer.resume(resuming.map(one))
  }

  async function eachBatch({ batch, heartbeat, resolveOffset, isRunning, isStale }: EachBatchPayload) {
    const key = partitionKey(batch.topic, batch.partition)
    if (!handlers.has(key) || paused.has(key)) return
    let position = handlers.position(key)
    if (fetchedOffset(batch) !== position) return seek(key, position)
    const take = handlers.ingester(key)
    const { messages } = batch
    for (let from = 0; from < messages.length; from += sliceRecords) {
      const slice = messages.slice(from, from + sliceRecords)
      for (const message of slice) take(Number(message.offset), Number(message.timestamp), message)
      const isLast = from + sliceRecords >= messages.length
      const last = isLast ? batch.lastOffset() : (slice.at(-1) as (typeof slice)[number]).offset
      position = moved(key, Number(last) + 1)
      resolveOffset(last)
      await heartbeat()
      if (!isRunning() || isStale() || handlers.position(key) !== position) return
    }
    // A fault of the store is none that KafkaJS should try again.
    await handlers.ready().catch(fail)
    regulate()
  }

  function moved(key: PartitionKey, offset: number): number {
    handlers.moveTo(key, offset)
    movedAt = clock.now()
    return offset
  }

  /** Batches of nothing but control records pass the handler by. */
  function passed(batch: { topic: string; partition: number; batchSize: number; lastOffset: string }): void {
    const key = partitionKey(batch.topic, batch.partition)
    const next = Number(batch.lastOffset) + 1
    if (batch.batchSize !== 0 || !handlers.has(key) || next <= handlers.position(key)) return
    moved(key, next)
    regulate()
  }

  /** Retention goes on while the oldest records are read: KafkaJS would go elsewhere by itself. */
  function beginSeen(key: PartitionKey, begin: number): void {
    watchStall()
    if (!handlers.has(key) || begin <= handlers.position(key)) return
    handlers.skipDeleted(key, begin)
    seek(key, begin)
    regulate()
  }

  function watchStall(cause?: unknown): void {
    if (clock.now() - movedAt <= stallMs) return
    const reason = cause === undefined ? '' : `: ${messageOf(cause)}`
    const message = `Kafka has sent nothing for ${stallMs / 1_000} s${reason}`
    fail(new SourceError('UNREACHABLE', message, { retryable: true, cause }))
  }

  function seek(key: PartitionKey, offset: number): void {
    consumer.seek({ ...parsePartitionKey(key), offset: String(offset) })
  }

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => joined(payload.memberAssignment))
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => passed(payload))
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) fail(payload.error)
  })
  try {
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
    ends.start(beginSeen)
    await over
  } finally {
    ends.stop()
  }
}

const one = (key: PartitionKey) => {
  const { topic, partition } = parsePartitionKey(key)
  return { topic, partitions: [partition] }
}

/** Where the fetch that brought this batch was asked to begin: KafkaJS keeps it, its types do not show it. */
function fetchedOffset(batch: Batch): number {
  return Number((batch as Batch & { readonly fetchedOffset: string }).fetchedOffset)
}
