import type { Source } from '../source/types.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import type { AssignmentState } from './assignment-state.ts'
import type { DeadLetterQueue } from './dead-letters.ts'

export interface CheckpointingOptions {
  /** What knows where reading would go on; undefined while the work is not ours. */
  readonly work: () => Pick<AssignmentState, 'checkpoints'> | undefined
  readonly dead: DeadLetterQueue
  readonly source: Pick<Source, 'commit'>
  readonly log: Logger
}

export interface Checkpointing {
  /**
   * Commits now, or once more when a commit is under way. Resolves when that is done, true where all that was to be
   * committed at the call is; never rejects.
   */
  commit(): Promise<boolean>
  /** The last one did not come about, though the work is ours: a join or a refusal came between. */
  isBehind(): boolean
}

/** One commit at a time, each behind the dead letters below its offsets. */
export function createCheckpointing({ work, dead, source, log }: CheckpointingOptions): Checkpointing {
  let running: Promise<boolean> | undefined
  let again = false
  let failure: string | undefined
  let isBehind = false

  async function commitAll(): Promise<boolean> {
    let isCommitted: boolean
    do {
      again = false
      isCommitted = await commitOnce()
    } while (again)
    running = undefined
    isBehind = !isCommitted && work() !== undefined
    return isCommitted
  }

  async function commitOnce(): Promise<boolean> {
    const own = work()
    if (own === undefined) return false
    // Taken before the flush: every dead letter below these offsets is then among those that it waits for.
    const at = own.checkpoints()
    try {
      await dead.flush()
      failure = undefined
      // Handed over meanwhile: others may have gone on behind these offsets.
      if (work() !== own) return false
      return await source.commit(at)
    } catch (error) {
      if (work() !== own) return false
      const reason = messageOf(error)
      if (failure !== reason)
        log.error(
          { error: reason, waiting: dead.size() },
          'dead letters could not be kept: nothing is committed'
        )
      failure = reason
      return false
    }
  }

  return {
    commit() {
      if (running !== undefined) again = true
      running ??= commitAll()
      return running
    },
    isBehind: () => isBehind
  }
}
