import type { PartitionKey, Source } from '../source/types.ts'
import type { Logger } from '../telemetry/types.ts'
import type { Checkpoint } from '../window/types.ts'
import type { DeadQueue } from './dead-queue.ts'

export interface CommitsOptions {
  /** Where reading would go on; undefined while the work is not ours. */
  readonly checkpoints: () => ReadonlyMap<PartitionKey, Checkpoint> | undefined
  readonly dead: DeadQueue
  readonly source: Pick<Source, 'commit'>
  readonly log: Logger
}

export interface Commits {
  /** Commits now, or once more when a commit is under way; resolves when that is done, never rejects. */
  commit(): Promise<void>
}

/** One commit at a time, each behind the dead letters below its offsets. */
export function createCommits({ checkpoints, dead, source, log }: CommitsOptions): Commits {
  let running: Promise<void> | undefined
  let again = false

  async function commitAll(): Promise<void> {
    do {
      again = false
      await commitOnce()
    } while (again)
    running = undefined
  }

  async function commitOnce(): Promise<void> {
    // Taken before the flush: every dead letter below these offsets is then among those that it waits for.
    const at = checkpoints()
    if (at === undefined) return
    try {
      await dead.flush()
      await source.commit(at)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.error(
        { error: reason, waiting: dead.size() },
        'dead letters could not be kept: nothing is committed'
      )
    }
  }

  return {
    commit() {
      if (running !== undefined) again = true
      running ??= commitAll()
      return running
    }
  }
}
