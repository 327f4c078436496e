import { messageOf } from '../../telemetry/message.ts'
import type { Lease } from '../lease.ts'
import type { PartitionKey } from '../partition.ts'
import { type PartitionFacts, type Resolved, resolveStart } from '../start.ts'
import type { Committer } from './committer.ts'
import { readFacts } from './partition-facts.ts'
import type { SharedParts } from './parts.ts'

/** Between two tries to restore, such as while the store is away or the broker starts. */
const retryMs = 2_000

const offsetGone =
  'the committed offset is no longer in the topic: records were deleted before they were read'
const topicRecreated = 'the topic was recreated or truncated: reading it from its beginning'

export interface RestoreOptions extends SharedParts {
  readonly committer: Pick<Committer, 'commit'>
}

export interface Restoring {
  readonly partitions: readonly PartitionKey[]
  readonly lease: Lease
  /** The handlers are at the offsets where reading continues; `isKept` if they kept their state. */
  onRestored(isKept: boolean): void
}

/** Finds the start offsets of assigned partitions; tries until it succeeds or the lease ends. */
export function createRestore(options: RestoreOptions): (restoring: Restoring) => Promise<void> {
  const { admin, group, clock, log, lastCommit, logs, stuck, committer, handlers } = options
  let reportedLosses = ''

  async function restore(restoring: Restoring): Promise<void> {
    let reported: string | undefined
    while (restoring.lease.isValid()) {
      try {
        return await restoreOnce(restoring)
      } catch (error) {
        const reason = messageOf(error)
        if (reason !== reported) log.warn({ error: reason }, 'cannot start working yet, trying again')
        reported = reason
        await clock.sleep(retryMs)
      }
    }
  }

  async function restoreOnce({ partitions, lease, onRestored }: Restoring): Promise<void> {
    // A member that has committed knows every partition: one without a commit is new.
    const start = lastCommit.isKnown() ? 'earliest' : options.start
    const facts = await readFacts({ admin, group, keys: partitions, start, nowMs: clock.now() })
    if (!lease.isValid()) return
    const known = facts.map(withDropped)
    const { checkpoints, mustCommit, outOfRange } = resolveStart(known)
    const isKept = !mustCommit && lastCommit.isHeldBy(known)
    if (!isKept) {
      reportLosses(outOfRange)
      await handlers().onAssigned(checkpoints)
      if (!lease.isValid()) return
    }
    const same = partitions.filter(key => !logs.isRecreated(key))
    logs.keep(same)
    stuck.keep(same)
    // Nothing may be read before its start offset is committed: after a crash reading would start elsewhere.
    if (mustCommit && !(await committer.commit(checkpoints, lease, true)))
      throw new Error('the start offsets could not be committed')
    if (!lease.isValid()) return
    logs.confirm()
    reportedLosses = ''
    onRestored(isKept)
  }

  /** A partition whose commit Kafka has dropped has a new log: its last commit was ours. */
  function withDropped(fact: PartitionFacts): PartitionFacts {
    const dropped = lastCommit.droppedOf(fact)
    if (dropped !== undefined) logs.setRecreated(fact.key)
    if (!logs.isRecreated(fact.key)) return fact
    return { ...fact, committed: dropped ?? fact.committed, isRecreated: true }
  }

  /** Counts and logs losses once, however often the restore is tried. */
  function reportLosses(losses: Resolved['outOfRange']): void {
    const report = losses.map(({ key, committed, begin }) => `${key} ${committed} ${begin}`).join()
    if (report === reportedLosses) return
    reportedLosses = report
    for (const { key, committed, begin, end } of losses) {
      const isCut = committed >= begin
      const read = handlers().position(key) ?? committed
      const records = isCut ? logs.unread(key, read) : begin - committed
      handlers().countLost(key, records)
      log.error({ partition: key, committed, begin, end, records }, isCut ? topicRecreated : offsetGone)
    }
  }

  return restore
}
