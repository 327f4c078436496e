import type { Admin, Consumer, EachBatchPayload } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import { minuteMs } from '../../time/units.ts'
import { SourceError } from '../error.ts'
import { type PartitionKey, partitionKey } from '../partition.ts'
import type { RangeHandlers } from '../range.ts'
import type { Schemas } from '../registry/schemas.ts'
import { watchEnds } from './ends.ts'
import { walkOver } from './fetch-walk.ts'
import { assignedKeys, partitionControl } from './partition-control.ts'
import { followEmptyBatch, readBatch } from './read-batch.ts'

const pollMs = 1_000
/** The reading fails if the broker sends nothing for this time: what was stored stays, and it can be run again. */
const stallMs = minuteMs

export interface RangeReading {
  readonly consumer: Consumer
  readonly admin: Admin
  readonly topics: readonly string[]
  readonly clock: Clock
  readonly handlers: RangeHandlers
  readonly schemas: Schemas
}

/** Ingests records until the handlers are done. Rejects with KafkaJS's errors and the handlers'. */
export async function readRange({
  consumer,
  admin,
  topics,
  clock,
  handlers,
  schemas
}: RangeReading): Promise<void> {
  const { promise: over, resolve: finish, reject: fail } = Promise.withResolvers<void>()
  const { pause, resume, seek } = partitionControl(consumer)
  const ends = watchEnds({ admin, topics, clock, pollMs, onError: checkStall })
  const batchHandlers = { ...handlers, moveTo }
  let assigned: readonly PartitionKey[] = []
  let paused: ReadonlySet<PartitionKey> = new Set()
  let movedAt = clock.now()

  function joined(assignment: Readonly<Record<string, number[]>>): void {
    assigned = assignedKeys(assignment).filter(handlers.has)
    for (const key of assigned) seek(key, handlers.position(key))
    paused = new Set()
    regulate()
  }

  /** Reads only the partitions that are needed now, and ends if the handlers are done. */
  function regulate(): void {
    if (handlers.isOver()) finish()
    const unneeded = handlers.paused()
    const before = paused
    paused = new Set(assigned.filter(key => unneeded.has(key)))
    pause([...paused].filter(key => !before.has(key)))
    resume([...before].filter(key => !paused.has(key)))
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale } = payload
    const key = partitionKey(batch.topic, batch.partition)
    if (!handlers.has(key) || paused.has(key)) return
    const isOurs = () => isRunning() && !isStale()
    try {
      await schemas.prepare(walkOver(batch))
    } catch (error) {
      // Beyond what a command can wait for: what was stored stays.
      return fail(error)
    }
    if (!(await readBatch(payload, { handlers: batchHandlers, isOurs, seek, schemas }))) return
    // An error of the handlers ends the reading: thrown here, KafkaJS would retry the batch.
    await handlers.ready().catch(fail)
    regulate()
  }

  function moveTo(key: PartitionKey, offset: number): void {
    handlers.moveTo(key, offset)
    movedAt = clock.now()
  }

  /** Retention may delete the oldest records while they are read: left alone, KafkaJS would skip to another offset. */
  function beginSeen(key: PartitionKey, begin: number): void {
    checkStall()
    if (!handlers.has(key) || begin <= handlers.position(key)) return
    handlers.skipDeleted(key, begin)
    seek(key, begin)
    regulate()
  }

  function checkStall(cause?: unknown): void {
    if (clock.now() - movedAt <= stallMs) return
    const reason = cause === undefined ? '' : `: ${messageOf(cause)}`
    const message = `Kafka has sent nothing for ${stallMs / 1_000} s${reason}`
    fail(new SourceError('UNREACHABLE', message, { retryable: true, cause }))
  }

  const { GROUP_JOIN, END_BATCH_PROCESS, CRASH } = consumer.events
  consumer.on(GROUP_JOIN, ({ payload }) => joined(payload.memberAssignment))
  consumer.on(END_BATCH_PROCESS, ({ payload }) => {
    const isKnown = handlers.has(partitionKey(payload.topic, payload.partition))
    if (isKnown && followEmptyBatch(payload, batchHandlers)) regulate()
  })
  consumer.on(CRASH, ({ payload }) => {
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
