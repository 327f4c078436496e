import type { AssignmentState } from '../../ingest/assignment-state.ts'
import type { DeadLetterQueue } from '../../ingest/dead-letters.ts'
import type { Queues } from './queues.ts'
import type { LiveOptions } from './types.ts'

/** Closed windows that wait for the store before reading stops: a day of them at one minute. */
const maxWaitingWindows = 1_440

/** Decides which partitions are read: none while too much waits, so that memory is bounded. */
export interface Backpressure {
  /** Pauses and resumes the partitions that are assigned. */
  update(work: AssignmentState): void
  /** All partitions are paused. */
  isPaused(): boolean
  /** So many windows wait that no more may. */
  isFull(): boolean
}

export function createBackpressure(
  { source }: LiveOptions,
  queues: Queues,
  dead: DeadLetterQueue,
  stopping: AbortSignal
): Backpressure {
  const isFull = () => queues.size() > maxWaitingWindows
  const isPaused = () => stopping.aborted || isFull() || dead.isFull()

  return {
    update: work => source.setPaused(isPaused() ? new Set(work.partitions.keys()) : work.paused()),
    isPaused,
    isFull
  }
}
