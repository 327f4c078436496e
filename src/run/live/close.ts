import type { CommitGate } from '../../ingest/commit-gate.ts'
import type { Backpressure } from './backpressure.ts'
import type { OwnedWork } from './owned-work.ts'
import type { LiveOptions } from './types.ts'

/** Closes what can be closed. Partials shrink to their metrics at once, however long these wait for the store. */
export function createCloseStage(
  { evaluate, onClosed, clock, log, metrics }: LiveOptions,
  ownedWork: OwnedWork,
  gate: CommitGate,
  backpressure: Backpressure
): () => void {
  return function close() {
    const work = ownedWork.current()
    if (work === undefined) return
    const { windows, mustCommit } = work.close(clock.now())
    for (const { end, complete } of windows) {
      metrics.addWindowClosed(complete)
      log.debug({ window_end: new Date(end).toISOString(), complete }, 'window closed')
    }
    if (windows.length > 0) {
      gate.push(windows.map(evaluate), mustCommit)
      onClosed()
    }
    backpressure.update(work)
  }
}
