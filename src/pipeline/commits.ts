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
  /**
   * Commits now, or once more when a commit is under way. Resolves when that is done, true where all that was to be
   * committed at the call is; never rejects.
   */
  commit(): Promise<boolean>
}

/** One commit at a time, each behind the dead letters below its offsets. */
export function createCommits({ checkpoints, dead, source, log }: CommitsOptions): Commits {
  let running: Promise<boolean> | undefined
  let again = false

  async function commitAll(): Promise<boolean> {
    let isCommitted: boolean
    do {
      again = false
      isCommitted = await commitOnce()
    } while (again)
    running = undefined
    return isCommitted
  }

  async function commitOnce(): Promise<boolean> {
    // Taken before the flush: every dead letter below these offsets is then among those that it waits for.
    const at = checkpoints()
    if (at === undefined) return false
    try {
      await dead.flush()
      return await source.commit(at)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.error(
        { error: reason, waiting: dead.size() },
        'dead letters could not be kept: nothing is committed'
      )
      return false
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
