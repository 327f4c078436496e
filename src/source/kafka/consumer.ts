import type { Admin, Batch, Consumer, EachBatchPayload } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { Checkpoint } from '../../window/types.ts'
import { encodeMetadata } from '../commit-metadata.ts'
import { resolveStart } from '../start.ts'
import {
  type Fence,
  type PartitionKey,
  parsePartitionKey,
  partitionKey,
  type Source,
  SourceError,
  type SourceHandlers,
  type SourceState,
  type StartAt
} from '../types.ts'
import type { Ownership } from './assigner.ts'
import { watchEnds } from './ends.ts'
import { readFacts } from './facts.ts'

/** Records between two looks at the group: small enough for heartbeats, large enough to cost nothing. */
const sliceRecords = 500
/** A restore that failed (the store is away, the broker just came up) is tried again after this long. */
const restoreRetryMs = 2_000

export interface KafkaSourceOptions {
  readonly consumer: Consumer
  readonly admin: Admin
  readonly topics: readonly string[]
  readonly group: string
  readonly start: StartAt
  readonly clock: Clock
  readonly log: Logger
  /** How often the partitions' ends are asked for. */
  readonly pollMs: number
  /** What this member knows of its own turns, for the assigner. */
  readonly ownership: Ownership
  readonly fence: Fence
}

/** Reads topics as a member of a consumer group of which one member works and the others stand by. */
export function createKafkaSource(options: KafkaSourceOptions): Source {
  const { consumer, admin, topics, group, clock, log, ownership, fence } = options
  let handlers: SourceHandlers
  let role: SourceState['role'] = 'joining'
  let lastError: string | undefined
  let connected = false
  // A join flips the epoch at once: whatever was begun before it, at any await, is void behind it.
  let epoch = 0
  let assigned: readonly PartitionKey[] = []
  let held: ReadonlySet<PartitionKey> = new Set()
  let lastCommit: ReadonlyMap<PartitionKey, string> | undefined
  let fail: (reason: unknown) => void = () => {}
  let finish: () => void = () => {}
  const ends = watchEnds({ admin, topics, clock, pollMs: options.pollMs, onError: noteError })

  function noteError(error: unknown): void {
    lastError = messageOf(error)
  }

  async function run(to: SourceHandlers): Promise<void> {
    handlers = to
    const ended = new Promise<void>((resolve, reject) => {
      finish = resolve
      fail = reject
    })
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => joined(payload.memberAssignment))
    consumer.on(consumer.events.HEARTBEAT, fence.heartbeat)
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => passed(payload))
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      epoch++
      role = 'joining'
      connected = false
      noteError(payload.error)
      if (!payload.restart)
        fail(
          new SourceError('STOPPED', `the consumer stopped: ${lastError}`, {
            retryable: false,
            cause: payload.error
          })
        )
    })
    await consumer.subscribe({ topics: [...topics] })
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
    ends.start(endSeen)
    await ended
  }

  function endSeen(key: PartitionKey, begin: number, end: number, askedAt: number): void {
    const position = handlers.position(key)
    if (role !== 'working' || position === undefined) return
    if (begin <= position) {
      handlers.endSeen(key, end, askedAt)
      return
    }
    // KafkaJS would go to the end by itself, and commit that without our metadata.
    log.error(
      { partition: key, position, begin },
      'records were deleted before they were read: going on behind them'
    )
    handlers.lost(key, begin)
    consumer.seek({ ...parsePartitionKey(key), offset: String(begin) })
  }

  function joined(assignment: Readonly<Record<string, number[]>>): void {
    epoch++
    fence.joined()
    connected = true
    assigned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map(partition => partitionKey(topic, partition))
    )
    if (!ownership.joined(assignment)) {
      if (role !== 'standby') log.info({ group }, 'another instance works: this one stands by')
      role = 'standby'
      lastCommit = undefined
      handlers.standBy()
      return
    }
    role = 'restoring'
    consumer.pause(assigned.map(one))
    void restore(epoch)
  }

  async function restore(own: number): Promise<void> {
    let told: string | undefined
    while (own === epoch) {
      try {
        await restoreOnce(own)
        return
      } catch (error) {
        const reason = messageOf(error)
        if (reason !== told) log.warn({ error: reason }, 'the work cannot begin yet, trying again')
        told = reason
        await clock.sleep(restoreRetryMs)
      }
    }
  }

  async function restoreOnce(own: number): Promise<void> {
    const facts = await readFacts({ admin, group, keys: assigned, start: options.start, nowMs: clock.now() })
    if (own !== epoch) return
    const { checkpoints, mustCommit, outOfRange } = resolveStart(facts)
    for (const lost of outOfRange)
      log.error(lost, 'the committed offset is no longer in the topic: records were lost')
    const isOurs =
      lastCommit !== undefined && !mustCommit && facts.every(fact => isLastCommit(fact, lastCommit))
    if (!isOurs) {
      await handlers.begin(checkpoints)
      if (own !== epoch) return
    }
    role = 'working'
    // Nothing may be read before the place it began at is committed: a crash would begin elsewhere.
    if (mustCommit && !(await commit(checkpoints)))
      throw new Error('the start offsets could not be committed')
    if (own !== epoch) return
    for (const key of assigned) {
      consumer.seek({ ...parsePartitionKey(key), offset: String(handlers.position(key)) })
    }
    release(assigned.filter(key => !held.has(key)))
    ends.ask()
    log.info({ partitions: assigned.length, kept: isOurs }, 'working')
  }

  function isLastCommit(
    fact: { key: PartitionKey; committed: { offset: number; metadata: string | null } | undefined },
    commits: ReadonlyMap<PartitionKey, string> | undefined
  ): boolean {
    return fact.committed !== undefined && commits?.get(fact.key) === commitText(fact.committed)
  }

  async function eachBatch({
    batch,
    heartbeat,
    resolveOffset,
    isRunning,
    isStale
  }: EachBatchPayload): Promise<void> {
    const own = epoch
    const key = partitionKey(batch.topic, batch.partition)
    const isOurs = () => own === epoch && role === 'working' && isRunning() && !isStale()
    if (!isOurs()) return
    const position = handlers.position(key)
    const take = handlers.taker(key)
    if (position === undefined || take === undefined) return
    if (fetchedOffset(batch) !== position) {
      // It was asked for before a seek or a rejoin: taking it would count records twice, or leave some out.
      consumer.seek({ topic: batch.topic, partition: batch.partition, offset: String(position) })
      return
    }
    const { messages } = batch
    for (let from = 0; from < messages.length; from += sliceRecords) {
      const to = Math.min(from + sliceRecords, messages.length)
      for (let index = from; index < to; index++) {
        const message = messages[index] as (typeof messages)[number]
        take(Number(message.offset), Number(message.timestamp), message)
      }
      const last =
        to === messages.length ? batch.lastOffset() : (messages[to - 1] as (typeof messages)[number]).offset
      handlers.moveTo(key, Number(last) + 1)
      resolveOffset(last)
      await heartbeat()
      if (!isOurs()) return
    }
  }

  /** Batches of nothing but control records pass the handler by; the position must follow them. */
  function passed(batch: { topic: string; partition: number; batchSize: number; lastOffset: string }): void {
    if (batch.batchSize !== 0 || role !== 'working') return
    const key = partitionKey(batch.topic, batch.partition)
    const position = handlers.position(key)
    const next = Number(batch.lastOffset) + 1
    if (position !== undefined && next > position) handlers.moveTo(key, next)
  }

  async function commit(checkpoints: ReadonlyMap<PartitionKey, Checkpoint>): Promise<boolean> {
    const own = epoch
    if (role !== 'working' || checkpoints.size === 0) return false
    const offsets = [...checkpoints].map(([key, checkpoint]) => ({
      ...parsePartitionKey(key),
      offset: String(checkpoint.offset),
      metadata: encodeMetadata(checkpoint)
    }))
    try {
      await fence.pass()
      if (own !== epoch) return false
      await consumer.commitOffsets(offsets)
    } catch (error) {
      noteError(error)
      log.warn({ error: lastError }, 'offsets not committed')
      return false
    }
    if (own !== epoch) return false
    lastCommit = new Map(
      offsets.map(({ topic, partition, offset, metadata }) => [
        partitionKey(topic, partition),
        commitText({ offset: Number(offset), metadata })
      ])
    )
    return true
  }

  function hold(keys: ReadonlySet<PartitionKey>): void {
    const before = held
    held = keys
    if (role !== 'working') return
    const paused = assigned.filter(key => keys.has(key) && !before.has(key))
    if (paused.length > 0) consumer.pause(paused.map(one))
    release(assigned.filter(key => !keys.has(key) && before.has(key)))
  }

  function release(keys: readonly PartitionKey[]): void {
    if (keys.length > 0) consumer.resume(keys.map(one))
  }

  async function stop(): Promise<void> {
    epoch++
    role = 'joining'
    ends.stop()
    await consumer.disconnect()
    connected = false
    finish()
  }

  return {
    run,
    commit,
    hold,
    stop,
    state: () => ({
      connected,
      role,
      answeredAt: ends.answeredAt(),
      lag: ends.lag(assigned, key => handlers.position(key)),
      lastError
    })
  }
}

const one = (key: PartitionKey) => {
  const { topic, partition } = parsePartitionKey(key)
  return { topic, partitions: [partition] }
}

const commitText = ({ offset, metadata }: { offset: number; metadata: string | null }) =>
  `${offset} ${metadata ?? ''}`

/** Where the fetch that brought this batch was asked to begin: KafkaJS keeps it, its types do not show it. */
function fetchedOffset(batch: Batch): number {
  return Number((batch as Batch & { readonly fetchedOffset: string }).fetchedOffset)
}
