import type { AssignmentState } from '../../ingest/assignment-state.ts'
import { answerMs, type LiveStages } from './stages.ts'
import type { LiveOptions } from './types.ts'

const tickMs = 1_000

/** What is due by the clock, once a second until the stop. */
export function createTicks(
  { source, clock }: LiveOptions,
  { ownedWork, dead, answeredAt, backpressure, close, gate, decider, checkpointing }: LiveStages,
  due: Readonly<
    Record<
      'measure' | 'pollActions' | 'pollServiceAlerts' | 'pollReports' | 'checkSelf' | 'learnCurrency',
      () => void
    >
  > & {
    readonly logProgress: (isCaughtUp: boolean) => void
  }
): (stopping: AbortSignal) => Promise<void> {
  // Assignments whose catch-up has ended.
  const caughtUp = new WeakSet<AssignmentState>()

  function tick(): void {
    close()
    due.measure()
    // The next window, and so the next commit, may be a long time away.
    if (dead.size() > 0 || checkpointing.isBehind()) void checkpointing.commit()
    const work = ownedWork.current()
    const { role } = source.state()
    // A partition stalls the others only where records can come.
    const now = clock.now()
    const isAnswering = now - answeredAt() <= answerMs
    work?.skipStalled(now, role === 'working' && isAnswering && !backpressure.isPaused())
    if (role === 'standby') {
      due.logProgress(false)
      return
    }
    if (work !== undefined) {
      decider.tick()
      due.learnCurrency()
    }
    due.pollActions()
    due.pollServiceAlerts()
    if (work !== undefined) endCatchUp(work)
    if (work !== undefined && caughtUp.has(work)) due.pollReports()
    due.checkSelf()
    due.logProgress(work !== undefined && caughtUp.has(work))
  }

  /**
   * Once per assignment, when every partition was read to its end, at whatever moment each, and no window waits to be
   * judged. In a busy stream no moment finds all partitions at their ends.
   */
  function endCatchUp(work: AssignmentState): void {
    if (caughtUp.has(work) || decider.waiting() + gate.waiting() > 0) return
    if (![...work.partitions.values()].every(one => one.endSeenAt() !== undefined)) return
    caughtUp.add(work)
    decider.endCatchUp()
  }

  return async function run(stopping) {
    while (!stopping.aborted) {
      tick()
      await clock.sleep(tickMs)
    }
  }
}
