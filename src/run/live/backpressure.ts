import type { Decider } from '../../decide/decider.ts'
import type { StoreWriter } from '../../decide/store-writer.ts'
import type { AssignmentState } from '../../ingest/assignment-state.ts'
import type { CommitGate } from '../../ingest/commit-gate.ts'
import type { DeadLetterQueue } from '../../ingest/dead-letters.ts'
import type { IngestProgress } from '../../ingest/progress.ts'
import type { Source } from '../../source/types.ts'

/** How long a stop, or work that begins, waits until everything is stored. */
export const drainMs = 4_000
/** Closed windows that wait for the store before reading stops: a day of them at one minute. */
const maxWaitingWindows = 1_440

export interface BackpressureOptions {
  readonly source: Pick<Source, 'setPaused'>
  readonly gate: CommitGate
  readonly decider: Decider
  readonly writer: StoreWriter
  readonly dead: DeadLetterQueue
  readonly stopping: AbortSignal
}

export type Backpressure = ReturnType<typeof createBackpressure>

/** Decides which partitions are read: none while too much waits for the store, so that memory is bounded. */
export function createBackpressure(options: BackpressureOptions) {
  const { source, gate, decider, writer, dead, stopping } = options
  const waiting = () => gate.waiting() + decider.waiting() + writer.size()
  const isFull = () => waiting() > maxWaitingWindows
  const isPaused = () => stopping.aborted || isFull() || dead.isFull()

  return {
    /** Closed windows that wait, and decisions about the pipeline itself. */
    waiting,
    /** Closed windows alone. */
    waitingWindows: (): number => gate.waiting() + decider.waiting() + writer.windows(),
    waitingByStage: (): IngestProgress['waiting'] => ({
      toCommit: gate.waiting(),
      toDecide: decider.waiting(),
      toStore: writer.size()
    }),
    /** Pauses and resumes the partitions that are assigned. */
    update: (work: AssignmentState): void =>
      source.setPaused(isPaused() ? new Set(work.partitions.keys()) : work.paused()),
    /** All partitions are paused. */
    isPaused,
    /** So many windows wait that no more may. */
    isFull
  }
}
