import type { WindowMetrics } from '../metrics/types.ts'
import type { Clock } from '../telemetry/clock.ts'

const retryMs = 1_000

export interface CommitGateOptions {
  /** Commits the closed markers of all windows closed so far; true once they are committed. */
  readonly commit: () => Promise<boolean>
  /** Takes windows whose closed markers are committed, in order. */
  readonly push: (windows: readonly WindowMetrics[]) => void
  readonly clock: Clock
}

/**
 * Holds windows that the clock closed, and those behind them, until the commit says so. The log does not show that they
 * closed: after a crash it would place records into them that are stored as late already.
 */
export interface CommitGate {
  push(windows: readonly WindowMetrics[], mustCommit: boolean): void
  waiting(): number
  /** The work is not ours any more. */
  forget(): void
}

export function createCommitGate({ commit, push, clock }: CommitGateOptions): CommitGate {
  let held: WindowMetrics[] = []
  let working = false
  // A hand-over: what was held before it is void.
  let generation = 0

  async function work(): Promise<void> {
    working = true
    while (held.length > 0) {
      const own = generation
      const count = held.length
      const isSafe = await commit()
      if (own !== generation) continue
      if (isSafe) push(held.splice(0, count))
      else await clock.sleep(retryMs)
    }
    working = false
  }

  return {
    push(windows, mustCommit) {
      if (!mustCommit && held.length === 0) return push(windows)
      held.push(...windows)
      if (!working) void work()
    },
    waiting: () => held.length,
    forget() {
      generation++
      held = []
    }
  }
}
