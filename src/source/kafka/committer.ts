import { messageOf } from '../../telemetry/message.ts'
import type { Checkpoint } from '../../window/types.ts'
import { encodeMetadata } from '../commit-metadata.ts'
import type { Lease } from '../lease.ts'
import { type PartitionKey, parsePartitionKey } from '../partition.ts'
import type { Committed } from './last-commit.ts'
import type { SharedParts } from './parts.ts'

type Checkpoints = ReadonlyMap<PartitionKey, Checkpoint>

export interface CommitterOptions extends SharedParts {
  /** The group's commits as they are now. */
  readonly readCommits: () => Promise<ReadonlyMap<PartitionKey, Committed>>
  /** Kafka has dropped the group's commits together with the log that was read. */
  readonly onDropped: () => void
}

export type Committer = ReturnType<typeof createCommitter>

export function createCommitter(options: CommitterOptions) {
  const { consumer, fence, lastCommit, readCommits, onDropped, log } = options
  const overwritten = new Set<PartitionKey>()
  let failure: string | undefined

  /** Whether Kafka has dropped our commit of any of these. Rejects with KafkaJS's errors. */
  async function isDropped(keys: readonly PartitionKey[]): Promise<boolean> {
    if (!lastCommit.isKnown()) return false
    const commits = await readCommits()
    return keys.some(
      key => !overwritten.has(key) && lastCommit.droppedOf({ key, committed: commits.get(key) }) !== undefined
    )
  }

  /**
   * False if nothing was committed, or the lease ended before that was known. `isStart`: the offsets were chosen just
   * now, so earlier commits that are gone mean nothing.
   */
  async function commit(checkpoints: Checkpoints, lease: Lease, isStart = false): Promise<boolean> {
    lastCommit.began()
    try {
      await fence.pass()
      if (!lease.isValid()) return false
      // After Kafka dropped the commits, KafkaJS may read the new log from the old log's offset.
      const dropped = !isStart && (await isDropped([...checkpoints.keys()]))
      if (!lease.isValid()) return false
      if (!dropped) return await send(checkpoints, lease)
      onDropped()
    } catch (error) {
      if (lease.isValid()) refused(messageOf(error))
    }
    return false
  }

  async function send(checkpoints: Checkpoints, lease: Lease): Promise<boolean> {
    const commits = new Map(
      [...checkpoints].map(([key, checkpoint]) => [
        key,
        { offset: checkpoint.offset, metadata: encodeMetadata(checkpoint) }
      ])
    )
    lastCommit.sent(commits)
    await consumer.commitOffsets(
      [...commits].map(([key, { offset, metadata }]) => ({
        ...parsePartitionKey(key),
        offset: String(offset),
        metadata
      }))
    )
    if (!lease.isValid()) return false
    failure = undefined
    overwritten.clear()
    lastCommit.accepted(commits)
    return true
  }

  function refused(reason: string): void {
    lastCommit.refused(reason)
    if (reason !== failure) log.warn({ error: reason }, 'offsets not committed, trying again')
    failure = reason
  }

  return {
    commit,
    isDropped,
    /** KafkaJS may replace the commit of this partition by one of its own: until our next one it says nothing. */
    setOverwritten: (key: PartitionKey): void => void overwritten.add(key)
  }
}
