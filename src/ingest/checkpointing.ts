import type { Source } from '../source/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import type { AssignmentState } from './assignment-state.ts'
import type { DeadLetterQueue } from './dead-letters.ts'

export interface CheckpointingOptions {
  /** Knows where reading would go on; undefined while this instance has no work. */
  readonly work: () => Pick<AssignmentState, 'checkpoints'> | undefined
  readonly dead: DeadLetterQueue
  readonly source: Pick<Source, 'commit'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

/** A commit that is under way is not late yet. */
const settleMs = 1_000

/** One commit at a time, and none before the dead letters below its offsets are kept. */
export function createCheckpointing({ work, dead, source, clock, log }: CheckpointingOptions) {
  let running: Promise<boolean> | undefined
  let again = false
  let failure: string | undefined
  let isBehind = false
  /** The work that was committed last or is to be, and since when: its last commit, or the first one asked for. */
  let last: { readonly of: unknown; readonly at: number } | undefined
  /** Since when a commit is due that has not been made. */
  let dueSince: number | undefined

  async function commitAll(): Promise<boolean> {
    let isCommitted: boolean
    do {
      again = false
      const askedAt = clock.now()
      dueSince ??= askedAt
      isCommitted = await commitOnce()
      if (isCommitted || work() === undefined) dueSince = again ? askedAt : undefined
    } while (again)
    running = undefined
    isBehind = !isCommitted && work() !== undefined
    return isCommitted
  }

  async function commitOnce(): Promise<boolean> {
    const own = work()
    if (own === undefined) return false
    if (last?.of !== own) last = { of: own, at: clock.now() }
    // Read before the flush, which so waits for every dead letter below these offsets.
    const at = own.checkpoints()
    try {
      await dead.flush()
      if (failure !== undefined) log.info({}, 'dead letters are kept again')
      failure = undefined
      // The work was lost meanwhile: another instance may have read on from there.
      if (work() !== own) return false
      const isCommitted = await source.commit(at)
      if (isCommitted) last = { of: own, at: clock.now() }
      return isCommitted
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
    isBehind: (): boolean => isBehind,
    /** Time since the last commit while one is due, and 0 otherwise. */
    uncommittedMs(): number {
      const now = clock.now()
      return dueSince === undefined || now - dueSince < settleMs ? 0 : now - (last?.at ?? dueSince)
    },
    /** Time since the last commit of the present work; undefined before there is any. */
    lastCommitAgeMs: (): number | undefined =>
      last !== undefined && last.of === work() ? clock.now() - last.at : undefined
  }
}
