import type { Admin, Batch, Consumer, EachBatchPayload } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { Checkpoint } from '../../window/types.ts'
import { encodeMetadata } from '../commit-metadata.ts'
import { SourceError } from '../error.ts'
import type { Fence } from '../fence.ts'
import { createLeases, type Lease } from '../lease.ts'
import { type PartitionKey, parsePartitionKey, partitionKey } from '../partition.ts'
import { type PartitionFacts, type Resolved, resolveStart } from '../start.ts'
import type { Source, SourceFault, SourceHandlers, SourceState, StartAt } from '../types.ts'
import type { Ownership } from './assigner.ts'
import { passesByItself } from './crash.ts'
import { watchEnds } from './ends.ts'
import { readCommits, readFacts } from './facts.ts'
import { createLastCommit } from './last-commit.ts'
import { nextOffset } from './next-offset.ts'
import { createProgress, type Look } from './progress.ts'

/** Records between two looks at the group: small enough for heartbeats, large enough to cost nothing. */
const sliceRecords = 500
/** And their bytes: a megabyte of brackets takes a quarter of a second to parse. */
const sliceBytes = 1_048_576
/** A restore that failed (the store is away, the broker just came up) is tried again after this long. */
const restoreRetryMs = 2_000
/** Behind a crash that passes by itself, the next try is made after this long. */
const readAnewMs = 1_000

const offsetGone =
  'the committed offset is no longer in the topic: records were deleted before they were read'
const topicAnew = 'the topic was made anew, or its log cut: reading it from its beginning'

export interface KafkaSourceOptions {
  readonly consumer: Consumer
  readonly admin: Admin
  /** Tells where partitions end, whatever of it is committed. */
  readonly endsAdmin: Admin
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
  // Ends in the same turn as a join: whatever was begun before it, at any await, is void behind it.
  const leases = createLeases()
  let assigned: readonly PartitionKey[] = []
  let held: ReadonlySet<PartitionKey> = new Set()
  const lastCommit = createLastCommit(clock)
  const progress = createProgress()
  // Partitions whose log is another one than the one that was read.
  let anew: ReadonlySet<PartitionKey> = new Set()
  // KafkaJS has put a commit of its own in the place of theirs, which tells nothing.
  const jumped = new Set<PartitionKey>()
  // A fetch that failed may have met a topic on its way from one log to another.
  const fetching = new Set<number>()
  let isDoubtful = false
  let positionsThen: ReadonlyMap<PartitionKey, number> = new Map()
  let idleSince: number | undefined = clock.now()
  let commitError: string | undefined
  let toldLost = ''
  let isStopped = false
  let fail: (reason: unknown) => void = () => {}
  let finish: () => void = () => {}
  const ends = watchEnds({
    admin: options.endsAdmin,
    topics,
    clock,
    pollMs: options.pollMs,
    onError: noteError,
    onAsk() {
      positionsThen = new Map(assigned.map(key => [key, handlers.position(key) ?? 0]))
    }
  })

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
    consumer.on(consumer.events.FETCH_START, ({ payload }) => {
      if (fetching.has(payload.nodeId)) isDoubtful = true
      fetching.add(payload.nodeId)
    })
    consumer.on(consumer.events.FETCH, ({ payload }) => void fetching.delete(payload.nodeId))
    consumer.on(consumer.events.STOP, left)
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      noteError(payload.error)
      if (payload.restart) return
      if (passesByItself(payload.error)) void readAnew()
      else
        fail(
          new SourceError('STOPPED', `the consumer stopped: ${lastError}`, {
            retryable: false,
            cause: payload.error
          })
        )
    })
    await consumer.subscribe({ topics: [...topics] })
    await read()
    ends.start(endSeen)
    await ended
  }

  const read = () => consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })

  async function readAnew(): Promise<void> {
    await clock.sleep(readAnewMs)
    if (!isStopped) await read().catch(fail)
  }

  function endSeen(key: PartitionKey, begin: number, end: number, askedAt: number): void {
    const position = handlers.position(key)
    if (position === undefined) return
    const positionThen = positionsThen.get(key) ?? position
    const look: Look = { key, end, askedAt, positionThen, position, isHeld: held.has(key) }
    progress.note(look)
    if (role !== 'working') return
    if (!progress.isSameLog(look)) {
      anew = new Set([...anew, key])
      beginAgain()
      return
    }
    if (begin <= position) {
      handlers.endSeen(key, end, askedAt)
      return
    }
    // KafkaJS would go to the end by itself, and commit that without our metadata.
    log.error(
      { partition: key, position, begin, records: begin - position },
      'records were deleted before they were read: going on behind them'
    )
    handlers.countLost(key, begin - position)
    jumped.add(key)
    handlers.skipDeleted(key, begin)
    consumer.seek({ ...parsePartitionKey(key), offset: String(begin) })
  }

  /** KafkaJS has no group: nothing may be asked of it until it has joined again. */
  function left(): void {
    leases.renew()
    role = 'joining'
    idleSince ??= clock.now()
    connected = false
  }

  function joined(assignment: Readonly<Record<string, number[]>>): void {
    leases.renew()
    fence.joined()
    connected = true
    assigned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map(partition => partitionKey(topic, partition))
    )
    if (!ownership.joined(assignment)) {
      if (role !== 'standby') log.info({ group }, 'another instance works: this one stands by')
      role = 'standby'
      idleSince = undefined
      lastCommit.forget()
      handlers.onRevoked()
      return
    }
    beginAgain()
  }

  function beginAgain(): void {
    const lease = leases.renew()
    role = 'restoring'
    idleSince ??= clock.now()
    consumer.pause(assigned.map(one))
    void restore(lease)
  }

  async function restore(lease: Lease): Promise<void> {
    let told: string | undefined
    while (lease.isValid()) {
      try {
        await restoreOnce(lease)
        return
      } catch (error) {
        const reason = messageOf(error)
        if (reason !== told) log.warn({ error: reason }, 'the work cannot begin yet, trying again')
        told = reason
        await clock.sleep(restoreRetryMs)
      }
    }
  }

  async function restoreOnce(lease: Lease): Promise<void> {
    // Who has worked knows of every partition: one without a commit is new.
    const start = lastCommit.isKnown() ? 'earliest' : options.start
    const read = await readFacts({ admin, group, keys: assigned, start, nowMs: clock.now() })
    if (!lease.isValid()) return
    const facts = read.map(withDropped)
    const { checkpoints, mustCommit, outOfRange } = resolveStart(facts)
    const isOurs = !mustCommit && lastCommit.isHeldBy(facts)
    if (!isOurs) {
      tellLost(outOfRange)
      await handlers.onAssigned(checkpoints)
      if (!lease.isValid()) return
    }
    progress.keep(assigned, anew)
    role = 'working'
    // Nothing may be read before the place it began at is committed: a crash would begin elsewhere.
    if (mustCommit && !(await commit(checkpoints, true)))
      throw new Error('the start offsets could not be committed')
    if (!lease.isValid()) return
    anew = new Set()
    toldLost = ''
    idleSince = undefined
    for (const key of assigned) {
      consumer.seek({ ...parsePartitionKey(key), offset: String(handlers.position(key)) })
    }
    release(assigned.filter(key => !held.has(key)))
    ends.ask()
    log.info({ partitions: assigned.length, kept: isOurs }, 'working')
  }

  /** A log that is another one than what was committed of it. */
  function withDropped(fact: PartitionFacts): PartitionFacts {
    const dropped = lastCommit.droppedOf(fact)
    if (dropped === undefined) return anew.has(fact.key) ? { ...fact, isRecreated: true } : fact
    anew = new Set([...anew, fact.key])
    return { ...fact, committed: dropped, isRecreated: true }
  }

  /** Once, however often the work has to be begun. */
  function tellLost(lost: Resolved['outOfRange']): void {
    const told = lost.map(({ key, committed, begin }) => `${key} ${committed} ${begin}`).join()
    if (told === toldLost) return
    toldLost = told
    for (const { key, committed, begin, end } of lost) {
      const isCut = committed >= begin
      const read = handlers.position(key) ?? committed
      const records = isCut ? progress.unread(key, read) : begin - committed
      handlers.countLost(key, records)
      log.error({ partition: key, committed, begin, end, records }, isCut ? topicAnew : offsetGone)
    }
  }

  async function eachBatch({
    batch,
    heartbeat,
    resolveOffset,
    isRunning,
    isStale
  }: EachBatchPayload): Promise<void> {
    const lease = leases.current()
    const key = partitionKey(batch.topic, batch.partition)
    const isOurs = () => lease.isValid() && role === 'working' && isRunning() && !isStale()
    if (!isOurs()) return
    if (isDoubtful) {
      const isAnew = await isDropped(assigned)
      if (!isOurs()) return
      if (isAnew) return beginAgain()
      isDoubtful = false
    }
    const position = handlers.position(key)
    const take = handlers.ingester(key)
    if (position === undefined || take === undefined) return
    if (fetchedOffset(batch) !== position) {
      // It was asked for before a seek or a rejoin: taking it would count records twice, or leave some out.
      consumer.seek({ topic: batch.topic, partition: batch.partition, offset: String(position) })
      return
    }
    const { messages } = batch
    for (let to = 0; to < messages.length; ) {
      const end = Math.min(to + sliceRecords, messages.length)
      for (let bytes = 0; to < end && bytes < sliceBytes; to++) {
        const message = messages[to] as (typeof messages)[number]
        bytes += message.value?.length ?? 0
        take(Number(message.offset), Number(message.timestamp), message)
      }
      const next = nextOffset(batch, to)
      handlers.moveTo(key, next)
      resolveOffset(String(next - 1))
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

  async function commit(
    checkpoints: ReadonlyMap<PartitionKey, Checkpoint>,
    isStart = false
  ): Promise<boolean> {
    const lease = leases.current()
    if (role !== 'working' || checkpoints.size === 0) return false
    const offsets = [...checkpoints].map(([key, checkpoint]) => ({
      ...parsePartitionKey(key),
      offset: String(checkpoint.offset),
      metadata: encodeMetadata(checkpoint)
    }))
    const commits = new Map(
      offsets.map(({ topic, partition, offset, metadata }) => [
        partitionKey(topic, partition),
        { offset: Number(offset), metadata }
      ])
    )
    try {
      await fence.pass()
      if (!lease.isValid()) return false
      // Where Kafka has dropped the commits, KafkaJS may read on in the new log at the place of the old one.
      const isAnew = !isStart && (await isDropped([...checkpoints.keys()]))
      if (!lease.isValid()) return false
      if (isAnew) {
        beginAgain()
        return false
      }
      lastCommit.sent(commits)
      await consumer.commitOffsets(offsets)
    } catch (error) {
      const reason = messageOf(error)
      if (!lease.isValid()) return false
      lastCommit.refused(reason)
      if (reason !== commitError) log.warn({ error: reason }, 'offsets not committed, trying again')
      commitError = reason
      return false
    }
    if (!lease.isValid()) return false
    commitError = undefined
    jumped.clear()
    lastCommit.accepted(commits)
    return true
  }

  async function isDropped(keys: readonly PartitionKey[]): Promise<boolean> {
    if (!lastCommit.isKnown()) return false
    const commits = await readCommits(admin, group, topics)
    return keys.some(
      key => !jumped.has(key) && lastCommit.droppedOf({ key, committed: commits.get(key) }) !== undefined
    )
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
    isStopped = true
    leases.renew()
    role = 'joining'
    ends.stop()
    await consumer.disconnect()
    connected = false
    finish()
  }

  return {
    run,
    commit: checkpoints => commit(checkpoints),
    setPaused: hold,
    stop,
    state: () => ({
      connected,
      role,
      answeredAt: ends.answeredAt(),
      lag: ends.lag(assigned, key => handlers.position(key)),
      lastError,
      faults: faults()
    })
  }

  function faults(): SourceFault[] {
    const missing = ends.missing()
    // It is why nothing else goes on.
    if (missing !== undefined) return [missing]
    const notJoined: SourceFault | undefined =
      idleSince === undefined
        ? undefined
        : { cause: 'not_joined', since: idleSince, subject: undefined, error: lastError }
    return [lastCommit.fault(), progress.stuck(), notJoined].filter(fault => fault !== undefined)
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
