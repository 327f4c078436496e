import type { WindowMetrics } from '../metrics/types.ts'
import { createLeases } from '../source/lease.ts'
import type { Clock } from '../telemetry/clock.ts'

const retryMs = 1_000

export interface CommitGateOptions {
  /** Commits the closed markers of all windows closed so far; true once they are committed. */
  readonly commit: () => Promise<boolean>
  /** Takes windows whose closed markers are committed, in order. */
  readonly push: (windows: readonly WindowMetrics[]) => void
  readonly clock: Clock
}

export type CommitGate = ReturnType<typeof createCommitGate>

/**
 * Holds windows that the clock closed, and those behind them, until their closed markers are committed. The log alone does
 * not show that they closed: after a crash it would count records in them that are stored as late already.
 */
export function createCommitGate({ commit, push, clock }: CommitGateOptions) {
  let held: WindowMetrics[] = []
  let working = false
  const leases = createLeases()

  async function work(): Promise<void> {
    working = true
    while (held.length > 0) {
      const lease = leases.current()
      const count = held.length
      const isSafe = await commit()
      if (!lease.isValid()) continue
      if (isSafe) push(held.splice(0, count))
      else await clock.sleep(retryMs)
    }
    working = false
  }

  return {
    push(windows: readonly WindowMetrics[], mustCommit: boolean): void {
      if (mustCommit || held.length > 0) {
        held.push(...windows)
        if (!working) void work()
      } else push(windows)
    },
    waiting: (): number => held.length,
    /** Drops what is held: another instance does the work, or this one starts it again. */
    forget(): void {
      leases.renew()
      held = []
    }
  }
}
