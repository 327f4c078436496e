import type { EachBatchPayload } from 'kafkajs'
import { messageOf } from '../../telemetry/message.ts'
import { causesOf, SourceError } from '../error.ts'
import type { Source, SourceFault, SourceHandlers } from '../types.ts'
import { type Assignment, createAssignment } from './assignment.ts'
import { createCommitter } from './committer.ts'
import { watchEnds } from './ends.ts'
import { createLastCommit } from './last-commit.ts'
import { isSameLog } from './log-doubt.ts'
import { createLogIdentity } from './log-identity.ts'
import { createMembership } from './membership.ts'
import { partitionControl } from './partition-control.ts'
import { createPartitionEnds } from './partition-ends.ts'
import { readCommits } from './partition-facts.ts'
import type { KafkaSourceOptions, SharedParts } from './parts.ts'
import { prepareBatch } from './prepare-batch.ts'
import { followEmptyBatch, readBatch } from './read-batch.ts'
import { readersControl } from './readers/control.ts'
import { takeSlice } from './readers/take-slice.ts'
import { createRestore } from './restore.ts'
import { createStuckPartitions } from './stuck-partitions.ts'

/** KafkaJS gives up on these, although they pass once it finds a broker again. */
const passingNames: ReadonlySet<unknown> = new Set([
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError'
])
/** Between a crash that passes by itself and the next try to read. */
const rerunMs = 1_000

/** Reads topics as a member of a consumer group in which one member owns all partitions and the others are standbys. */
export function createKafkaSource(options: KafkaSourceOptions): Omit<Source, 'connect'> {
  const { consumer, topics, clock, fence, pace, readers } = options
  let handlers: SourceHandlers
  let lastError: string | undefined
  let isStopped = false
  const { promise: ended, resolve: finish, reject: fail } = Promise.withResolvers<void>()
  const parts = createParts(options, () => handlers, noteError)
  const { member, assignment, committer, logs, ends } = parts
  const areReading = () => readers?.areReading() === true
  readers?.use({
    take: one => takeSlice(one, { ...parts, handlers, readers }).catch(error => crashed(error, false)),
    position: key => handlers.position(key),
    onError: noteError
  })

  function noteError(error: unknown): void {
    lastError = messageOf(error)
  }

  async function run(to: SourceHandlers): Promise<void> {
    handlers = to
    const { GROUP_JOIN, HEARTBEAT, END_BATCH_PROCESS, FETCH_START, FETCH, STOP, CRASH } = consumer.events
    consumer.on(GROUP_JOIN, ({ payload }) => assignment.joined(payload.memberAssignment))
    consumer.on(HEARTBEAT, fence.heartbeat)
    consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      if (member.state().role === 'working' && !areReading()) followEmptyBatch(payload, handlers)
    })
    pace.watch(consumer)
    consumer.on(FETCH_START, ({ payload }) => logs.fetchBegan(payload.nodeId))
    consumer.on(FETCH, ({ payload }) => logs.fetchEnded(payload.nodeId))
    consumer.on(STOP, member.leave)
    consumer.on(CRASH, ({ payload }) => crashed(payload.error, payload.restart))
    await consumer.subscribe({ topics: [...topics] })
    await read()
    ends.start(parts.onEnd)
    await ended
  }

  const read = () =>
    consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: payload => eachBatch(payload, handlers, parts)
    })

  function crashed(error: Error, isRestarted: boolean): void {
    member.leave()
    noteError(error)
    if (isRestarted) return
    if (causesOf(error).some(({ name }) => passingNames.has(name))) return void rerun()
    const message = `the consumer stopped: ${lastError}`
    fail(new SourceError('STOPPED', message, { retryable: false, cause: error }))
  }

  async function rerun(): Promise<void> {
    await clock.sleep(rerunMs)
    if (!isStopped) await read().catch(fail)
  }

  return {
    run,
    async commit(checkpoints) {
      const state = member.state()
      if (state.role !== 'working' || checkpoints.size === 0) return false
      return await committer.commit(checkpoints, state.lease)
    },
    setPaused: assignment.setPaused,
    seekToPositions: assignment.seekToPositions,
    async stop() {
      isStopped = true
      member.leave()
      ends.stop()
      await Promise.all([consumer.disconnect(), readers?.stop()])
      finish()
    },
    state: () => ({
      role: member.state().role,
      answeredAt: ends.answeredAt(),
      lag: ends.lag(member.state().partitions, key => handlers.position(key)),
      lastError,
      faults: faultsOf(parts, lastError),
      slowness: slownessOf(parts)
    })
  }
}

type Parts = ReturnType<typeof createParts>

function createParts(
  options: KafkaSourceOptions,
  handlers: () => SourceHandlers,
  onError: (error: unknown) => void
) {
  const { consumer, admin, group, topics, clock } = options
  const member = createMembership(clock)
  const own = partitionControl(consumer)
  const { readers } = options
  const control = readers === undefined ? own : readersControl(own, readers)
  const lastCommit = createLastCommit(clock)
  const logs = createLogIdentity()
  const stuck = createStuckPartitions()
  const shared: SharedParts = { ...options, handlers, member, control, lastCommit, logs, stuck }
  const committer = createCommitter({
    ...shared,
    readCommits: () => readCommits(admin, group, topics),
    onDropped: () => assignment.restart()
  })
  const assignment: Assignment = createAssignment({
    ...shared,
    restore: createRestore({ ...shared, committer }),
    onWorking: () => ends.ask()
  })
  const { onAsk, onEnd } = createPartitionEnds({ ...shared, assignment, committer })
  const ends = watchEnds({ ...options, admin: options.endsAdmin, onError, onAsk })
  return { ...shared, assignment, committer, ends, onEnd }
}

async function eachBatch(payload: EachBatchPayload, handlers: SourceHandlers, parts: Parts): Promise<void> {
  const { member, control, schemas, readers } = parts
  const state = member.state()
  // A fetch from before the readers began.
  if (state.role !== 'working' || readers?.areReading()) return
  const isOurs = () => state.lease.isValid() && payload.isRunning() && !payload.isStale()
  if (!(await isSameLog(state.partitions, { ...parts, isOurs }))) return
  if (!(await prepareBatch(payload, { ...parts, isOurs }))) return
  await readBatch(payload, { handlers, isOurs, seek: control.seek, schemas })
}

/** Where readers read, what our own fetches had shown before says nothing any more. */
const slownessOf = ({ readers, pace }: Parts): string | undefined =>
  readers?.areReading() ? readers.health().slowness : pace.slowness()

function faultsOf(parts: Parts, lastError: string | undefined): SourceFault[] {
  const { member, ends, lastCommit, stuck, fence, clock, schemas } = parts
  const missing = ends.missing()
  // Every other fault would only follow from this one.
  if (missing !== undefined) return [missing]
  const away = parts.readers?.health().schemas ?? schemas.fault()
  // Records wait for it, so that their partitions look stuck.
  if (away !== undefined) return [{ cause: 'schema_registry_away', subject: undefined, ...away }]
  const state = member.state()
  const notJoined: SourceFault | undefined =
    'idleSince' in state
      ? { cause: 'not_joined', since: state.idleSince, subject: undefined, error: lastError }
      : undefined
  const shutForMs = fence.shutForMs()
  const notConfirmed: SourceFault | undefined =
    shutForMs === 0
      ? undefined
      : { cause: 'not_confirmed', since: clock.now() - shutForMs, subject: undefined, error: lastError }
  // Commits wait behind the fence, too.
  return [notConfirmed, lastCommit.fault(), stuck.fault(slownessOf(parts)), notJoined].filter(
    fault => fault !== undefined
  )
}
