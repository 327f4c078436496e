import type { Backlog } from '../selfcheck/store-outage.ts'
import { type StoreFault, storeReasonOf } from '../store/reasons.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'

export type WriteHealth = ReturnType<typeof createWriteHealth>

/** Whether the writes to the store succeed, one after the other. */
export function createWriteHealth(clock: Pick<Clock, 'now'>, log: Logger) {
  let failure: StoreFault | undefined
  let failingSince = 0
  // Of the last failure: what of the queue waited when it was over, and windows written of that.
  let backlogLeft = 0
  let writtenWindows = 0
  let begun = 0
  let isWriting = false
  let lastWriteMs = 0

  return {
    begin(): void {
      begun = clock.now()
      isWriting = true
    },
    /** The write under way is over; gives how long it took. */
    end(): number {
      isWriting = false
      lastWriteMs = clock.now() - begun
      return lastWriteMs
    },
    /** The store accepted the write; `waiting` decisions were queued, with these. */
    succeeded(waiting: number): void {
      if (failure === undefined) return
      backlogLeft = waiting
      failure = undefined
      log.info({ waiting }, 'the store accepts rows again')
    },
    /** The write that ended last was refused. */
    failed(cause: unknown, waiting: number): void {
      const error = messageOf(cause)
      const reason = storeReasonOf(cause)
      if (failure?.error !== error)
        log.error({ reason, error, waiting }, 'the store accepts no rows: windows wait in memory')
      // A store that fails again before the backlog is written has not recovered.
      if (failure === undefined && backlogLeft === 0) {
        failingSince = begun
        writtenWindows = 0
      }
      failure = { reason, error, since: failingSince }
    },
    /** This many decisions, with this many windows, left the queue. */
    written(decisions: number, windows: number): void {
      if (backlogLeft > 0) writtenWindows += windows
      backlogLeft = Math.max(0, backlogLeft - decisions)
    },
    /** What waited is written by another instance. */
    forget(): void {
      failure = undefined
      backlogLeft = 0
    },
    /** Why nothing is stored at the moment; undefined while all is well. */
    failure: (): StoreFault | undefined => failure,
    backlog: (): Backlog => ({ isDraining: backlogLeft > 0, writtenWindows }),
    /** How long the write under way has taken so far, or else the last one. */
    writeMs: (): number => (isWriting ? clock.now() - begun : lastWriteMs)
  }
}
