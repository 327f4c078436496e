import type { Source } from '../source/types.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import type { AssignmentState } from './assignment-state.ts'
import type { DeadLetterQueue } from './dead-letters.ts'

export interface CheckpointingOptions {
  /** Knows where reading would go on; undefined while this instance has no work. */
  readonly work: () => Pick<AssignmentState, 'checkpoints'> | undefined
  readonly dead: DeadLetterQueue
  readonly source: Pick<Source, 'commit'>
  readonly log: Logger
}

/** One commit at a time, and none before the dead letters below its offsets are kept. */
export function createCheckpointing({ work, dead, source, log }: CheckpointingOptions) {
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
    // Read before the flush, which so waits for every dead letter below these offsets.
    const at = own.checkpoints()
    try {
      await dead.flush()
      failure = undefined
      // The work was lost meanwhile: another instance may have read on from there.
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
    /** Commits now, or once more after the commit under way. Resolves to whether everything up to the call is committed. */
    commit(): Promise<boolean> {
      if (running !== undefined) again = true
      running ??= commitAll()
      return running
    },
    /** The last commit failed, though this instance has work: the group was joined anew, or the broker refused it. */
    isBehind: (): boolean => isBehind
  }
}
