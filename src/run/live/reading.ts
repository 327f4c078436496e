import type { AssignmentState } from '../../ingest/assignment-state.ts'
import type { DeadLetterQueue } from '../../ingest/dead-letters.ts'
import type { Queues } from './queues.ts'
import type { LiveOptions } from './types.ts'

/** Closed windows that wait for the store before reading stops: a day of them at one minute. */
const maxWaitingWindows = 1_440
/** A broker that has not answered for this long is gone, or this process stood still. */
export const answerMs = 30_000

/** Decides which partitions are read: none while too much waits, so that memory is bounded. */
export interface Reading {
  /** Pauses and resumes the partitions of an assignment. */
  update(work: AssignmentState): void
  isPaused(): boolean
  /** So many windows wait that no more may. */
  isFull(): boolean
  /** Records can come: the broker answers, and nothing is paused for all partitions. */
  isReading(): boolean
  /** When the broker last answered; when this process started, before it ever did. */
  answeredAt(): number
}

export function createReading(
  { source, clock }: LiveOptions,
  queues: Queues,
  dead: DeadLetterQueue,
  stopping: AbortSignal
): Reading {
  const startedAt = clock.now()

  const isFull = () => queues.size() > maxWaitingWindows
  const isPaused = () => stopping.aborted || isFull() || dead.isFull()
  const answeredAt = () => source.state().answeredAt ?? startedAt

  return {
    update: work => source.setPaused(isPaused() ? new Set(work.partitions.keys()) : work.paused()),
    isPaused,
    isFull,
    isReading: () =>
      source.state().role === 'working' && clock.now() - answeredAt() <= answerMs && !isPaused(),
    answeredAt
  }
}
