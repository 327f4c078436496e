import type { Decider } from '../../decide/decider.ts'
import type { StoreWriter } from '../../decide/store-writer.ts'
import type { CommitGate } from '../../ingest/commit-gate.ts'
import type { IngestProgress } from '../../ingest/progress.ts'

/** How long a stop, or work that begins, waits until everything is stored. */
export const drainMs = 4_000

/** What waits between the close of a window and the store. */
export interface Queues {
  /** Closed windows, and decisions about the pipeline itself. */
  size(): number
  /** Closed windows alone. */
  windows(): number
  byStage(): IngestProgress['waiting']
}

export const queuesOf = (gate: CommitGate, decider: Decider, writer: StoreWriter): Queues => ({
  size: () => gate.waiting() + decider.waiting() + writer.size(),
  windows: () => gate.waiting() + decider.waiting() + writer.windows(),
  byStage: () => ({ toCommit: gate.waiting(), toDecide: decider.waiting(), toStore: writer.size() })
})
